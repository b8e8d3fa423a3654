"""Results of tests: the verdict, the guardrails, the money, and what stands on the map afterwards."""

from decimal import Decimal
from typing import Any

import pytest

from analytics.calculators import Arm
from cjm.lib.refusals import Refusal
from experiments.models import Result
from experiments.results import latest_of, record_result
from experiments.verdict import Guardrail, judge, needed_per_group
from tests import make
from touchpoints import hypotheses
from touchpoints.models import Hypothesis
from workspaces import changes
from workspaces.models import Membership

ARMS: dict[str, Any] = {"control": Arm(89, 149), "treatment": Arm(110, 149)}


@pytest.fixture
def hypothesis(workspace: Any, editor: Membership) -> Hypothesis:
    return hypotheses.add_hypothesis(
        make.journey_map(),
        "Личная настройка",
        by=editor,
        owner=editor,
        metric="Активация",
        expected_lift=0.15,
        verification_method="ab_test",
        baseline=0.6,
    )


def test_it_works(hypothesis: Hypothesis, editor: Membership) -> None:
    result = record_result(hypothesis, by=editor, people_a_month=250, value_of_one=Decimal(50_000), **ARMS)
    assert result.effect == pytest.approx(0.14094, abs=1e-5)
    assert (result.ci_low, result.ci_high) == (pytest.approx(0.0340, abs=1e-4), pytest.approx(0.2435, abs=1e-4))
    assert result.p_value == pytest.approx(0.0098, abs=1e-4)
    assert result.monthly_effect == Decimal("1761744.97")
    row = Hypothesis.objects.get()
    assert (row.status, row.verdict) == ("verified", "confirmed")
    assert row.effect == result.effect
    assert row.monthly_effect == result.monthly_effect
    assert latest_of(row) == result


def test_a_relative_lift_is_kept_in_its_own_kind(hypothesis: Hypothesis, editor: Membership) -> None:
    hypotheses.change_hypothesis(hypothesis, {"lift_kind": "relative", "expected_lift": 0.05}, by=editor)
    record_result(hypothesis, by=editor, **ARMS)
    row = Hypothesis.objects.get()
    assert row.effect == pytest.approx(0.23596, abs=1e-5)
    assert row.effect_low == pytest.approx(0.0502, abs=1e-4)


def test_a_guardrail_is_breached_unless_harm_is_ruled_out(hypothesis: Hypothesis, editor: Membership) -> None:
    kept = Guardrail("Возвраты", 0.05, Arm(30, 149), Arm(15, 149))
    unsure = Guardrail("Обращения", 0.10, Arm(60, 149), Arm(64, 149))
    result = record_result(hypothesis, by=editor, guardrails=[kept, unsure], **ARMS)
    assert [line["is_breached"] for line in result.guardrails] == [False, True]
    assert Hypothesis.objects.get().is_guardrail_breached is True


def test_an_interim_look_leaves_the_status(hypothesis: Hypothesis, editor: Membership) -> None:
    record_result(hypothesis, by=editor, control=Arm(20, 76), treatment=Arm(40, 80), is_interim=True)
    row = Hypothesis.objects.get()
    assert (row.status, row.verdict) == ("in_progress", "")
    assert row.sample_share == pytest.approx(0.5)


def test_undo_takes_the_result_and_its_mark_on_the_map_away(hypothesis: Hypothesis, editor: Membership) -> None:
    record_result(hypothesis, by=editor, **ARMS)
    changes.undo(hypothesis.map, by=editor)
    assert latest_of(hypothesis) is None
    assert Hypothesis.objects.get().status == "in_progress"


@pytest.mark.parametrize(("control", "treatment"), [(Arm(0, 0), Arm(1, 2)), (Arm(3, 2), Arm(1, 2)), (Arm(-1, 2), Arm(1, 2))])
def test_impossible_counts_are_refused(hypothesis: Hypothesis, editor: Membership, control: Arm, treatment: Arm) -> None:
    with pytest.raises(Refusal) as refused:
        record_result(hypothesis, by=editor, control=control, treatment=treatment)
    assert list(refused.value.errors or ()) == ["control"]
    assert Result.objects.count() == 0


@pytest.mark.parametrize(
    ("treatment", "expected", "is_better_up", "verdict"),
    [
        (Arm(250, 1000), None, True, "confirmed"),
        (Arm(250, 1000), None, False, "refuted"),
        (Arm(150, 1000), None, True, "refuted"),
        (Arm(205, 1000), None, True, "inconclusive"),
        (Arm(205, 1000), 0.1, True, "refuted"),
        (Arm(0, 1000), None, True, "inconclusive"),
    ],
)
def test_the_verdict(treatment: Arm, expected: float | None, is_better_up: bool, verdict: str) -> None:
    judged = judge(Arm(200, 1000), treatment, expected=expected, is_better_up=is_better_up)
    assert judged.verdict == verdict


def test_money_is_asked_for_whole_or_not_counted() -> None:
    assert judge(Arm(200, 1000), Arm(250, 1000), people_a_month=100).monthly_effect is None
    assert judge(Arm(200, 1000), Arm(250, 1000), people_a_month=100, value_of_one=Decimal(80)).monthly_effect == Decimal(400)


def test_the_needed_sample() -> None:
    assert needed_per_group(0.6, 0.15, is_relative=False) == 152
    assert needed_per_group(0.6, 0.25, is_relative=True) == 152
    assert needed_per_group(None, 0.15, is_relative=False) is None
    assert needed_per_group(0.9, 0.15, is_relative=False) is None
