"""The result of a test on the page of its hypothesis: shown, typed, withdrawn."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cjm.lib.refusals import Refusal
from experiments import forest, results
from experiments.forms import ResultForm
from experiments.models import Result
from experiments.verdict import needed_per_group
from touchpoints.models import Hypothesis
from workspaces import access
from workspaces.requests import MemberRequest


@require_GET
def show(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    """A fragment for the page of the hypothesis, a page of its own without scripts."""
    hypothesis = access.readable(Hypothesis, request.member, id)
    result = results.latest_of(hypothesis)
    context = _context(request, hypothesis) | {"result": result}
    if result is not None:
        context |= _drawn(hypothesis, result)
    template = "experiments/_result.html" if request.htmx else "experiments/result.html"
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    hypothesis = access.writable(Hypothesis, request.member, id)
    form = ResultForm(request.POST or None)
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            results.record_result(hypothesis, by=request.member, **form.values())
        except Refusal as refusal:
            form.add_error(None, refusal.text)
            status = refusal.status
        else:
            messages.success(request, _("The result is on the map."))
            return redirect("touchpoints:hypothesis", slug, id)
    return render(request, "experiments/result_form.html", _context(request, hypothesis) | {"form": form}, status=status)


@require_POST
def withdraw(request: MemberRequest, slug: str, id: UUID, result_id: UUID) -> HttpResponse:
    result = access.writable(Result, request.member, result_id)
    results.withdraw_result(result, by=request.member)
    messages.success(request, _("The result is withdrawn."))
    return redirect("touchpoints:hypothesis", slug, id)


def _context(request: MemberRequest, hypothesis: Hypothesis) -> dict[str, Any]:
    is_relative = hypothesis.lift_kind == Hypothesis.LiftKind.RELATIVE
    return {
        "page": "hypotheses",
        "slug": request.workspace.slug,
        "hypothesis": hypothesis,
        "needed": needed_per_group(hypothesis.baseline, hypothesis.expected_lift, is_relative=is_relative),
        "is_open": hypothesis.status in (Hypothesis.Status.IN_PROGRESS, Hypothesis.Status.VERIFIED),
        "can_edit": request.member.may("editor"),
    }


def _drawn(hypothesis: Hypothesis, result: Result) -> dict[str, Any]:
    is_points = hypothesis.lift_kind == Hypothesis.LiftKind.POINTS
    expected = hypothesis.expected_lift if is_points else None
    arms = [
        (_("Control"), result.control_converted, result.control_total, "var(--d-mute)"),
        (_("Variant"), result.treatment_converted, result.treatment_total, "var(--opp)"),
    ]
    return {
        "arms": [(name, n, of, (n or 0) / (of or 1), colour) for name, n, of, colour in arms],
        "forest": forest.draw(forest.lines_of(result, name=hypothesis.metric.name, expected=expected)),
        "people": (result.control_total or 0) + (result.treatment_total or 0),
        "days": (result.ended_on - result.started_on).days if result.started_on and result.ended_on else None,
    }
