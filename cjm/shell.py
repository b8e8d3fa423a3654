"""What every page shows around its content: the sections and where the reader stands."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from journeys.models import JourneyMap, Persona
from touchpoints.models import Hypothesis
from workspaces.models import Membership, Notification


@dataclass(frozen=True)
class Section:
    key: str
    route: str
    icon: str
    label: Any
    group: Any = ""
    on_phone: bool = False


SECTIONS = [
    Section("home", "journeys:home", "map", _("Maps"), on_phone=True),
    Section("personas", "journeys:personas", "persona", _("Personas")),
    Section("library", "touchpoints:library", "blocks", _("Library")),
    Section("inbox", "workspaces:inbox", "bell", _("Inbox")),
    Section("funnel", "analytics:funnel", "funnel", _("Funnel"), _("Data"), on_phone=True),
    Section("customers", "customers:customers", "people", _("Customers"), _("Data"), on_phone=True),
    Section("imports", "customers:imports", "doc", _("Imports"), _("Data")),
    Section("hypotheses", "touchpoints:hypotheses", "flask", _("Hypotheses"), _("Improvements"), on_phone=True),
    Section("rules", "automations:rules", "bolt", _("Rules"), _("Improvements")),
    Section("settings", "workspaces:settings", "sliders", _("Settings"), _("Workspace")),
    Section("audit", "workspaces:audit", "clock", _("Audit"), _("Workspace")),
]


class Counts:
    """The figures beside the sections: one query, and only where a page shows them."""

    def __init__(self, member: Membership) -> None:
        self.member = member

    def of(self, key: str) -> Callable[[], int]:
        return lambda: self._figures.get(key, 0)

    @cached_property
    def _figures(self) -> dict[str, int]:
        maps = JourneyMap.objects.filter(deleted_at__isnull=True, archived_at__isnull=True)
        personas = Persona.objects.filter(deleted_at__isnull=True, archived_at__isnull=True)
        hypotheses = Hypothesis.objects.filter(deleted_at__isnull=True, status__in=("in_progress", "verified"))
        unread = Notification.objects.filter(to=self.member, read_at__isnull=True)
        figures = {"home": maps, "personas": personas, "hypotheses": hypotheses, "inbox": unread}
        row = Membership.objects.filter(pk=self.member.pk).values()
        counted = row.annotate(**{f"n_{key}": _count(rows) for key, rows in figures.items()})
        numbers = counted.values(*(f"n_{key}" for key in figures)).get()
        return {key: numbers[f"n_{key}"] or 0 for key in figures}


def _count(rows: models.QuerySet[Any]) -> models.Subquery:
    return models.Subquery(rows.order_by().values("workspace").annotate(n=models.Count("pk")).values("n"))


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the base template; runs no query by itself."""
    from cjm.urls import DOORS

    workspace = getattr(request, "workspace", None)
    member = getattr(request, "member", None)
    context: dict[str, Any] = {
        "workspace": workspace,
        "member": member,
        "languages": settings.LANGUAGES,
        "mails": bool(settings.EMAIL_URL),
        "is_admin": member is not None and member.may("admin"),
    }
    if workspace is None or member is None:
        return context
    counts = Counts(member)
    items: list[dict[str, Any]] = []
    seen: set[str] = set()
    for section in SECTIONS:
        door = DOORS.get(section.route)
        if door is None or not member.may(door.partition("/")[0]):
            continue
        group = section.group if section.group and str(section.group) not in seen else ""
        seen.add(str(section.group))
        href = reverse(section.route, kwargs={"slug": workspace.slug})
        items.append({"section": section, "group": group, "href": href, "count": counts.of(section.key)})
    return context | {
        "sections": items,
        "tabs": [item for item in items if item["section"].on_phone][:4],
        "home": f"/w/{workspace.slug}/",
        "places": lambda: _places(member),
    }


def _places(member: Membership) -> list[dict[str, Any]]:
    """The person's workspaces, the demo last; one query."""
    rows = Membership.objects.filter(user_id=member.user_id, removed_at__isnull=True).select_related("workspace")
    return [
        {
            "name": row.workspace.name,
            "is_demo": row.workspace.is_demo,
            "is_here": row.pk == member.pk,
            "href": f"/w/{row.workspace.slug}/",
        }
        for row in rows.order_by("workspace__is_demo", "created_at", "id")
    ]
