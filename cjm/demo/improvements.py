"""What stands on the demo's map beside the drawing: metrics with their values, hypotheses with the results of their tests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from analytics import metrics
from analytics.calculators import Arm
from analytics.models import MetricPlacement
from experiments.results import record_result
from experiments.verdict import Guardrail
from journeys.models import JourneyMap, Metric, Stage
from touchpoints import hypotheses
from touchpoints.models import Hypothesis, Opportunity, PainPoint, TouchpointPlacement
from workspaces.models import Membership

from .events import KINDS, Pair
from .improvement_words import HYPOTHESES, METRICS, Guess, Measure

_MONTHS: Final = 6


@dataclass
class Place:
    """The map as the demo's improvements address it: stages by number, placements by number in their stage."""

    map: JourneyMap
    stages: list[Stage] = field(default_factory=list)
    placements: dict[tuple[int, int], TouchpointPlacement] = field(default_factory=dict)
    pains: dict[UUID, PainPoint] = field(default_factory=dict)
    opportunities: dict[UUID, Opportunity] = field(default_factory=dict)


def place_of(row: JourneyMap) -> Place:
    """Reads what the improvements point to; four queries."""
    stages = sorted(Stage.objects.living().filter(map=row), key=lambda stage: stage.rank)
    placements: dict[tuple[int, int], TouchpointPlacement] = {}
    for number, stage in enumerate(stages):
        own = TouchpointPlacement.objects.living().filter(stage=stage)
        placements |= {(number, place): one for place, one in enumerate(sorted(own, key=lambda one: one.rank))}
    pains = {pain.stage_id: pain for pain in PainPoint.objects.living().filter(stage__in=stages)}
    return Place(
        row, stages, placements, pains, {one.stage_id: one for one in Opportunity.objects.living().filter(stage__in=stages)}
    )


def add_metrics(place: Place, *, people: Mapping[str, Membership], language: str, today: date) -> dict[str, Metric]:
    """Puts the metrics on the map; typed ones carry a value for each of the last months. Returns them by English name."""
    made: dict[str, Metric] = {}
    for measure in METRICS:
        placed = _add_metric(place, measure, people["ДШ"], 0 if language == "ru" else 1)
        for months_ago, value in enumerate(reversed(measure.values)):
            metrics.set_value(placed, value, on=today - timedelta(days=30 * months_ago), by=people["ДШ"])
        made.setdefault(measure.name[1], placed.metric)
    return made


def _add_metric(place: Place, measure: Measure, by: Membership, pick: int) -> MetricPlacement:
    parameters: dict[str, Any] = {"period_days": 90}
    if measure.event:
        parameters["event"] = KINDS[measure.event].event
    if measure.to_event:
        parameters["to_event"] = KINDS[measure.to_event].event
    if measure.score:
        parameters["score"] = measure.score
    values = {
        "name": measure.name[pick], "query": measure.query, "parameters": parameters, "unit": measure.unit[pick],
        "target": measure.target, "is_better_up": measure.is_better_up,
    }  # fmt: skip
    stage = place.stages[measure.stage]
    placement = None if measure.place is None else place.placements[measure.stage, measure.place]
    return metrics.add_metric(stage, placement, values, by=by)


def add_hypotheses(place: Place, *, people: Mapping[str, Membership], known: Mapping[str, Metric], language: str) -> None:
    """Guesses with their owners; tested ones with the result typed by hand, and with what was decided."""
    pick = 0 if language == "ru" else 1
    for guess in HYPOTHESES:
        row = _add_hypothesis(place, guess, people[guess.owner], known, pick)
        if guess.result:
            _add_result(row, guess, people[guess.owner], pick)
        if guess.moved_to:
            hypotheses.move_hypothesis(row, guess.moved_to, by=people["ДШ"], reason=_text(guess.reason, pick))


def _add_hypothesis(place: Place, guess: Guess, owner: Membership, known: Mapping[str, Metric], pick: int) -> Hypothesis:
    stage = place.stages[guess.stage]
    return hypotheses.add_hypothesis(
        place.map,
        guess.statement[pick],
        by=owner,
        owner=owner,
        metric=known.get(guess.metric[1]) or guess.metric[pick],
        expected_lift=guess.expected,
        verification_method=guess.method,
        placement=place.placements[guess.stage, guess.place],
        stage=stage,
        pain=place.pains.get(stage.pk) if guess.is_of_opportunity else None,
        opportunity=place.opportunities.get(stage.pk) if guess.is_of_opportunity else None,
        lift_kind=guess.lift_kind,
        baseline=guess.baseline,
    )


def _add_result(row: Hypothesis, guess: Guess, by: Membership, pick: int) -> None:
    result = guess.result
    if result is None:
        return
    record_result(
        row,
        control=Arm(*result.control),
        treatment=Arm(*result.treatment),
        by=by,
        guardrails=[
            Guardrail(name[pick], margin, Arm(*before), Arm(*after)) for name, margin, before, after in result.guardrails
        ],
        people_a_month=result.people,
        value_of_one=Decimal(result.value),
        note=_text(guess.note, pick),
    )


def _text(pair: Pair | None, pick: int) -> str:
    return pair[pick] if pair else ""
