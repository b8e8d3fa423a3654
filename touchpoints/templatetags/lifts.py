"""A hypothesis's lift in the reader's words: "+14,1 п.п." or "+5 %"."""

from typing import Any

from django import template

from cjm.lib import words
from touchpoints.models import Hypothesis
from workspaces.templatetags.ui import language

register = template.Library()


@register.filter
def expected(hypothesis: Hypothesis) -> str:
    return lift(hypothesis.expected_lift, hypothesis.lift_kind)


@register.filter
def effect(hypothesis: Hypothesis) -> str:
    return lift(hypothesis.effect, hypothesis.lift_kind)


@register.filter
def effect_interval(hypothesis: Hypothesis) -> str:
    """The 95 % interval in brackets, without units; empty where there is none."""
    return interval(hypothesis.effect_low, hypothesis.effect_high)


@register.filter
def as_points(value: float | None) -> str:
    return lift(value, Hypothesis.LiftKind.POINTS)


def lift(value: float | None, kind: str) -> str:
    """A fraction as signed percentage points or as signed percents; whole ones drop the zero."""
    if value is None:
        return ""
    digits = 0 if round(value * 100, 1) == round(value * 100) else 1
    if kind == Hypothesis.LiftKind.POINTS:
        return words.points(value, language(), digits=digits)
    return ("+" if round(value, 4) > 0 else "") + words.percent(value, language())


def interval(low: Any, high: Any) -> str:
    if low is None or high is None:
        return ""
    separator = "; " if language() == "ru" else ", "
    return "[" + separator.join(words.number(edge * 100, language(), digits=1) for edge in (low, high)) + "]"


@register.filter
def percent_width(share: float | None) -> str:
    """A fraction as a CSS number of percents, whatever the language."""
    return f"{100 * max(0.0, min(1.0, share or 0.0)):.1f}"


@register.filter
def line_interval(line: Any) -> str:
    """The interval of anything with `low` and `high`, in brackets."""
    return interval(line.low, line.high)
