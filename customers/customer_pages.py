"""What the page of the list of customers shows around it: what is asked for, and what may be asked."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from cjm.lib.refusals import NotFound
from journeys.models import JourneyMap, Stage

from . import listing
from .models import Segment


def read_wanted(query: Mapping[str, str]) -> listing.Wanted:
    """What the address asks for; a stage or segment that is gone asks for a 404."""
    report, name = query.get("report", ""), query.get("list", "")
    return listing.Wanted(
        search=query.get("q", "").strip()[:200],
        stage=_stage(query.get("stage", "")),
        segment=_segment(query.get("segment", "")),
        behind=listing.list_behind(report, name) if report else None,
    )


def filters_of(wanted: listing.Wanted, query: Mapping[str, str]) -> dict[str, Any]:
    """The choices of the filters and the addresses of the page's links. Two queries."""
    kept = {name: value for name in ("q", "stage", "segment", "report", "list") if (value := query.get(name, ""))}
    stages = Stage.objects.filter(
        deleted_at__isnull=True, map__deleted_at__isnull=True, map__status=JourneyMap.Status.LIVE
    ).select_related("map")
    return {
        "stages": stages.order_by("map__title", "map_id", "rank", "pk"),
        "segments": Segment.objects.filter(deleted_at__isnull=True).order_by("name", "pk"),
        "kept": urlencode(kept),
        "is_narrowed": bool(wanted.search or wanted.stage or wanted.segment),
        "report": query.get("report", ""),
        "list": query.get("list", ""),
        "cursor": query.get("cursor", ""),
    }


def table_of(wanted: listing.Wanted) -> Iterator[Sequence[Any]]:
    """What is listed, all pages of it, for a spreadsheet."""
    yield [_("Customer id"), _("Name"), _("E-mail"), _("Company"), _("Stage"), _("Touches"), _("Last touch")]
    for line in listing.every_line(wanted):
        row = line.customer
        yield [
            row.external_id, row.name, row.email, row.company.name or row.company.external_id if row.company else "",
            line.stage.stage.name if line.stage else "", line.touches,
            line.last_touch_at.isoformat() if line.last_touch_at else "",
        ]  # fmt: skip


def _stage(text: str) -> UUID | None:
    if not text:
        return None
    row: Stage | None = Stage.objects.filter(pk=_key(text)).first()
    return row.pk if row is not None else _missing()


def _segment(text: str) -> Segment | None:
    if not text:
        return None
    row: Segment | None = Segment.objects.filter(pk=_key(text), deleted_at__isnull=True).first()
    return row or _missing()


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(_("There is no such thing here.")) from None


def _missing() -> Any:
    raise NotFound(_("There is no such thing here."))
