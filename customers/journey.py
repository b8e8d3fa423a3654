"""What one customer went through, as of every acknowledged touch."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from journeys.models import Stage

from . import staging
from .engagement import Engagement, engagement_of, formula_of
from .models import Customer, Touch

MOST_TOUCHES = 1000


@dataclass(frozen=True)
class Journey:
    """`touches` are the latest 1,000, oldest first."""

    first_touch: Touch | None
    touches: list[Touch]
    touches_total: int
    visits: list[dict[str, Any]]
    current_stage: str | None
    engagement: dict[str, Any]


def journey_of(customer: Customer, *, now: datetime, settings: Mapping[str, Any]) -> Journey:
    """A constant number of queries. Touches that wait to be folded count already."""
    touches = Touch.objects.filter(identity__customer=customer).select_related("identity__customer")
    latest = list(touches.order_by("-occurred_at", "-pk")[:MOST_TOUCHES])[::-1]
    is_whole = len(latest) < MOST_TOUCHES
    first = (latest[0] if latest else None) if is_whole else touches.order_by("occurred_at", "pk").first()
    visits = _visits(customer)
    standing = [visit for visit in visits if visit["exited_at"] is None]
    score = engagement_of(touches.values_list("event", "occurred_at"), now=now, formula=formula_of(settings))
    return Journey(
        first_touch=first,
        touches=latest,
        touches_total=len(latest) if is_whole else touches.count(),
        visits=visits,
        current_stage=max(standing, key=lambda visit: visit["entered_at"])["stage"] if standing else None,
        engagement=_draw(score, settings),
    )


def _visits(customer: Customer) -> list[dict[str, Any]]:
    stays = sorted(staging.visits_now(customer), key=lambda pair: (pair[1].entered_at, str(pair[0])))
    stages = Stage.objects.in_bulk({stay.stage for _map_id, stay in stays})
    return [
        {
            "map": map_id,
            "stage": stages[stay.stage].canonical,
            "stage_id": stay.stage,
            "name": stages[stay.stage].name,
            "entered_at": stay.entered_at,
            "exited_at": stay.exited_at,
            "entry": stay.entry,
            "is_by_hand": stay.is_by_hand,
        }
        for map_id, stay in stays
    ]


def _draw(score: Engagement, settings: Mapping[str, Any]) -> dict[str, Any]:
    formula = formula_of(settings)
    return {
        "score": score.score,
        "half_life_days": formula.half_life_days,
        "full_at": formula.full_at,
        "contributions": [asdict(one) for one in score.contributions],
    }
