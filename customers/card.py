"""One customer's way: where they stand, the path over time, the touches with the changes of stage among them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from cjm.lib.clock import now
from cjm.lib.refusals import Refusal
from journeys.models import JourneyMap, Stage

from . import engagement
from .models import Customer, Score, StageVisit, Touch
from .path_chart import Chart, draw

PAGE = 50
MOST_VISITS = 500
MOST_SCORED = 2000
_ICONS = {
    "email": "mail", "email_nurture": "mail", "email_transactional": "mail", "newsletter": "mail", "website": "globe",
    "landing": "globe", "blog": "doc", "seo": "search", "ads_context": "target", "ads_targeted": "target", "social": "msg",
    "messenger": "msg", "support_chat": "msg", "support_ticket": "headset", "service_desk": "headset", "call_in": "phone",
    "call_out": "phone", "call": "phone", "meeting_online": "screen", "meeting_offline": "people", "webinar": "video",
    "event": "calendar", "podcast": "headset", "product_ui": "cube", "in_app": "cube", "docs": "book", "faq": "book",
    "training_video": "video", "crm": "card",
}  # fmt: skip


@dataclass
class RailStage:
    stage: Stage
    visits: int = 0
    seconds: float = 0
    entered_at: datetime | None = None
    state: str = ""


@dataclass
class Entry:
    """One line of the timeline: a touch or a change of stage."""

    at: datetime
    key: int
    touch: Touch | None = None
    visit: StageVisit | None = None
    before: Stage | None = None

    @property
    def icon(self) -> str:
        if self.visit is not None:
            return "back" if self.visit.entry == StageVisit.Entry.RETURN else "arrow"
        touch = self.touch
        if touch is not None and touch.score_metric:
            return "comment"
        if touch is not None and touch.value:
            return "ruble" if touch.currency in ("", "RUB") else "card"
        return _ICONS.get(touch.channel if touch else "", "cursor")

    @property
    def css(self) -> str:
        if self.visit is None:
            return ""
        return "jump" if self.visit.entry == StageVisit.Entry.RETURN else "stagechg"


@dataclass
class Card:
    """All that the page shows; `months` are the timeline's page, the newest first."""

    maps: list[JourneyMap] = field(default_factory=list)
    map: JourneyMap | None = None
    rail: list[RailStage] = field(default_factory=list)
    now_at: RailStage | None = None
    returns: int = 0
    chart: Chart | None = None
    touches: int = 0
    first: Touch | None = None
    months: list[tuple[datetime, list[Entry]]] = field(default_factory=list)
    next: str = ""
    score: Any = None
    answers: Sequence[Score] = ()


def load_card(customer: Customer, *, map_id: str = "", before: str = "") -> Card:
    """A constant number of queries, whatever the number of touches."""
    moment = now()
    maps = _maps(customer)
    chosen = next((row for row in maps if str(row.pk) == map_id), maps[0] if maps else None)
    visits = _visits(customer, chosen) if chosen else []
    stages = list(chosen.stages.filter(deleted_at__isnull=True).order_by("rank", "pk")) if chosen else []
    card = Card(maps=maps, map=chosen, rail=_rail(stages, visits, moment))
    card.now_at = next((place for place in card.rail if place.state == "now"), None)
    card.returns = sum(visit.entry == StageVisit.Entry.RETURN for visit in visits)
    touches = Touch.objects.filter(identity__customer=customer)
    card.touches = touches.count()
    card.first = touches.order_by("occurred_at", "id").first()
    recent = list(touches.select_related("score").order_by("-occurred_at", "-id")[:MOST_SCORED])
    card.chart = draw(stages, visits, recent, now=moment) if visits else None
    card.score = engagement.score_of([(touch.event, touch.occurred_at) for touch in recent], now=moment)
    card.months, card.next = _timeline(touches, visits, recent, before)
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


def _timeline(
    touches: Any, visits: Sequence[StageVisit], recent: Sequence[Touch], before: str
) -> tuple[list[tuple[datetime, list[Entry]]], str]:
    """A page of touches with the changes of stage that lie among them."""
    position = _read_position(before)
    if position:
        moment, key = position
        older = touches.filter(Q(occurred_at__lt=moment) | Q(occurred_at=moment, id__lt=key)).select_related("score")
        page = list(older.order_by("-occurred_at", "-id")[: PAGE + 1])
    else:
        page = list(recent[: PAGE + 1])
    is_more = len(page) > PAGE
    entries = [Entry(touch.occurred_at, touch.pk * 2, touch=touch) for touch in page[:PAGE]]
    upper = position[0] if position else None
    lower = entries[-1].at if is_more else None
    for earlier, visit in zip([None, *visits], visits, strict=False):
        is_here = (upper is None or visit.entered_at < upper) and (lower is None or visit.entered_at >= lower)
        if is_here:
            entries.append(
                Entry(visit.entered_at, (visit.via_touch_id or 0) * 2 + 1, visit=visit, before=earlier.stage if earlier else None)
            )
    entries.sort(key=lambda entry: (entry.at, entry.key), reverse=True)
    last = page[PAGE - 1] if is_more else None
    return _by_month(entries), f"{last.occurred_at.isoformat()}|{last.pk}" if last else ""


def _by_month(entries: Sequence[Entry]) -> list[tuple[datetime, list[Entry]]]:
    from django.utils import timezone

    months: list[tuple[datetime, list[Entry]]] = []
    for entry in entries:
        local = timezone.localtime(entry.at)
        if not months or (months[-1][0].year, months[-1][0].month) != (local.year, local.month):
            months.append((local, []))
        months[-1][1].append(entry)
    return months


def _read_position(text: str) -> tuple[datetime, int] | None:
    if not text:
        return None
    moment, _bar, key = text.replace(" ", "+").partition("|")
    try:
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None:
            raise ValueError(moment)
        return at, int(key)
    except ValueError as error:
        raise Refusal("invalid_cursor", _("This place in the list cannot be read. Begin at the first page.")) from error
