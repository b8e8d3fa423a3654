"""Differences with their intervals on one scale, as percents of the drawing's width. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One difference in fractions; `limit` is the margin of a guardrail, `expected` the awaited effect."""

    name: str
    value: float
    low: float
    high: float
    limit: float | None = None
    expected: float | None = None
    is_breached: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line with the places of its marks, in percents as CSS writes them."""

    line: Line
    colour: str
    zero: str
    point: str
    left: str
    width: str
    limit: str | None
    expected: str | None


def draw(lines: Sequence[Line]) -> list[Drawn]:
    """The lines on a common scale that holds zero and every mark, with a little air on both sides."""
    marks = [0.0]
    for line in lines:
        marks += [line.low, line.high, line.value, *(mark for mark in (line.limit, line.expected) if mark is not None)]
    low, high = min(marks), max(marks)
    air = (high - low) * 0.08 or 0.01
    start, span = low - air, high - low + 2 * air

    def place(value: float) -> str:
        return f"{100 * (value - start) / span:.1f}"

    return [
        Drawn(
            line,
            _colour(line, is_first=index == 0),
            place(0),
            place(line.value),
            place(line.low),
            f"{100 * (line.high - line.low) / span:.1f}",
            None if line.limit is None else place(line.limit),
            None if line.expected is None else place(line.expected),
        )
        for index, line in enumerate(lines)
    ]


def lines_of(result: Any, *, name: str, expected: float | None) -> list[Line]:
    """The main difference of a result, then its guardrails."""
    first = Line(name, result.effect, result.ci_low, result.ci_high, expected=expected)
    rest = [
        Line(
            one["name"],
            one["difference"],
            one["low"],
            one["high"],
            limit=one["margin"] if one["is_worse_up"] else -one["margin"],
            is_breached=one["is_breached"],
        )
        for one in result.guardrails
    ]
    return [first, *rest]


def _colour(line: Line, *, is_first: bool) -> str:
    if is_first:
        return "var(--opp)" if line.low > 0 else "var(--pain)" if line.high < 0 else "var(--d-mute)"
    return "var(--warn)" if line.is_breached else "var(--text-2)"
