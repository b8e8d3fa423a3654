"""The kinds of reports: how a question is checked, and what answers it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import funnel, metrics, shapes, times


@dataclass(frozen=True, slots=True)
class Kind:
    """`prepare` checks a question and makes it complete (map, segment and zone resolved); `answer` gives the figures."""

    prepare: Callable[..., dict[str, Any]]
    answer: Callable[..., dict[str, Any]]
    reads_visits: bool = False


KINDS: dict[str, Kind] = {
    "funnel": Kind(shapes.funnel, funnel.answer),
    "time-in-stage": Kind(shapes.time_in_stage, times.answer, reads_visits=True),
    "metrics": Kind(shapes.metrics, metrics.answer),
}
