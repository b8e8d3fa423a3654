"""One customer's way: where they stand, the path over time, how engaged they are, what they answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Sum

from cjm.lib.clock import now
from journeys.models import JourneyMap, Stage

from .engagement import Engagement, Formula, engagement_of, formula_of
from .models import Customer, Score, StageVisit, Touch
from .path_chart import Chart, draw
from .timeline import Timeline, load_timeline

MOST_VISITS = 500
MOST_DRAWN = 2000
FEW_TOUCHES = 12
_COMPARED = 2000
_SEEN_POINTS = 0.05  # less is nothing at one decimal


@dataclass
class RailStage:
    stage: Stage
    visits: int = 0
    seconds: float = 0
    entered_at: datetime | None = None
    state: str = ""


@dataclass
class Card:
    """All that the page shows. `usual` is the median and 90th percentile of finished stays where the customer stands."""

    timeline: Timeline
    is_whole: bool
    maps: list[JourneyMap] = field(default_factory=list)
    map: JourneyMap | None = None
    rail: list[RailStage] = field(default_factory=list)
    now_at: RailStage | None = None
    here_since: datetime | None = None
    here_seconds: float = 0
    usual: tuple[float, float] | None = None
    returns: int = 0
    chart: Chart | None = None
    touches: int = 0
    first: Touch | None = None
    money: Sequence[Mapping[str, Any]] = ()
    engagement: Engagement | None = None
    formula: Formula = field(default_factory=Formula)
    trend: float = 0
    answers: Sequence[Score] = ()

    @property
    def half_life_seconds(self) -> float:
        return self.formula.half_life_days * 86_400

    @property
    def bars(self) -> list[dict[str, Any]]:
        """The contributions that one decimal shows, each with the width of its bar in percent: the largest takes 70."""
        found = self.engagement.contributions if self.engagement else []
        most = max((abs(one.points) for one in found), default=0) or 1
        return [
            {"one": one, "width": round(70 * abs(one.points) / most, 1), "is_negative": one.points < 0}
            for one in found
            if abs(one.points) >= _SEEN_POINTS
        ]


def load_card(customer: Customer, *, settings: Mapping[str, Any], map_id: str = "", before: str = "", show: str = "") -> Card:
    """A constant number of queries, whatever the number of touches."""
    moment = now()
    maps = _maps(customer)
    chosen = next((row for row in maps if str(row.pk) == map_id), maps[0] if maps else None)
    visits = _visits(customer, chosen) if chosen else []
    stages = list(chosen.stages.filter(deleted_at__isnull=True).order_by("rank", "pk")) if chosen else []
    touches = Touch.objects.filter(identity__customer=customer)
    count = touches.count()
    is_whole = show == "all" or (show != "important" and count <= FEW_TOUCHES)
    card = Card(load_timeline(touches, visits, before=before, is_whole=is_whole), is_whole, maps=maps, map=chosen, touches=count)
    card.rail = _rail(stages, visits, moment)
    _stand(card, visits, moment)
    card.returns = sum(visit.entry == StageVisit.Entry.RETURN for visit in visits)
    card.first = touches.order_by("occurred_at", "id").first()
    card.chart = draw(stages, visits, list(touches.order_by("-occurred_at", "-id")[:MOST_DRAWN]), now=moment) if visits else None
    spent = touches.filter(value__isnull=False).order_by("currency").values("currency")
    card.money = list(spent.annotate(total=Sum("value")))
    _engage(card, list(touches.values_list("event", "occurred_at")), formula_of(settings), moment)
    card.answers = Score.objects.filter(customer=customer).select_related("touch").order_by("-at", "-pk")[:10]
    return card


def _maps(customer: Customer) -> list[JourneyMap]:
    """The live maps on which the customer has been, the one with the latest visit first."""
    seen = StageVisit.objects.filter(customer=customer).order_by("-entered_at", "-pk").values_list("map_id", flat=True)
    order = list(dict.fromkeys(seen[:MOST_VISITS]))
    rows = JourneyMap.objects.filter(pk__in=order, deleted_at__isnull=True, status=JourneyMap.Status.LIVE)
    return sorted(rows, key=lambda row: order.index(row.pk))


def _visits(customer: Customer, chosen: JourneyMap) -> list[StageVisit]:
    rows = StageVisit.objects.filter(customer=customer, map=chosen).select_related("stage", "via_touch")
    return list(rows.order_by("-entered_at", "-pk")[:MOST_VISITS])[::-1]


def _rail(stages: Sequence[Stage], visits: Sequence[StageVisit], moment: datetime) -> list[RailStage]:
    places = {stage.pk: RailStage(stage) for stage in stages}
    for visit in visits:
        place = places.get(visit.stage_id)
        if place is None:
            continue
        place.visits += 1
        place.seconds += ((visit.exited_at or moment) - visit.entered_at).total_seconds()
        place.entered_at = place.entered_at or visit.entered_at
        place.state = "now" if visit.exited_at is None else place.state or "done"
    return list(places.values())


def _stand(card: Card, visits: Sequence[StageVisit], moment: datetime) -> None:
    card.now_at = next((place for place in card.rail if place.state == "now"), None)
    if card.now_at is None:
        return
    card.here_since = visits[-1].entered_at
    card.here_seconds = (moment - visits[-1].entered_at).total_seconds()
    card.usual = _usual(card.now_at.stage)


def _usual(stage: Stage) -> tuple[float, float] | None:
    """Median and p90 of the latest finished stays on the stage, where there are at least five."""
    finished = StageVisit.objects.filter(map=stage.map_id, stage=stage, exited_at__isnull=False)
    spans = finished.order_by("-entered_at").values_list(F("exited_at") - F("entered_at"), flat=True)[:_COMPARED]
    seconds = sorted(span.total_seconds() for span in spans)
    if len(seconds) < 5:
        return None
    return seconds[len(seconds) // 2], seconds[min(len(seconds) * 9 // 10, len(seconds) - 1)]


def _engage(card: Card, touches: Sequence[tuple[str, datetime]], formula: Formula, moment: datetime) -> None:
    week_ago = moment - timedelta(days=7)
    card.formula = formula
    card.engagement = engagement_of(touches, now=moment, formula=formula)
    earlier = [(event, at) for event, at in touches if at <= week_ago]
    card.trend = round(card.engagement.score) - round(engagement_of(earlier, now=week_ago, formula=formula).score)
