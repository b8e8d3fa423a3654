"""The board of hypotheses, one hypothesis with its trace, the form, decisions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cjm.lib.refusals import Conflict, Refusal
from journeys.models import JourneyMap, Stage
from touchpoints import hypotheses
from touchpoints.hypothesis_forms import HypothesisForm, MoveForm, initial_of
from touchpoints.inspecting import quotes_of
from touchpoints.models import Hypothesis, Opportunity, PainPoint, TouchpointPlacement
from workspaces import access
from workspaces.requests import MemberRequest

_FROM: dict[str, type[Any]] = {"placement": TouchpointPlacement, "pain": PainPoint, "opportunity": Opportunity}


@require_GET
def board(request: MemberRequest, slug: str) -> HttpResponse:
    return render(request, "touchpoints/hypotheses.html", _board(request))


@require_GET
def show(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    access.readable(Hypothesis, request.member, id)
    return _show(request, id, {})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest, slug: str) -> HttpResponse:
    """Chooses a map first where the address names none."""
    maps = _maps()
    links = _asked(request)
    map = _map_of(request, links)
    if map is None:
        context = {"page": "hypotheses", "slug": slug, "maps": maps}
        return render(request, "touchpoints/hypothesis_map.html", context)
    initial = {name: row.pk for name, row in links.items()} | {"owner": request.member.pk}
    if links:
        initial.setdefault("stage", next(row.stage_id for row in links.values()))
    elif request.GET.get("stage"):
        initial["stage"] = request.GET["stage"]
    form = HypothesisForm(request.POST or None, map=map, workspace=request.workspace, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.values()
        row = hypotheses.add_hypothesis(map, values.pop("statement"), by=request.member, **values)
        messages.success(request, _("The hypothesis is on the map."))
        return redirect("touchpoints:hypothesis", slug, row.pk)
    return _form(request, map, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    row = access.writable(Hypothesis, request.member, id)
    form = HypothesisForm(request.POST or None, map=row.map, workspace=request.workspace, initial=initial_of(row))
    if request.method != "POST" or not form.is_valid():
        return _form(request, row.map, form, row)
    seen = request.POST.get("revision", "")
    try:
        hypotheses.revise_hypothesis(row, form.values(), by=request.member, seen=int(seen) if seen.isdecimal() else None)
    except Conflict as conflict:
        form.add_error(None, conflict.text)
        return _form(request, row.map, form, access.readable(Hypothesis, request.member, id), status=409)
    messages.success(request, _("Saved."))
    return redirect("touchpoints:hypothesis", slug, id)


@require_POST
def move(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    """A decision; a refused one leaves what was typed on the page."""
    row = access.writable(Hypothesis, request.member, id)
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise Refusal(
            "invalid", _("Choose one of the four statuses."), errors={"status": [_("Choose one of the four statuses.")]}
        )
    said = form.cleaned_data
    try:
        hypotheses.move_hypothesis(row, said["status"], by=request.member, reason=said["reason"], dissent=said["dissent"])
    except Refusal as refusal:
        return _show(request, id, {"refusal": refusal, "said": said}, status=refusal.status)
    return redirect("touchpoints:hypothesis", slug, id)


@require_POST
def delete(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    hypotheses.delete_hypothesis(access.writable(Hypothesis, request.member, id), by=request.member)
    messages.success(request, _("Deleted."))
    return redirect("touchpoints:hypotheses", slug)


def _board(request: MemberRequest) -> dict[str, Any]:
    maps = _maps()
    map = next((one for one in maps if str(one.pk) == request.GET.get("map", "")), None)
    stages = hypotheses.stages_of(map) if map else []
    stage = next((one for one in stages if str(one.pk) == request.GET.get("stage", "")), None)
    sort = request.GET.get("sort", "money")
    columns = hypotheses.board_of(map=map, stage=stage, sort=sort)
    return {
        "page": "hypotheses",
        "slug": request.workspace.slug,
        "columns": columns,
        "count": sum(len(column["items"]) for column in columns),
        "gains": hypotheses.gains_of(columns),
        "maps": maps,
        "map": map,
        "stages": stages,
        "stage": stage,
        "sort": sort if sort in hypotheses.SORTS else "money",
        "sorts": [("money", _("money at risk")), ("lift", _("lift")), ("new", _("newest first")), ("due", _("date"))],
        "query": request.GET.urlencode(),
        "can_edit": request.member.may("editor"),
    }


def _show(request: MemberRequest, id: UUID, more: dict[str, Any], *, status: int = 200) -> HttpResponse:
    row = hypotheses.living().select_related("dissent_by__user", "opportunity").get(pk=id)
    context = _board(request) | {
        "hypothesis": row,
        "quotes": len(quotes_of([row.pain])) if row.pain else 0,
        "moves": hypotheses.MOVES[row.status],
    }
    return render(request, "touchpoints/hypotheses.html", context | more, status=status)


def _form(
    request: MemberRequest, map: JourneyMap, form: HypothesisForm, row: Hypothesis | None, *, status: int = 200
) -> HttpResponse:
    if form.is_bound and form.errors and status == 200:
        status = 400
    context = {"page": "hypotheses", "slug": request.workspace.slug, "map": map, "form": form, "hypothesis": row}
    return render(request, "touchpoints/hypothesis_form.html", context, status=status)


def _maps() -> list[JourneyMap]:
    return list(JourneyMap.objects.living().filter(archived_at__isnull=True).order_by("title", "id"))


def _asked(request: MemberRequest) -> dict[str, Any]:
    """What the hypothesis is about, as the address says."""
    return {
        name: access.readable(model, request.member, request.GET[name]) for name, model in _FROM.items() if request.GET.get(name)
    }


def _map_of(request: MemberRequest, links: dict[str, Any]) -> JourneyMap | None:
    if request.GET.get("map"):
        return access.writable(JourneyMap, request.member, request.GET["map"])
    if links:
        stage: Stage = next(iter(links.values())).stage
        return stage.map
    maps = _maps()
    return maps[0] if len(maps) == 1 else None
