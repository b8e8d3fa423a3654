"""Results of tests: judged, kept, and written back onto the map in one change."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from analytics.calculators import Arm
from cjm.lib.clock import now
from cjm.lib.refusals import Refusal
from touchpoints import hypotheses
from touchpoints.models import Hypothesis
from workspaces import changes
from workspaces.changes import Author

from .models import Result
from .verdict import Guardrail, Judgement, Outcome, judge, needed_per_group


def record_result(
    hypothesis: Hypothesis,
    *,
    control: Arm,
    treatment: Arm,
    by: Author,
    guardrails: Sequence[Guardrail] = (),
    alpha: float = 0.05,
    people_a_month: int | None = None,
    value_of_one: Decimal | None = None,
    started_on: date | None = None,
    ended_on: date | None = None,
    note: str = "",
    is_interim: bool = False,
) -> Result:
    """Keeps a result typed by hand; a final one makes the hypothesis verified and puts verdict, effect and money on it."""
    _check(control, treatment, guardrails, started_on, ended_on)
    judgement = judge(
        control,
        treatment,
        alpha=alpha,
        expected=_in_points(hypothesis, control),
        is_better_up=hypothesis.metric.is_better_up,
        guardrails=guardrails,
        people_a_month=people_a_month,
        value_of_one=value_of_one,
    )
    row = Result(
        hypothesis=hypothesis,
        alpha=alpha,
        people_a_month=people_a_month,
        value_of_one=value_of_one,
        started_on=started_on,
        ended_on=ended_on,
        note=note.strip(),
        is_interim=is_interim,
        measured_at=now(),
        **_figures(control, treatment, judgement),
    )
    hypotheses.write_back(
        hypothesis,
        _effect(hypothesis, row, judgement),
        by=by,
        verdict=judgement.verdict,
        reason=note.strip() or _("The outcome of the test."),
        edits=[changes.create(row)],
        is_interim=is_interim,
    )
    return row


def withdraw_result(result: Result, *, by: Author) -> None:
    """Deletes a result; the one that stands takes its mark off the map, and the hypothesis is in work again."""
    hypothesis = result.hypothesis
    if latest_of(hypothesis) == result:
        hypotheses.take_back(hypothesis, by=by, edits=[changes.delete(result)])
    else:
        changes.write(hypothesis.map, "result.deleted", by=by, edits=[changes.delete(result)])


def latest_of(hypothesis: Hypothesis) -> Result | None:
    """The result that stands: the last final one, else the last interim look."""
    rows = Result.objects.living().filter(hypothesis=hypothesis)
    found: Result | None = rows.order_by("is_interim", "-measured_at", "-id").first()
    return found


def _check(control: Arm, treatment: Arm, guardrails: Sequence[Guardrail], start: date | None, end: date | None) -> None:
    for name, arm in [("control", control), ("treatment", treatment)]:
        _check_arm(name, arm)
    for index, guardrail in enumerate(guardrails):
        _check_arm(f"guardrails.{index}.control", guardrail.control)
        _check_arm(f"guardrails.{index}.treatment", guardrail.treatment)
    if start and end and end < start:
        text = _("The test ends before it starts.")
        raise Refusal("invalid", text, errors={"ended_on": [text]})


def _check_arm(name: str, arm: Arm) -> None:
    if arm.total < 1 or not 0 <= arm.converted <= arm.total:
        text = _("A group has at least one person, and no more conversions than people.")
        raise Refusal("invalid", text, errors={name: [text]})


def _in_points(hypothesis: Hypothesis, control: Arm) -> float:
    """The expected lift as a difference of shares."""
    if hypothesis.lift_kind == Hypothesis.LiftKind.POINTS:
        return hypothesis.expected_lift
    return hypothesis.expected_lift * (control.rate or 0)


def _figures(control: Arm, treatment: Arm, judgement: Judgement) -> dict[str, Any]:
    seen = judgement.comparison
    low, high = seen.newcombe or (None, None)
    relative_low, relative_high = seen.relative_interval or (None, None)
    return {
        "control_converted": control.converted,
        "control_total": control.total,
        "treatment_converted": treatment.converted,
        "treatment_total": treatment.total,
        "effect": seen.difference,
        "ci_low": low,
        "ci_high": high,
        "p_value": seen.p_value,
        "relative_lift": seen.relative_lift,
        "relative_low": relative_low,
        "relative_high": relative_high,
        "monthly_effect": judgement.monthly_effect,
        "guardrails": [_kept(outcome) for outcome in judgement.outcomes],
        "verdict": judgement.verdict,
    }


def _kept(outcome: Outcome) -> dict[str, Any]:
    guardrail = outcome.guardrail
    return {
        "name": guardrail.name,
        "margin": guardrail.margin,
        "is_worse_up": guardrail.is_worse_up,
        "control": [guardrail.control.converted, guardrail.control.total],
        "treatment": [guardrail.treatment.converted, guardrail.treatment.total],
        "difference": outcome.difference,
        "low": outcome.low,
        "high": outcome.high,
        "is_breached": outcome.is_breached,
    }


def _effect(hypothesis: Hypothesis, row: Result, judgement: Judgement) -> dict[str, Any]:
    """What the map keeps, in the kind of the expected lift."""
    is_relative = hypothesis.lift_kind == Hypothesis.LiftKind.RELATIVE
    effect = (row.relative_lift, row.relative_low, row.relative_high) if is_relative else (row.effect, row.ci_low, row.ci_high)
    needed = needed_per_group(hypothesis.baseline, hypothesis.expected_lift, is_relative=is_relative)
    smallest = min(row.control_total or 0, row.treatment_total or 0)
    return {
        "effect": effect[0],
        "effect_low": effect[1],
        "effect_high": effect[2],
        "monthly_effect": row.monthly_effect,
        "sample_share": min(1.0, smallest / needed) if needed else None,
        "is_guardrail_breached": judgement.is_guardrail_breached,
    }
