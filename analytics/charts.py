"""Drawing rules of the analytics pages: histograms with tails, the trend with its expected band. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from analytics import holes
from cjm.lib import svg

Bins = Sequence[Sequence[float]]
_BARS = 28
WIDTH, HEIGHT = 1000, 216


def quantile(bins: Bins, share: float) -> float | None:
    """The quantile of a histogram [[lower edge, count], …] in its unit, evenly spread inside a bin; None without data."""
    total = sum(count for _edge, count in bins)
    if not total:
        return None
    width = bins[1][0] - bins[0][0] if len(bins) > 1 else 1.0
    passed = 0.0
    for edge, count in bins:
        if count and passed + count >= share * total:
            return float(edge + width * (share * total - passed) / count) if len(bins) > 1 else float(edge)
        passed += count
    return float(bins[-1][0])


@dataclass(frozen=True)
class Bar:
    height: float
    kind: str


@dataclass(frozen=True)
class Multiple:
    """The small histogram of the completed visits of one stage, with their median and p90 in seconds.

    `survival` is the median with those still there counted in (None: not reached); `median_at` is a percentage of the width.
    """

    name: str
    done: int
    open: int
    median: float | None
    p90: float | None
    survival: float | None
    most: float | None
    stuck: int = 0
    bars: Sequence[Bar] = ()
    median_at: float | None = None
    table: Sequence[tuple[float, int]] = ()


def multiples(stages: Sequence[Mapping[str, Any]], *, bars: int = _BARS) -> list[Multiple]:
    return [_multiple(stage, bars) for stage in stages]


def _multiple(stage: Mapping[str, Any], columns: int) -> Multiple:
    """Bars of equal width from 0 to the longest completed visit; those beyond the p90 are the tail."""
    bins = stage["histogram"]["bins"] if isinstance(stage["histogram"], Mapping) else stage["histogram"] or []
    median, p90 = stage["done"]["median_seconds"], stage["done"]["p90_seconds"]
    known = (stage["name"], stage["n"], stage["open"], median, p90, stage["median_seconds"])
    if not bins:
        return Multiple(*known, None, stage["stuck"])
    width = bins[1][0] - bins[0][0] if len(bins) > 1 else max(bins[0][0], 1.0)
    end = bins[-1][0] + width
    counts = [0.0] * columns
    for edge, count in bins:
        counts[min(columns - 1, int(columns * (edge + width / 2) / end))] += count
    top = max(counts) or 1.0
    bars = [
        Bar(max(3.0 if count else 0.0, round(100 * count / top, 1)), "tail" if end * (index + 0.5) / columns > p90 else "")
        for index, count in enumerate(counts)
    ]
    table = [(edge, int(count)) for edge, count in bins if count]
    return Multiple(*known, end, stage["stuck"], bars, round(100 * min(median, end) / end, 2), table[:60])


@dataclass(frozen=True)
class Week:
    """A bucket of the trend; `low` and `high` bound what chance alone would give around the mean."""

    day: date
    entered: int
    converted: int
    rate: float | None
    low: float
    high: float
    is_open: bool

    @property
    def is_anomaly(self) -> bool:
        return self.rate is not None and not self.is_open and self.entered >= 20 and not self.low <= self.rate <= self.high


@dataclass(frozen=True)
class Trend:
    """The trend as data and as the server's own drawing (percentages of the field)."""

    weeks: Sequence[Week]
    previous: Sequence[float | None]
    mean: float | None
    benchmark: float | None
    top: float
    line: str = ""
    old: str = ""
    area: str = ""
    bench_y: float | None = None
    grid: Sequence[tuple[float, float, float]] = ()
    ticks: Sequence[tuple[float, date]] = ()
    dots: Sequence[tuple[float, float, Week]] = field(default_factory=tuple)

    @property
    def anomalies(self) -> list[Week]:
        return [week for week in self.weeks if week.is_anomaly]


def trend(
    points: Sequence[Mapping[str, Any]],
    previous: Sequence[Mapping[str, Any]],
    *,
    benchmark: float | None,
    window: timedelta,
    zone: ZoneInfo,
    now: datetime,
) -> Trend:
    """Rates by week beside those of the period before; the band is binomial noise around the mean of complete weeks."""
    ready = [point for point in points if point["entered"] and not _is_open(point, window, zone, now)] or [
        point for point in points if point["entered"]
    ]
    entered, converted = sum(p["entered"] for p in ready), sum(p["converted"] for p in ready)
    mean = converted / entered if entered else None
    weeks = [_week(point, mean, _is_open(point, window, zone, now)) for point in points]
    old = [point["rate"] if point["entered"] else None for point in previous][: len(weeks)]
    values = [*(week.rate or 0 for week in weeks), *(value or 0 for value in old), benchmark or 0, *(_bound(w) for w in weeks)]
    return _drawn(weeks, old, mean, benchmark, _ceiling(max(values, default=0.1)))


def _is_open(point: Mapping[str, Any], window: timedelta, zone: ZoneInfo, now: datetime) -> bool:
    end = datetime.fromisoformat(point["period"]).replace(tzinfo=zone) + timedelta(days=7)
    return end + window > now


def _bound(week: Week) -> float:
    return week.high if week.entered >= 20 else 0.0


def _week(point: Mapping[str, Any], mean: float | None, is_open: bool) -> Week:
    n = point["entered"]
    low, high = holes.interval_of_share(round((mean or 0) * n), n) if n else (0.0, 0.0)
    return Week(date.fromisoformat(point["period"]), n, point["converted"], point["rate"] if n else None, low, high, is_open)


def _ceiling(value: float) -> float:
    for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0):
        if value <= step:
            return step
    return 1.0


def _drawn(weeks: Sequence[Week], old: Sequence[float | None], mean: float | None, benchmark: float | None, top: float) -> Trend:
    last = max(len(weeks) - 1, 1)

    def x(index: int) -> float:
        return WIDTH * index / last

    def y(value: float) -> float:
        return HEIGHT * (1 - min(value, top) / top)

    line = [(x(i), y(week.rate)) for i, week in enumerate(weeks) if week.rate is not None]
    before = [(x(i), y(value)) for i, value in enumerate(old) if value is not None]
    known = [(i, week) for i, week in enumerate(weeks) if week.entered >= 20]
    step = max(1, -(-len(weeks) // 7))
    return Trend(
        weeks, old, mean, benchmark, top,
        line=svg.curve(line),
        old=svg.curve(before),
        area=svg.band([(x(i), y(w.high)) for i, w in known], [(x(i), y(w.low)) for i, w in known]),
        bench_y=None if benchmark is None or benchmark > top else y(benchmark),
        grid=[(y(top * k / 4), round(100 - 25 * k, 1), top * k / 4) for k in range(5)],
        ticks=[(round(100 * i / last, 2), week.day) for i, week in enumerate(weeks) if i % step == 0],
        dots=[
            (round(100 * i / last, 2), round(100 * y(w.rate) / HEIGHT, 2), w)
            for i, w in enumerate(weeks) if w.rate is not None and (w.is_anomaly or len(line) == 1)
        ],
    )  # fmt: skip
