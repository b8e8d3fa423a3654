"""Deeds on hypotheses: what they need, how their status moves, what stays in the map's log."""

from typing import Any

import pytest

from cjm.lib.refusals import Refusal
from journeys.models import JourneyMap, Metric, Stage
from tests import make
from touchpoints import editing, hypotheses
from touchpoints.models import Hypothesis, PainPoint
from workspaces import changes
from workspaces.models import Change, Membership


@pytest.fixture
def map(workspace: Any) -> JourneyMap:
    return make.journey_map()


@pytest.fixture
def stage(map: JourneyMap) -> Stage:
    return Stage.objects.filter(map=map).order_by("rank").first()


@pytest.fixture
def pain(stage: Stage, editor: Membership) -> PainPoint:
    return editing.add_pain(stage, "Много настроек", by=editor)


NEEDS: dict[str, Any] = {"metric": "Активация", "expected_lift": 0.15, "verification_method": "ab_test"}


@pytest.fixture
def hypothesis(map: JourneyMap, pain: PainPoint, editor: Membership) -> Hypothesis:
    return hypotheses.add_hypothesis(map, "Личная настройка", by=editor, owner=editor, pain=pain, **NEEDS)


def confirm(hypothesis: Hypothesis, by: Membership, **effect: Any) -> None:
    effect = {"effect": 0.141, "effect_low": 0.034, "effect_high": 0.244} | effect
    hypotheses.write_back(hypothesis, effect, by=by, verdict="confirmed", reason="p = 0,01")


def test_it_works(hypothesis: Hypothesis, pain: PainPoint, map: JourneyMap) -> None:
    assert (hypothesis.status, hypothesis.verdict) == ("in_progress", "")
    assert hypothesis.stage == pain.stage
    assert hypothesis.metric.name == "Активация"
    assert [line["kind"] for line in Change.objects.get(deed="hypothesis.added").edits] == [
        "journeys.metric",
        "touchpoints.hypothesis",
    ]


def test_a_named_metric_is_found_before_it_is_made(hypothesis: Hypothesis, map: JourneyMap, editor: Membership) -> None:
    again = hypotheses.add_hypothesis(map, "Ещё", by=editor, owner=editor, **NEEDS | {"metric": "активация"})
    assert again.metric == hypothesis.metric
    assert Metric.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("metric", None), ("metric", ""), ("expected_lift", None), ("verification_method", "guess"), ("owner", None)],
)
def test_no_metric_no_hypothesis(map: JourneyMap, editor: Membership, field: str, value: Any) -> None:
    with pytest.raises(Refusal) as refused:
        hypotheses.add_hypothesis(map, "Личная настройка", by=editor, **{"owner": editor, **NEEDS, field: value})
    assert list(refused.value.errors or ()) == [field]
    assert Hypothesis.objects.count() == 0


def test_a_pain_of_another_map_is_refused(pain: PainPoint, editor: Membership) -> None:
    with pytest.raises(Refusal) as refused:
        hypotheses.add_hypothesis(make.journey_map("Другая"), "Нет", by=editor, owner=editor, pain=pain, **NEEDS)
    assert refused.value.code == "other_map"


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ([], "implemented"),
        ([], "in_progress"),
        (["rejected"], "in_progress"),
        (["rejected"], "implemented"),
        ([], "nonsense"),
    ],
)
def test_only_the_allowed_moves(hypothesis: Hypothesis, editor: Membership, path: list[str], to: str) -> None:
    for step in path:
        hypotheses.move_hypothesis(hypothesis, step, by=editor, reason="Так решили")
    with pytest.raises(Refusal) as refused:
        hypotheses.move_hypothesis(hypothesis, to, by=editor, reason="Так решили")
    assert refused.value.code == "wrong_move"


