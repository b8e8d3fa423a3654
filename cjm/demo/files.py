"""Generated traffic as what a user would upload: a table of touches, and customers as the API takes them. Pure."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from .events import CHURN_REASONS, KINDS, LOST_REASONS, Pair
from .people import CITIES, INDUSTRIES, JOBS, SIZES, company_of, name_of
from .story import Moment
from .traffic import DAYS, METRIC, NAMES, SEED, Floats, Journeys
from .words import told

ZONE: Final = ZoneInfo("Europe/Moscow")
COLUMNS: Final = (
    "customer", "anonymous_id", "touch_id", "event", "occurred_at", "channel", "touchpoint", "value", "currency", "score_metric",
    "score_value", "title", "reason",
)  # fmt: skip
FIELDS: Final = (*COLUMNS[:-2], "props", "props")
_OPENS, _HOURS = 8.5, 12.0


@dataclass(frozen=True)
class Calendar:
    """Turns days of the generated half-year into moments: office hours of Moscow, ending with the last finished day."""

    now: datetime

    @property
    def start(self) -> datetime:
        """The first midnight of the half-year."""
        last = (self.now.astimezone(ZONE) - timedelta(hours=_OPENS + _HOURS)).date()
        return datetime.combine(last - timedelta(days=DAYS - 1), time(), ZONE)

    def moments(self, days: Floats) -> list[str]:
        """ISO texts."""
        whole = np.floor(days)
        seconds = whole * 86_400 + (_OPENS + (days - whole) * _HOURS) * 3600
        at = np.datetime64(int(self.start.timestamp()), "s") + seconds.astype("timedelta64[s]")
        texts: list[str] = np.datetime_as_string(at, unit="s", timezone="UTC").tolist()
        return texts

    def of(self, moment: Moment) -> datetime:
        return datetime.combine(
            self.now.astimezone(ZONE).date() - timedelta(days=moment.days_ago), time.fromisoformat(moment.clock), ZONE
        )


@dataclass(frozen=True)
class Table:
    """A CSV file in memory, and how many rows it has."""

    text: bytes
    rows: int


def tables(journeys: Journeys, *, calendar: Calendar, language: str, first: int) -> tuple[Table, Table]:
    """The touches as two files: about `first` touches of whole customers, and the rest."""
    touches = journeys.touches
    at = calendar.moments(touches.day)
    pick = 0 if language == "ru" else 1
    kinds = [KINDS[name] for name in NAMES]
    titles = [_titles(name, pick) for name in NAMES]
    is_known = journeys.depth > 1
    rows: list[tuple[str, ...]] = []
    cut = before = -1
    columns = (touches.customer, touches.kind, touches.title, touches.score, touches.value)
    for number, (who, kind, title, score, value) in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        if cut < 0 and who != before and len(rows) >= first:
            cut = len(rows)
        before = who
        one = kinds[kind]
        known = is_known[who]
        text, reason = titles[kind][title] if title >= 0 else ("", "")
        rows.append(
            (
                f"c-{who:05}" if known else "", "" if known else f"v-{who:05}", f"t-{number:06}", one.event, at[number],
                one.channel, one.touchpoint[pick], f"{value:.2f}" if value == value else "", "RUB" if value == value else "",
                METRIC[NAMES[kind]] if score == score else "", f"{score:.0f}" if score == score else "", text, reason,
            )
        )  # fmt: skip
    cut = len(rows) if cut < 0 else cut
    return _table(rows[:cut]), _table(rows[cut:])


def _titles(name: str, pick: int) -> list[tuple[str, str]]:
    """What the touch was about, and the reason where it is a loss."""
    reasons = {"lost": LOST_REASONS, "stalled": CHURN_REASONS, "churn": CHURN_REASONS}.get(name)
    if reasons:
        return [("", text[pick]) for text, _share in reasons]
    return [(text[pick], "") for text in KINDS[name].titles]


def _table(rows: list[tuple[str, ...]]) -> Table:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return Table(text.getvalue().encode(), len(rows))


def customers(journeys: Journeys, *, calendar: Calendar, language: str) -> list[dict[str, Any]]:
    """Those who left a contact, with name, company and consent, as `customers/bulk` takes them."""
    draw = np.random.default_rng(SEED + 1)
    known = np.flatnonzero(journeys.depth > 1)
    since = calendar.moments(journeys.entered[0, known])
    return [_customer(int(who), at, draw, 0 if language == "ru" else 1) for who, at in zip(known, since, strict=True)]


def _customer(who: int, since: str, draw: np.random.Generator, pick: int) -> dict[str, Any]:
    name, address = name_of(draw)
    company = int(draw.integers(2_900))
    job = JOBS[int(draw.choice(len(JOBS), p=[share for _job, share in JOBS]))][0]
    return {
        "external_id": f"c-{who:05}",
        "name": name[pick],
        "email": f"{address}.{who}@company-{company}.example",
        "created_at": since,
        "consent": {"email": bool(draw.random() < 0.86)},
        "company": {"external_id": f"company-{company}", "name": company_of(company)[pick]},
        "attrs": {
            "job": job[pick], "company_size": SIZES[company % len(SIZES)], "industry": _one(INDUSTRIES, company, pick),
            "city": _one(CITIES, company // 7, pick),
        },
    }  # fmt: skip


def _one(words: tuple[Pair, ...], number: int, pick: int) -> str:
    return words[number % len(words)][pick]


def story_customer(person: dict[str, Any], touches: list[dict[str, Any]], language: str) -> dict[str, Any]:
    """Whose story is told, known since the first touch of it."""
    return dict(told(person, language)) | {"created_at": touches[0]["occurred_at"]}


def story_touches(external_id: str, moments: tuple[Moment, ...], *, calendar: Calendar, language: str) -> list[dict[str, Any]]:
    """A told story as the API takes touches."""
    pick = 0 if language == "ru" else 1
    return [_story_touch(external_id, number, moment, calendar, pick) for number, moment in enumerate(moments)]


def _story_touch(external_id: str, number: int, moment: Moment, calendar: Calendar, pick: int) -> dict[str, Any]:
    kind = KINDS[moment.kind]
    title = moment.title or kind.titles[0]
    props = {"title": title[pick]} | ({"note": moment.note[pick]} if moment.note else {})
    touch: dict[str, Any] = {
        "touch_id": f"{external_id}-{number}", "customer": external_id, "event": kind.event, "channel": kind.channel,
        "occurred_at": calendar.of(moment).isoformat(), "touchpoint": kind.touchpoint[pick], "props": props,
    }  # fmt: skip
    if moment.score:
        metric, value, comment = moment.score
        touch["score"] = {"metric": metric, "value": value, "comment": comment[pick]}
    return touch
