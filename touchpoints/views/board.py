"""The map's page, its outline, its changed parts, undo."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cjm.lib.refusals import Conflict
from journeys.models import JourneyMap, Lane
from touchpoints import editing, exchange, forms, presence
from touchpoints.board import KIND_SHORT, Board, linked_maps, members_of
from touchpoints.models import EmotionPoint
from workspaces import access, changes
from workspaces.requests import MemberRequest

from .answers import answer_conflict, answer_deed, answer_parts, board_context, refuse_form, revision_of


@require_GET
def show(request: MemberRequest, slug: str, map_id: UUID) -> HttpResponse:
    map = _whole(request, map_id)
    context = board_context(request, map, Board.load(map)) | _surroundings(request, map)
    if request.GET.get("view") == "show":
        context |= {"is_show": True, "can_edit": False}
    return render(request, "touchpoints/map.html", context)


@require_GET
def outline(request: MemberRequest, slug: str, map_id: UUID) -> HttpResponse:
    """The same map from top to bottom, edited by plain forms."""
    map = _whole(request, map_id)
    context = board_context(request, map, Board.load(map)) | _surroundings(request, map)
    return render(request, "touchpoints/map_outline.html", context | {"sources": EmotionPoint.Source.choices})


@require_GET
def export(request: MemberRequest, slug: str, map_id: UUID) -> HttpResponse:
    """The map's whole document, as a file."""
    map = _whole(request, map_id)
    answer = JsonResponse(exchange.export_map(map), json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = content_disposition_header(True, f"{map.title}.json") or "attachment"
    return answer


@require_GET
def parts(request: MemberRequest, slug: str, map_id: UUID) -> HttpResponse:
    map = access.readable(JourneyMap, request.member, map_id)
    since = request.GET.get("after", "")
    return answer_parts(request, map, int(since) if since.isdigit() and len(since) < 10 else 0)


@require_POST
def change(request: MemberRequest, slug: str, map_id: UUID) -> HttpResponse:
    map = access.writable(JourneyMap, request.member, map_id)
    form = forms.MapForm(request.POST, map=map)
    if not form.is_valid():
        raise refuse_form(form.errors)
    try:
        editing.change_map(map, form.values(), by=request.member, seen=revision_of(request))
    except Conflict as conflict:
        return answer_conflict(request, map, map, "title", request.POST.get("title", ""), conflict)
    return answer_deed(request, map, map)


@require_POST
def undo(request: MemberRequest, slug: str, map_id: UUID) -> HttpResponse:
    map = access.writable(JourneyMap, request.member, map_id)
    changes.undo(map, by=request.member)
    return answer_deed(request, map, None)


@require_POST
def redo(request: MemberRequest, slug: str, map_id: UUID) -> HttpResponse:
    map = access.writable(JourneyMap, request.member, map_id)
    changes.redo(map, by=request.member)
    return answer_deed(request, map, None)


def _whole(request: MemberRequest, map_id: UUID) -> JourneyMap:
    return access.readable(JourneyMap, request.member, map_id)


def _surroundings(request: MemberRequest, map: JourneyMap) -> dict[str, Any]:
    return {
        "page": "home",
        "family": [(one, KIND_SHORT[JourneyMap.Kind(one.kind)]) for one in linked_maps(map)],
        "people": presence.listed(map),
        "members": members_of(map),
        "lane_kinds": [(kind, label) for kind, label in Lane.Kind.choices if kind not in _DRAWN_ONCE],
        "words": _words(),
    }


_DRAWN_ONCE = {"emotion_curve", "metrics", "channels", "owners", "evidence", "rules", "storyboard", "nested_journeys"}


def _words() -> dict[str, str]:
    """What the page's scripts say to people."""
    return {
        "undo": _("Undo"),
        "undone": _("Undone."),
        "redone": _("Brought back."),
        "saved": _("Saved."),
        "save": _("Save"),
        "more": _("More about it"),
        "close": _("Close"),
        "offline": _("The server cannot be reached. What you typed is kept here and goes out when it is back."),
        "broken": _("Something broke on our side. What you typed is kept here; try again in a minute."),
        "edits": _("{name} is editing"),
        "here": _("{name} is here"),
        "changed": _("{name} changed the map"),
        "somebody": _("Somebody"),
        "new_stage": _("Name of the stage"),
        "text": _("Text"),
        "value": _("Value"),
    }