def test_a_move_needs_a_reason(hypothesis: Hypothesis, editor: Membership) -> None:
    with pytest.raises(Refusal) as refused:
        hypotheses.move_hypothesis(hypothesis, "rejected", by=editor, reason="  ")
    assert list(refused.value.errors or ()) == ["reason"]


def test_verified_needs_a_result(hypothesis: Hypothesis, editor: Membership) -> None:
    with pytest.raises(Refusal) as refused:
        hypotheses.move_hypothesis(hypothesis, "verified", by=editor, reason="Похоже на правду")
    assert refused.value.code == "needs_result"


def test_a_confirmed_one_is_implemented_and_can_be_withdrawn(hypothesis: Hypothesis, editor: Membership) -> None:
    confirm(hypothesis, editor)
    hypotheses.move_hypothesis(hypothesis, "implemented", by=editor, reason="Внедрить всем")
    assert Hypothesis.objects.get().implemented_at is not None
    hypotheses.move_hypothesis(hypothesis, "rejected", by=editor, reason="Возвраты выросли")
    assert Hypothesis.objects.get().status == "rejected"


def test_an_inconclusive_one_is_not_implemented(hypothesis: Hypothesis, editor: Membership) -> None:
    hypotheses.write_back(hypothesis, {"effect": 0.01}, by=editor, verdict="inconclusive", reason="Мало данных")
    with pytest.raises(Refusal) as refused:
        hypotheses.move_hypothesis(hypothesis, "implemented", by=editor, reason="Всё равно")
    assert refused.value.code == "not_confirmed"


def test_a_breached_guardrail_wants_a_signed_dissent(hypothesis: Hypothesis, editor: Membership) -> None:
    confirm(hypothesis, editor, is_guardrail_breached=True)
    with pytest.raises(Refusal) as refused:
        hypotheses.move_hypothesis(hypothesis, "implemented", by=editor, reason="Внедрить")
    assert refused.value.code == "guardrail"
    hypotheses.move_hypothesis(hypothesis, "implemented", by=editor, reason="Внедрить", dissent="Поддержку усилим")
    row = Hypothesis.objects.get()
    assert (row.dissent, row.dissent_by) == ("Поддержку усилим", editor)


def test_an_effect_is_not_typed_by_hand(hypothesis: Hypothesis, editor: Membership) -> None:
    with pytest.raises(Refusal) as refused:
        hypotheses.change_hypothesis(hypothesis, {"effect": 1.0, "status": "verified"}, by=editor)
    assert set(refused.value.errors or ()) == {"effect", "status"}


def test_undo_takes_a_decision_back(hypothesis: Hypothesis, map: JourneyMap, editor: Membership) -> None:
    confirm(hypothesis, editor)
    changes.undo(map, by=editor)
    row = Hypothesis.objects.get()
    assert (row.status, row.verdict, row.effect) == ("in_progress", "", None)


def test_a_decided_one_takes_no_more_results(hypothesis: Hypothesis, editor: Membership) -> None:
    hypotheses.move_hypothesis(hypothesis, "rejected", by=editor, reason="Не ко времени")
    with pytest.raises(Refusal) as refused:
        confirm(hypothesis, editor)
    assert refused.value.code == "decided"


def test_the_board_sorts_by_money_and_narrows_by_stage(
    map: JourneyMap, stage: Stage, pain: PainPoint, editor: Membership
) -> None:
    other = Stage.objects.filter(map=map).order_by("-rank").first()
    dear = editing.add_pain(stage, "Дорого", by=editor, monthly_loss=900)
    cheap = hypotheses.add_hypothesis(map, "Дешёвая", by=editor, owner=editor, stage=other, **NEEDS)
    rich = hypotheses.add_hypothesis(map, "Дорогая", by=editor, owner=editor, pain=dear, **NEEDS)
    assert hypotheses.board_of(map=map, stage=None, sort="money")[0]["items"] == [rich, cheap]
    assert hypotheses.board_of(map=None, stage=other, sort="new")[0]["items"] == [cheap]
