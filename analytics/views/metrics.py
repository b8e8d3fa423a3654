"""Metrics of a stage or a touchpoint: a fragment of the map's inspector, and a plain page without scripts."""

import zoneinfo
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from analytics import metrics
from analytics.forms import MetricForm, ValueForm
from analytics.models import MetricPlacement, MetricPoint
from analytics.periods import DEFAULT, latest
from cjm.lib import clock
from cjm.lib.refusals import NotFound
from journeys.models import JourneyMap, Stage
from touchpoints.models import TouchpointPlacement
from workspaces import access
from workspaces.requests import MemberRequest


@dataclass(frozen=True)
class Place:
    """Where metrics stand: a stage, or one of its placements."""

    map: JourneyMap
    stage: Stage
    placement: TouchpointPlacement | None = None

    @property
    def name(self) -> str:
        return self.placement.touchpoint.name if self.placement else self.stage.name

    @property
    def key(self) -> str:
        return str(self.placement.pk if self.placement else self.stage.pk)

    def url(self, slug: str) -> str:
        route = "placement_metrics" if self.placement else "stage_metrics"
        return reverse(f"analytics:{route}", kwargs={"slug": slug, "map_id": self.map.pk, "id": self.key})


def stage_metrics(request: MemberRequest, slug: str, map_id: UUID, id: UUID) -> HttpResponse:
    """The metrics of a stage; POST adds one."""
    return _listed(request, _place(request, map_id, access.readable(Stage, request.member, id), None))


def placement_metrics(request: MemberRequest, slug: str, map_id: UUID, id: UUID) -> HttpResponse:
    """The metrics of a touchpoint on the map; POST adds one."""
    placement = access.readable(TouchpointPlacement, request.member, id)
    return _listed(request, _place(request, map_id, placement.stage, placement))


def change(request: MemberRequest, slug: str, map_id: UUID, id: UUID) -> HttpResponse:
    """The form of one metric; POST changes its definition."""
    placed, place = _placed(request, map_id, id)
    is_sent = request.method == "POST"
    form = MetricForm(
        request.POST if is_sent else None, metric=placed.metric, of_stage=placed.placement_id is None, auto_id=f"m{placed.pk}-%s"
    )
    if is_sent and form.is_valid():
        metrics.change_metric(placed, form.definition(), by=request.member)
        return _done(request, place)
    context = _context(request, place) | {"form": form, "placed": placed, "action": request.path}
    return render(request, "analytics/metric.html", context, status=422 if is_sent else 200)


@require_POST
def remove(request: MemberRequest, slug: str, map_id: UUID, id: UUID) -> HttpResponse:
    placed, place = _placed(request, map_id, id)
    metrics.remove_metric(placed, by=request.member)
    return _done(request, place)


@require_POST
def value(request: MemberRequest, slug: str, map_id: UUID, id: UUID) -> HttpResponse:
    """Sets the value of a day."""
    placed, place = _placed(request, map_id, id)
    form = ValueForm(request.POST)
    if not form.is_valid():
        return _render(request, place, wrong=(placed.pk, form), status=422)
    metrics.set_value(placed, form.cleaned_data["value"], on=form.cleaned_data["on"], by=request.member)
    return _done(request, place)


@require_POST
def remove_value(request: MemberRequest, slug: str, map_id: UUID, id: UUID, point_id: int) -> HttpResponse:
    placed, place = _placed(request, map_id, id)
    point = access.readable(MetricPoint, request.member, point_id)
    if point.metric_id != placed.metric_id or point.deleted_at is not None:
        raise NotFound(_("There is no such thing here."))
    metrics.remove_value(placed, point, by=request.member)
    return _done(request, place)


def _place(request: MemberRequest, map_id: UUID, stage: Stage, placement: TouchpointPlacement | None) -> Place:
    row = access.readable(JourneyMap, request.member, map_id)
    if stage.map_id != row.pk or stage.deleted_at is not None:
        raise NotFound(_("There is no such thing here."))
    return Place(row, stage, placement)


def _placed(request: MemberRequest, map_id: UUID, id: UUID) -> tuple[MetricPlacement, Place]:
    placed = access.readable(MetricPlacement, request.member, id)
    return placed, _place(request, map_id, placed.stage, placed.placement)


def _listed(request: MemberRequest, place: Place) -> HttpResponse:
    if request.method != "POST":
        return _render(request, place)
    form = MetricForm(request.POST, of_stage=place.placement is None, auto_id=f"m{place.key}-%s")
    if not form.is_valid():
        return _render(request, place, form=form, status=422)
    given = form.cleaned_data
    metrics.add_metric(place.stage, place.placement, form.definition(), by=request.member, value=given["value"], on=given["on"])
    return _done(request, place)


def _done(request: MemberRequest, place: Place) -> HttpResponse:
    return _render(request, place) if _is_fragment(request) else redirect(place.url(request.workspace.slug))


def _render(
    request: MemberRequest, place: Place, *, form: MetricForm | None = None, wrong: Any = None, status: int = 200
) -> HttpResponse:
    period = latest(place.map, days=DEFAULT, zone=zoneinfo.ZoneInfo(request.workspace.timezone), now=clock.now())
    found = metrics.of_one(place.stage, place.placement, period)
    context = _context(request, place) | {
        "figures": [
            (figure, wrong[1] if wrong and wrong[0] == figure.placed.pk else ValueForm(auto_id=f"v{figure.placed.pk}-%s"))
            for figure in found.all
        ],
        "told": found.told,
        "form": form or MetricForm(of_stage=place.placement is None, auto_id=f"m{place.key}-%s"),
        "is_adding": form is not None,
    }
    template = "analytics/_metrics.html" if _is_fragment(request) else "analytics/metrics.html"
    return render(request, template, context, status=status)


def _context(request: MemberRequest, place: Place) -> dict[str, Any]:
    can_edit = request.member.may("editor")
    slug = request.workspace.slug
    events = metrics.known_events() if can_edit else []
    return {"place": place, "map": place.map, "slug": slug, "here": place.url(slug), "can_edit": can_edit, "events": events}


def _is_fragment(request: MemberRequest) -> bool:
    return bool(request.htmx or request.headers.get("X-Fragment"))
