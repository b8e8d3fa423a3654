"""The path of one customer as a drawing: steps along the stages, dashed falls for returns, touches on the line."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from journeys.models import Stage

from .models import StageVisit, Touch

WIDTH, HEIGHT = 1000.0, 100.0
_MOST_MARKS = 24
_LEAST_GAP = 3.4
_MOST_MONTHS = 7


@dataclass
class Mark:
    x: float
    y: float
    touch: Touch
    valence: str


@dataclass
class Chart:
    """Positions in percent; paths in a box of 1000 by 100."""

    rows: list[tuple[float, Stage]]
    steps: str
    falls: str
    marks: list[Mark] = field(default_factory=list)
    months: list[tuple[float, str]] = field(default_factory=list)
    returns: list[tuple[float, float, Stage]] = field(default_factory=list)
    visits: Sequence[StageVisit] = ()


def draw(stages: Sequence[Stage], visits: Sequence[StageVisit], touches: Sequence[Touch], *, now: datetime) -> Chart | None:
    """The chart; `visits` are in time order and `touches` newest first. None where the visited stages are gone."""
    seen = {visit.stage_id for visit in visits}
    rows = [stage for stage in reversed(stages) if stage.pk in seen]
    if not rows:
        return None
    margin = 14.0
    gap = (HEIGHT - 2 * margin) / max(len(rows) - 1, 1)
    heights = {stage.pk: (margin + gap * index if len(rows) > 1 else HEIGHT / 2) for index, stage in enumerate(rows)}
    standing = [visit for visit in visits if visit.stage_id in heights]
    begin, end = _span(standing, touches, now)
    across = _scale(begin, end)
    chart = Chart([(heights[stage.pk], stage) for stage in rows], *_paths(standing, heights, across, end))
    chart.visits = standing[-20:]
    chart.marks = _marks(standing, touches, heights, across)
    chart.months = _months(begin, end, across)
    chart.returns = [
        (across(visit.entered_at) / 10, (heights[earlier.stage_id] + heights[visit.stage_id]) / 2, visit.stage)
        for earlier, visit in zip(standing, standing[1:], strict=False)
        if visit.entry == StageVisit.Entry.RETURN
    ][-3:]
    return chart


def _span(visits: Sequence[StageVisit], touches: Sequence[Touch], now: datetime) -> tuple[datetime, datetime]:
    moments = [visit.entered_at for visit in visits] + [touch.occurred_at for touch in (*touches[:1], *touches[-1:])]
    first, last = min(moments), max(moments)
    tail = max((last - first) / 8, timedelta(days=1))
    return first, min(max(now, last), last + tail) if visits[-1].exited_at is None else last + tail / 4


def _scale(begin: datetime, end: datetime) -> Any:
    whole = max((end - begin).total_seconds(), 1.0)
    return lambda moment: round(15 + (WIDTH - 30) * min(max((moment - begin).total_seconds() / whole, 0), 1), 1)


def _paths(visits: Sequence[StageVisit], heights: dict[Any, float], across: Any, end: datetime) -> tuple[str, str]:
    steps: list[str] = []
    falls: list[str] = []
    for index, visit in enumerate(visits):
        y, left, right = heights[visit.stage_id], across(visit.entered_at), across(visit.exited_at or end)
        steps.append(f"M{left} {y:.1f}H{right}")
        if index + 1 < len(visits):
            following = visits[index + 1]
            line = f"M{right} {y:.1f}V{heights[following.stage_id]:.1f}"
            (falls if following.entry == StageVisit.Entry.RETURN else steps).append(line)
    return "".join(steps), "".join(falls)


def _marks(visits: Sequence[StageVisit], touches: Sequence[Touch], heights: dict[Any, float], across: Any) -> list[Mark]:
    """Touches on the line, thinned out where they would cover each other; those that moved the customer go first."""
    movers = {visit.via_touch_id for visit in visits}
    ordered = sorted(touches, key=lambda touch: (touch.pk not in movers, not touch.score_metric, not touch.value))
    marks: list[Mark] = []
    for touch in ordered:
        if len(marks) == _MOST_MARKS:
            break
        stage = next((visit.stage_id for visit in reversed(visits) if visit.entered_at <= touch.occurred_at), None)
        if stage is None:
            continue
        x, y = across(touch.occurred_at) / 10, heights[stage]
        if all(abs(mark.x - x) >= _LEAST_GAP or abs(mark.y - y) > 1 for mark in marks):
            marks.append(Mark(x, y, touch, _valence(touch, touch.pk in movers)))
    return sorted(marks, key=lambda mark: mark.x)


def _valence(touch: Touch, is_mover: bool) -> str:
    scales = {"nps": (7, 9), "csat": (3, 4), "ces": (4, 5)}
    if touch.score_metric in scales and touch.score_value is not None:
        low, high = scales[touch.score_metric]
        return "v-neg1" if touch.score_value < low else "v-pos1" if touch.score_value >= high else "v-zero"
    return "v-pos1" if is_mover or touch.value else ""


def _months(begin: datetime, end: datetime, across: Any) -> list[tuple[float, str]]:
    """Marks under the chart: months, or days where the whole lies within two months."""
    first, last = timezone.localtime(begin), timezone.localtime(end)
    if (last - first).days < 62:
        count = 5
        moments = [first + (last - first) * index / (count - 1) for index in range(count)]
        return [(across(moment) / 10, date_format(moment, "j b")) for moment in moments]
    months = (last.year - first.year) * 12 + last.month - first.month
    every = max(1, -(-months // _MOST_MONTHS))
    marks = []
    for index in range(1, months + 1, every):
        number = first.year * 12 + first.month - 1 + index
        moment = first.replace(year=number // 12, month=number % 12 + 1, day=1, hour=0, minute=0, second=0)
        marks.append((across(moment) / 10, date_format(moment, "b Y" if every > 6 else "b")))
    if not marks or marks[0][0] > _LEAST_GAP * 2:
        marks.insert(0, (across(begin) / 10, date_format(first, "b")))
    return marks
