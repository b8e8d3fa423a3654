"""How a deed on a map is answered: the changed parts of the page, or, without scripts, the outline again."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cjm.lib.refusals import Conflict, Refusal
from journeys.models import JourneyMap
from touchpoints.board import Board
from touchpoints.forms import PlacementForm
from workspaces import changes
from workspaces.requests import MemberRequest
from workspaces.tenancy import Drawn

_FARTHEST = 200


def wants_parts(request: HttpRequest) -> bool:
    return bool(request.headers.get("X-Fragment"))


def answer_deed(request: MemberRequest, map: JourneyMap, row: Drawn | None, *, said: str = "") -> HttpResponse:
    """The parts that changed since the version the page knows; `said` is told with an offer to undo."""
    if not wants_parts(request):
        home = reverse("touchpoints:map_outline", kwargs={"slug": request.workspace.slug, "map_id": map.pk})
        return redirect(f"{home}#{row.pk}" if row else home)
    known = request.headers.get("X-Map-Version", "")
    return answer_parts(request, map, int(known) if known.isdigit() and len(known) < 10 else 0, row=row, said=said)


def answer_parts(
    request: MemberRequest, map: JourneyMap, since: int, *, row: Drawn | None = None, said: str = ""
) -> HttpResponse:
    """Everything that changed after a version, as parts to put in the places of the same ids."""
    log = changes.since(map, since, limit=_FARTHEST)
    fresh = JourneyMap.objects.select_related("owner__user").get(pk=map.pk)
    board = Board.load(fresh)
    parts = board.parts_of(edit for change in log for edit in change.edits) if len(log) < _FARTHEST else None
    context = board_context(request, fresh, board) | _chosen(board, parts) | {"said": said}
    answer = render(request, "touchpoints/_parts.html", context)
    answer["X-Map-Version"] = str(max([since, *(change.version for change in log)]) if log else since)
    if row is not None:
        answer["X-Row"] = str(row.pk)
        answer["X-Row-Revision"] = str(row.revision)
    return answer


def board_context(request: MemberRequest, map: JourneyMap, board: Board) -> dict[str, Any]:
    """What every drawing of the board needs."""
    return {
        "map": map,
        "board": board,
        "slug": request.workspace.slug,
        "can_edit": request.member.may("editor"),
    }


def revision_of(request: HttpRequest, name: str = "revision") -> int | None:
    """The revision that the writer looked at, where the form said so."""
    text = request.POST.get(name, "")
    return int(text) if text.isdigit() and len(text) < 10 else None


def answer_conflict(
    request: MemberRequest, map: JourneyMap, row: Any, name: str, mine: str, conflict: Conflict, *, kind: str = ""
) -> HttpResponse:
    """Both texts, side by side: the person chooses; nothing is lost."""
    context = {
        "map": map,
        "slug": request.workspace.slug,
        "kind": kind,
        "row": row,
        "name": name,
        "revision_name": "item_revision" if kind == "placements" and name in PlacementForm.OF_ITEM else "revision",
        "mine": mine,
        "theirs": _shown(conflict.current, name),
        "revision": conflict.current.get("revision", ""),
        "text": conflict.text,
        "page": "home",
    }
    template = "touchpoints/_conflict.html" if wants_parts(request) else "touchpoints/conflict.html"
    return render(request, template, context, status=409)


def refuse_form(errors: Any) -> Refusal:
    """A form's complaints as one refusal, the first of them in words."""
    flat = {name: list(lines) for name, lines in errors.items()}
    first = next(iter(flat.values()), [_("Some fields are wrong.")])[0]
    return Refusal("invalid", first, errors=flat)


def _chosen(board: Board, parts: "set[str] | None") -> dict[str, Any]:
    if parts is None:
        return {"is_whole": True}
    return {
        "is_whole": False,
        "cells": [cell for row in board.rows for cell in row.cells if cell.part in parts],
        "heads": [head for head in board.heads if head.part in parts],
        "lanes": [row for row in board.rows if row.part in parts],
        "has_curve": "curve" in parts,
        "has_top": "maptop" in parts,
    }


def _shown(current: Any, name: str) -> str:
    value = current.get(name, "")
    return "\n".join(value) if isinstance(value, list) else str(value if value is not None else "")
