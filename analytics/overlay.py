"""The figures that lie over a map: conversion and time between the stages, people, metrics, metrics of touchpoints.

A constant number of queries, whatever the map's size: three reports and what stands on the map.
"""

import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from analytics import charts, dashboard, metrics
from analytics.dashboard import Asked, Row, Told
from analytics.metrics import Figure, Figures
from analytics.periods import DEFAULT, latest
from journeys.models import JourneyMap, Stage

BARS = 18


@dataclass(frozen=True)
class Column:
    """What stands over one stage: the step from the previous one, a typed conversion instead, metrics, time in the stage."""

    stage: Stage
    row: Row | None
    count: int
    typed: Figure | None
    figures: Sequence[Figure]
    times: charts.Multiple | None
    bars: Sequence[charts.Bar]


@dataclass(frozen=True)
class Overlay:
    asked: Asked
    columns: Sequence[Column]
    touchpoints: Sequence[tuple[UUID, Figure]]
    told: Sequence[Told]

    @property
    def is_pending(self) -> bool:
        return any(one.is_pending for one in self.told)

    @property
    def error(self) -> Any:
        return next((one.error for one in self.told if one.error), "")

    @property
    def answered_at(self) -> datetime | None:
        """The age of the oldest part."""
        return min((one.answered_at for one in self.told if one.answered_at), default=None)


def load(row: JourneyMap, *, timezone: str, now: datetime) -> Overlay:
    stages = list(Stage.objects.living().filter(map=row).order_by("rank", "id"))
    period = latest(row, days=DEFAULT, zone=zoneinfo.ZoneInfo(timezone), now=now)
    asked = Asked(map=row, stages=stages, period=period)
    found = metrics.of_map(row, period)
    told = [found.told] if found.told else []
    answer, times = None, None
    if stages:
        told += [dashboard.tell("funnel", asked.funnel()), dashboard.tell("time-in-stage", asked.question(bins=BARS * 4))]
        answer, times = told[-2].answer, told[-1].answer
    return Overlay(asked, _columns(asked, answer, times, found), _touchpoints(found), told)


def _columns(asked: Asked, answer: Mapping[str, Any] | None, times: Mapping[str, Any] | None, found: Figures) -> list[Column]:
    rows = {one.stage.pk: one for one in dashboard.rows(asked, answer)} if answer else {}
    spans = {one["stage"]: one for one in times["stages"]} if times else {}
    columns = [_column(stage, rows.get(stage.pk), spans.get(str(stage.pk)), found.of_stage(stage)) for stage in asked.stages]
    return columns[:1] + [_with_time(column, before) for before, column in zip(columns, columns[1:], strict=False)]


def _with_time(column: Column, before: Column) -> Column:
    """The time to a stage is how long those who went on had stayed on the one before: people whom the period meets halfway
    have no time in the funnel's mode "reached"."""
    if column.row is None or before.times is None or before.times.median is None:
        return column
    return replace(column, row=replace(column.row, median=before.times.median))


def _column(stage: Stage, row: Row | None, span: Mapping[str, Any] | None, figures: Sequence[Figure]) -> Column:
    times = charts.multiples([span], bars=BARS)[0] if span and span["n"] else None
    typed = next((one for one in figures if one.is_conversion and one.is_typed and one.value is not None), None)
    return Column(
        stage=stage,
        row=row if row is not None and row.share is not None else None,
        count=row.count if row is not None else 0,
        typed=typed if row is None or row.share is None else None,
        figures=figures,
        times=times,
        bars=_with_median(times) if times else (),
    )


def _with_median(times: charts.Multiple) -> list[charts.Bar]:
    """The bars, with the one that holds the median marked."""
    at = None if times.median_at is None else min(len(times.bars) - 1, int(times.median_at * len(times.bars) / 100))
    return [charts.Bar(bar.height, "med" if number == at else bar.kind) for number, bar in enumerate(times.bars)]


def _touchpoints(found: Figures) -> list[tuple[UUID, Figure]]:
    """The first metric of each placement."""
    first: dict[UUID, Figure] = {}
    for one in found.all:
        if one.placed.placement_id is not None:
            first.setdefault(one.placed.placement_id, one)
    return list(first.items())
