"""A customer's touches with the changes of stage among them, page by page from the newest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cjm.lib.refusals import Refusal
from journeys.models import Stage

from .models import StageVisit, Touch

PAGE = 50
_ICONS = {
    "email": "mail", "email_nurture": "mail", "email_transactional": "mail", "newsletter": "mail", "website": "globe",
    "landing": "globe", "web": "globe", "blog": "doc", "seo": "search", "ads_context": "target", "ads_targeted": "target",
    "social": "msg", "messenger": "msg", "support_chat": "msg", "support_ticket": "headset", "service_desk": "headset",
    "call_in": "phone", "call_out": "phone", "call": "phone", "meeting_online": "screen", "meeting_offline": "people",
    "webinar": "video", "event": "calendar", "podcast": "headset", "product_ui": "cube", "product": "cube", "in_app": "cube",
    "docs": "book", "faq": "book", "training_video": "video", "crm": "card",
}  # fmt: skip


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
        return icon_of(self.touch) if self.touch else "cursor"

    @property
    def css(self) -> str:
        if self.visit is None:
            return ""
        return "jump" if self.visit.entry == StageVisit.Entry.RETURN else "stagechg"


def icon_of(touch: Touch) -> str:
    if touch.score_metric:
        return "comment"
    if touch.value:
        return "ruble" if touch.currency in ("", "RUB") else "card"
    return _ICONS.get(touch.channel, "cursor")


def words_of(name: str) -> str:
    """An event's machine name as people read it: demo_booked → Demo booked."""
    text = name.replace("_", " ").strip() if " " not in name else name
    return text[:1].upper() + text[1:]


@dataclass
class Timeline:
    """A page of months, newest first; `next` is the place of the following page, empty at the end."""

    months: list[tuple[datetime, list[Entry]]]
    next: str


def load_timeline(touches: Any, visits: Sequence[StageVisit], *, before: str, is_whole: bool) -> Timeline:
    """Touches of one customer and the changes of stage that lie among them. One query; `touches` is a queryset.

    Without `is_whole` only what matters: touches that brought money or an answer, and the changes of stage for those that
    moved the customer.
    """
    position = _read_position(before)
    rows = touches if is_whole else touches.filter(_important(visits))
    if position:
        moment, key = position
        rows = rows.filter(Q(occurred_at__lt=moment) | Q(occurred_at=moment, id__lt=key))
    page = list(rows.select_related("score").order_by("-occurred_at", "-id")[: PAGE + 1])
    is_more = len(page) > PAGE
    told = set() if is_whole else {visit.via_touch_id for visit in visits}
    entries = [
        Entry(touch.occurred_at, touch.pk * 2, touch=touch)
        for touch in page[:PAGE]
        if touch.pk not in told or touch.value is not None or touch.score_metric
    ]
    upper = position[0] if position else None
    lower = page[PAGE - 1].occurred_at if is_more else None
    for earlier, visit in zip([None, *visits], visits, strict=False):
        if (upper is None or visit.entered_at < upper) and (lower is None or visit.entered_at >= lower):
            key = (visit.via_touch_id or 0) * 2 + 1
            entries.append(Entry(visit.entered_at, key, visit=visit, before=earlier.stage if earlier else None))
    entries.sort(key=lambda entry: (entry.at, entry.key), reverse=True)
    last = page[PAGE - 1] if is_more else None
    return Timeline(_by_month(entries), f"{last.occurred_at.isoformat()}|{last.pk}" if last else "")


def _important(visits: Sequence[StageVisit]) -> Q:
    movers = [visit.via_touch_id for visit in visits if visit.via_touch_id]
    return Q(pk__in=movers) | Q(value__isnull=False) | ~Q(score_metric="")


def _by_month(entries: Sequence[Entry]) -> list[tuple[datetime, list[Entry]]]:
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
