"""What this app hands down to the map: its metrics belong to the map's document, and to the checklist of a good map."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from touchpoints import exchange, quality

from .models import MetricPlacement


def install() -> None:
    """Safe to repeat."""
    exchange.extend(exchange.Table("metric_placements", MetricPlacement, "x", "stage__map", ("stage",), ("rank",)))
    quality.install(quality.Rule("metrics", _("Every touchpoint has a metric"), _measured))


def _measured(maps: quality.Maps) -> set[UUID]:
    return quality.placements_where(maps, Q(metric_placements__isnull=False, metric_placements__deleted_at=None))
