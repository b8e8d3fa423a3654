"""How engaged a customer is: fading weights of their touches, on a scale from 0 to 100. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

_DAY = 86_400.0


@dataclass(frozen=True)
class Formula:
    """What a touch of an event weighs (others `default_weight`), in how many days it halves, and which sum means 100."""

    weights: Mapping[str, float] = field(default_factory=dict)
    default_weight: float = 1.0
    half_life_days: float = 14.0
    full_at: float = 10.0
    version: int = 1


@dataclass(frozen=True)
class Contribution:
    """What the touches of one event bring: how many, the weight of one, and the points of the score."""

    event: str
    touches: int
    weight: float
    points: float


@dataclass(frozen=True)
class Engagement:
    score: float
    contributions: list[Contribution]


def formula_of(settings: Mapping[str, Any]) -> Formula:
    """The workspace's own formula, from its settings."""
    given = settings.get("engagement") or {}
    known = {name: given[name] for name in ("weights", "default_weight", "half_life_days", "full_at") if name in given}
    return Formula(**known)


def engagement_of(touches: Iterable[tuple[str, datetime]], *, now: datetime, formula: Formula | None = None) -> Engagement:
    """Score 0-100 = 100 x min(1, sum of weight x 0.5^(age/half-life) / full_at), with the points of each event.

    Ages in days, touches ahead of `now` count as fresh. Without a cap the points add up to the score; above 100 they are
    scaled down in proportion, so that they always do.
    """
    formula = formula or Formula()
    counts: dict[str, int] = {}
    sums: dict[str, float] = {}
    for event, at in touches:
        age = max((now - at).total_seconds() / _DAY, 0.0)
        fading = formula.weights.get(event, formula.default_weight) * 0.5 ** (age / formula.half_life_days)
        counts[event] = counts.get(event, 0) + 1
        sums[event] = sums.get(event, 0.0) + fading
    total = sum(sums.values())
    score = max(0.0, min(100.0, 100.0 * total / formula.full_at))
    scale = score / total if total > 0 else 0.0
    found = [
        Contribution(event, counts[event], formula.weights.get(event, formula.default_weight), points * scale)
        for event, points in sums.items()
    ]
    return Engagement(score, sorted(found, key=lambda one: (-one.points, one.event)))
