"""The emotion lane: what people say as a curve with points and labels, what was measured beside it, other personas as lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from journeys.models import MapPersona, Persona, Stage

from . import curve, emotions
from .models import EmotionPoint

MEASURED = {EmotionPoint.Source.SURVEY, EmotionPoint.Source.FEEDBACK}


@dataclass
class Drawing:
    """The emotion curves: the first persona's with points and labels, the others as lines."""

    main: curve.Curve
    measured: curve.Measured
    others: list[tuple[Persona, int, curve.Curve]]
    points: list[tuple[EmotionPoint, curve.Placed]]
    measures: list[tuple[EmotionPoint, curve.Placed]]
    sequences: list[tuple[Stage, list[EmotionPoint], list[EmotionPoint]]]
    unmeasured: set[str]
    notes: list[float]
    H: int = field(default=int(curve.HEIGHT))
    Z: int = field(default=int(curve.ZERO))
    K: int = field(default=int(curve.UNIT))


def draw(stages: Sequence[Stage], points: Sequence[EmotionPoint], personas: Sequence[MapPersona]) -> Drawing:
    """The drawing of the points as they are; no query."""
    number = {stage.pk: index for index, stage in enumerate(stages)}
    shown = [point for point in points if point.series == EmotionPoint.Series.AS_IS]
    first = personas[0].persona_id if personas else None
    mine = [point for point in shown if point.persona_id in (None, first)]
    told = [point for point in mine if point.source not in MEASURED]
    measures = [point for point in mine if point.source in MEASURED]
    main = curve.draw(_spots(told, number), len(stages))
    line = curve.measure(_spots(measures, number), len(stages), beside=_beside(told, main, measures), told=main)
    by_key = {str(point.pk): point for point in measures}
    unmeasured = {str(stage.pk) for stage in stages} - {str(point.stage_id) for point in measures}
    return Drawing(
        main,
        line,
        _others(shown, personas[1:], number),
        list(zip(told, main.points, strict=True)),
        [(by_key[placed.spot.key], placed) for placed in line.points],
        _sequences(stages, told, measures),
        unmeasured,
        _notes(stages, unmeasured),
    )


def _spots(points: Sequence[EmotionPoint], number: dict[UUID, int]) -> list[curve.Spot]:
    return [
        curve.Spot(str(point.pk), number[point.stage_id], float(point.valence), emotions.names_of(point.labels))
        for point in points
    ]


def _beside(told: Sequence[EmotionPoint], main: curve.Curve, measures: Sequence[EmotionPoint]) -> dict[str, float]:
    """Where a measure of a touchpoint stands: over what people say of the same touchpoint."""
    places = {point.placement_id: placed.x for point, placed in zip(told, main.points, strict=True) if point.placement_id}
    return {str(point.pk): places[point.placement_id] for point in measures if point.placement_id in places}


def _others(
    shown: Sequence[EmotionPoint], links: Sequence[MapPersona], number: dict[UUID, int]
) -> list[tuple[Persona, int, curve.Curve]]:
    lines = []
    for link in links:
        theirs = [point for point in shown if point.persona_id == link.persona_id]
        if theirs:
            lines.append((link.persona, link.colour, curve.draw(_spots(theirs, number), len(number))))
    return lines


def _sequences(
    stages: Sequence[Stage], told: Sequence[EmotionPoint], measures: Sequence[EmotionPoint]
) -> list[tuple[Stage, list[EmotionPoint], list[EmotionPoint]]]:
    """What was told and what was measured, stage by stage: the curve as a table."""
    return [
        (
            stage,
            [point for point in told if point.stage_id == stage.pk],
            [point for point in measures if point.stage_id == stage.pk],
        )
        for stage in stages
    ]


def _notes(stages: Sequence[Stage], unmeasured: set[str]) -> list[float]:
    """The left edges, in per cent, of the runs of stages without a measure."""
    bare = [str(stage.pk) in unmeasured for stage in stages]
    return [
        round(index / len(stages) * 100, 2) for index, is_bare in enumerate(bare) if is_bare and not (index and bare[index - 1])
    ]
