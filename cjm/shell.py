"""What every page shows around its content: the sections and where the reader stands."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


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
    Section("funnel", "analytics:funnel", "funnel", _("Funnel"), _("Data"), on_phone=True),
    Section("customers", "customers:customers", "people", _("Customers"), _("Data"), on_phone=True),
    Section("imports", "customers:imports", "doc", _("Imports"), _("Data")),
    Section("hypotheses", "touchpoints:hypotheses", "flask", _("Hypotheses"), _("Improvements"), on_phone=True),
    Section("rules", "automations:rules", "bolt", _("Rules"), _("Improvements"), on_phone=True),
    Section("settings", "workspaces:settings", "sliders", _("Settings"), _("Workspace")),
    Section("audit", "workspaces:audit", "clock", _("Audit"), _("Workspace")),
]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the base template; no queries."""
    from cjm.urls import DOORS

    workspace = getattr(request, "workspace", None)
    member = getattr(request, "member", None)
    context: dict[str, Any] = {"workspace": workspace, "member": member, "languages": settings.LANGUAGES}
    if workspace is None or member is None:
        return context
    items: list[dict[str, Any]] = []
    seen: set[str] = set()
    for section in SECTIONS:
        door = DOORS.get(section.route)
        if door is None or not member.may(door.partition("/")[0]):
            continue
        group = section.group if section.group and str(section.group) not in seen else ""
        seen.add(str(section.group))
        items.append({"section": section, "group": group, "href": reverse(section.route, kwargs={"slug": workspace.slug})})
    return context | {"sections": items, "tabs": [item for item in items if item["section"].on_phone]}
