"""Adding, changing, moving and deleting what stands on a map; one set of routes for all kinds of parts."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cjm.lib.refusals import Conflict, NotFound
from journeys import targets
from journeys.models import JourneyMap, Stage, StageTarget
from touchpoints import editing, forms, inspecting
from touchpoints import parts as register
from touchpoints.models import PainEvidence, PainPoint
from workspaces import access
from workspaces.requests import MemberRequest

from .answers import answer_conflict, answer_deed, refuse_form, revision_of, wants_parts


@require_http_methods(["GET", "HEAD", "POST"])
def part(request: MemberRequest, slug: str, map_id: UUID, kind: str, id: UUID) -> HttpResponse:
    """Reading gives the inspector; writing changes the fields that were sent."""
    map = access.readable(JourneyMap, request.member, map_id)
    noun = register.noun_of(kind)
    row = register.part_of(map, noun, request.member, id)
    if request.method != "POST":
        return _inspector(request, map, noun, row)
    return _change(request, map, noun, row)


@require_POST
def add(request: MemberRequest, slug: str, map_id: UUID, kind: str) -> HttpResponse:
    map = access.writable(JourneyMap, request.member, map_id)
    form = forms.AddForm(request.POST, map=map)
    if not form.is_valid():
        raise refuse_form(form.errors)
    row = register.add(map, register.noun_of(kind), form.cleaned_data, by=request.member)
    return answer_deed(request, map, row)


@require_POST
def move(request: MemberRequest, slug: str, map_id: UUID, kind: str, id: UUID) -> HttpResponse:
    map = access.writable(JourneyMap, request.member, map_id)
    noun = register.noun_of(kind)
    row = register.part_of(map, noun, request.member, id)
    form = forms.MoveForm(request.POST, map=map)
    if not form.is_valid():
        raise refuse_form(form.errors)
    register.move(noun, row, form.cleaned_data, by=request.member, seen=None)
    return answer_deed(request, map, row, said=_("Moved."))


@require_POST
def delete(request: MemberRequest, slug: str, map_id: UUID, kind: str, id: UUID) -> HttpResponse:
    map = access.writable(JourneyMap, request.member, map_id)
    noun = register.noun_of(kind)
    noun.delete(register.part_of(map, noun, request.member, id), by=request.member)
    return answer_deed(request, map, None, said=_("Deleted."))


@require_POST
def quote(request: MemberRequest, slug: str, map_id: UUID, pain_id: UUID) -> HttpResponse:
    map = access.writable(JourneyMap, request.member, map_id)
    pain: PainPoint = register.part_of(map, register.noun_of("pains"), request.member, pain_id)
    if gone := request.POST.get("remove"):
        tie = access.writable(PainEvidence, request.member, gone)
        if tie.pain_id != pain.pk:
            raise NotFound(_("There is no such thing here."))
        editing.delete_quote(tie, by=request.member)
        return answer_deed(request, map, pain, said=_("Deleted."))
    form = forms.QuoteForm(request.POST)
    if not form.is_valid():
        raise refuse_form(form.errors)
    editing.add_quote(pain, by=request.member, **form.cleaned_data)
    return answer_deed(request, map, pain)


@require_POST
def target(request: MemberRequest, slug: str, map_id: UUID, stage_id: UUID) -> HttpResponse:
    """Adds a target event to a stage, or takes one away."""
    map = access.writable(JourneyMap, request.member, map_id)
    stage: Stage = register.part_of(map, register.noun_of("stages"), request.member, stage_id)
    if gone := request.POST.get("remove"):
        row = access.writable(StageTarget, request.member, gone)
        if row.stage_id != stage.pk:
            raise NotFound(_("There is no such thing here."))
        targets.delete_target(row, by=request.member)
        return answer_deed(request, map, stage, said=_("Deleted."))
    form = forms.TargetForm(request.POST)
    if not form.is_valid():
        raise refuse_form(form.errors)
    targets.add_target(stage, form.cleaned_data["event"], by=request.member, where=form.where())
    return answer_deed(request, map, stage)


def _change(request: MemberRequest, map: JourneyMap, noun: register.Noun, row: Any) -> HttpResponse:
    form = noun.form(request.POST, map=map)
    if not form.is_valid():
        raise refuse_form(form.errors)
    values = form.values()
    try:
        register.change(
            noun, row, values, by=request.member, seen=revision_of(request), seen_item=revision_of(request, "item_revision")
        )
    except Conflict as conflict:
        name = next(iter(form.cleaned_data), noun.main)
        return answer_conflict(request, map, row, name, request.POST.get(name, ""), conflict, kind=noun.word)
    return answer_deed(request, map, row)


def _inspector(request: MemberRequest, map: JourneyMap, noun: register.Noun, row: Any) -> HttpResponse:
    context = inspecting.context_of(map, noun, row) | {
        "map": map,
        "slug": request.workspace.slug,
        "can_edit": request.member.may("editor"),
        "page": "home",
    }
    template = "touchpoints/_inspector.html" if wants_parts(request) else "touchpoints/part.html"
    return render(request, template, context)
