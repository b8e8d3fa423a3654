"""The funnel page put together: which reports it asks and what their answers say side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from analytics import charts, dashboard
from analytics.dashboard import Asked, Loss, Row, Told, Totals
from customers.models import StageVisit
from journeys.models import JourneyMap, Stage


@dataclass(frozen=True)
class Page:
    """Everything below the filters. A part whose report is not there yet is None or empty."""

    asked: Asked
    told: Told
    before: Told | None
    times: Told
    rows: Sequence[Row]
    totals: Totals | None
    old: Totals | None
    losses: Sequence[Loss]
    multiples: Sequence[tuple[Stage, charts.Multiple]]
    trend: charts.Trend | None

    @property
    def parts(self) -> list[Told]:
        return [one for one in (self.told, self.before, self.times) if one is not None]

    @property
    def is_pending(self) -> bool:
        return any(one.is_pending for one in self.parts)

    @property
    def is_old(self) -> bool:
        return any(one.is_old for one in self.parts)

    @property
    def percent(self) -> int:
        pending = [one.percent for one in self.parts if one.is_pending]
        done = len(self.parts) - len(pending)
        return round((100 * done + sum(pending)) / len(self.parts))

    @property
    def error(self) -> Any:
        return next((one.error for one in self.parts if one.error), "")

    @property
    def is_empty(self) -> bool:
        return bool(self.rows) and not any(row.count for row in self.rows)

    @property
    def step_from(self) -> Stage:
        return self.asked.stages[max(self.asked.step - 1, 0)]

    @property
    def step_to(self) -> Stage:
        return self.asked.stages[self.asked.step]

    @property
    def query_shares(self) -> str:
        return self.asked.query(show="shares")

    @property
    def query_people(self) -> str:
        return self.asked.query(show="people")

    @property
    def change_through(self) -> float | None:
        return _change(self.totals, self.old, "through")

    @property
    def change_median(self) -> float | None:
        return _change(self.totals, self.old, "median")

    @property
    def change_entered(self) -> int | None:
        return self.totals.entered - self.old.entered if self.totals and self.old and self.old.entered else None

    @property
    def change_loss(self) -> Any:
        return self.totals.loss - self.old.loss if self.totals and self.old and self.totals.loss and self.old.loss else None


def _change(now: Totals | None, old: Totals | None, name: str) -> float | None:
    one, two = getattr(now, name, None), getattr(old, name, None)
    return None if one is None or two is None else one - two


def choose_map(maps: Sequence[JourneyMap], wanted: str) -> JourneyMap | None:
    """The map of that id, else the one that somebody visited last, else the one changed last. At most one query."""
    named = {str(row.pk): row for row in maps}
    if wanted in named or not maps:
        return named.get(wanted)
    visited = StageVisit.objects.order_by("-id").values_list("map_id", flat=True).first()
    return named.get(str(visited), maps[0])


def maps_to_choose() -> list[JourneyMap]:
    live = JourneyMap.objects.living().filter(archived_at__isnull=True).exclude(status=JourneyMap.Status.ARCHIVED)
    return sorted(live.order_by("-updated_at", "id")[:200], key=lambda row: row.status != JourneyMap.Status.LIVE)


def load(asked: Asked, *, now: datetime) -> Page:
    """Asks the page's reports: the funnel, the same one period earlier, and the times in the stages."""
    more = {"histogram": _histogram(asked), "trend": _trend_question(asked)}
    told = dashboard.tell("funnel", asked.funnel(**more))
    earlier = replace(asked, period=asked.period.before())
    before = dashboard.tell("funnel", earlier.funnel(**more)) if asked.compare else None
    times = dashboard.tell("time-in-stage", _without_segment(asked))
    rows = dashboard.rows(asked, told.answer) if told.answer else []
    old_rows = dashboard.rows(earlier, before.answer) if before and before.answer else []
    totals = dashboard.totals(asked, rows, told.answer) if told.answer else None
    return Page(
        asked=asked,
        told=told,
        before=before,
        times=times,
        rows=rows,
        totals=totals,
        old=dashboard.totals(earlier, old_rows, before.answer) if before and before.answer else None,
        losses=dashboard.losses(asked, rows) if rows else [],
        multiples=_multiples(asked, times),
        trend=_trend(asked, told, before, totals, now),
    )


def _histogram(asked: Asked) -> dict[str, Any] | None:
    return {"from_step": 0, "to_step": asked.purchase, "bins": dashboard.BINS} if asked.purchase > 0 else None


def _trend_question(asked: Asked) -> dict[str, Any] | None:
    return {"interval": "week", "from_step": asked.step - 1, "to_step": asked.step} if asked.step > 0 else None


def _without_segment(asked: Asked) -> dict[str, Any]:
    return asked.question(bins=120, segment=None)


def _multiples(asked: Asked, times: Told) -> list[tuple[Stage, charts.Multiple]]:
    found = {one["stage"]: one for one in times.answer["stages"]} if times.answer else {}
    known = [stage for stage in asked.stages if str(stage.pk) in found]
    drawn = charts.multiples([found[str(stage.pk)] for stage in known])
    return [(stage, one) for stage, one in zip(known, drawn, strict=True) if one.done or (one.open and stage != known[-1])]


def _trend(asked: Asked, told: Told, before: Told | None, totals: Totals | None, now: datetime) -> charts.Trend | None:
    points = told.answer.get("trend") if told.answer else None
    if not points or not asked.step:
        return None
    earlier = before.answer.get("trend") if before and before.answer else None
    return charts.trend(
        points,
        earlier or [],
        benchmark=asked.stages[asked.step].conversion_benchmark,
        window=_matures_in(asked, totals),
        zone=asked.period.zone,
        now=now,
    )


def _matures_in(asked: Asked, totals: Totals | None) -> timedelta:
    """How long a week stays open: until nine in ten of those who get to the deal are there, at most the window."""
    window = timedelta(days=asked.window_days)
    if totals is None or totals.p90 is None or asked.step > asked.purchase:
        return window
    return min(window, timedelta(seconds=totals.p90))


def sheet(page: Page) -> Iterator[Sequence[Any]]:
    """The funnel table for a spreadsheet: fractions and seconds, unrounded."""
    asked = page.asked
    yield [_("Map"), asked.map.title]
    yield [_("Period"), asked.period.first.isoformat(), asked.period.last.isoformat()]
    yield [_("Counting"), asked.mode, f"{asked.window_days}"]
    yield [_("Data as of"), page.told.answered_at.isoformat() if page.told.answered_at else ""]
    yield []
    yield [
        _("Stage"), _("Entered"), _("Step"), _("Benchmark"), _("Overall"), _("Median, seconds"), _("Lost"), _("Under way"),
        _("Loss a month"), _("Currency"),
    ]  # fmt: skip
    for row in page.rows:
        yield [
            row.stage.name, row.count, row.share, row.benchmark, row.overall, row.median, row.dropped, row.in_progress,
            row.money, asked.map.currency if row.money is not None else "",
        ]  # fmt: skip
