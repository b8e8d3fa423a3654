"""Metrics in the reader's language."""

from datetime import date
from typing import Any

from django import template
from django.utils.formats import date_format

from cjm.lib import words
from journeys.models import Metric
from workspaces.templatetags.ui import language

register = template.Library()
_DAY = 86_400


@register.filter
def metric_value(value: Any, metric: Metric) -> str:
    """A value in its metric's unit: 38 %, 3,4 дня as a duration, 48 200, 4,5; nothing where there is none."""
    if value is None:
        return ""
    if metric.query == Metric.Query.MEDIAN_TIME:
        return words.duration(value * _DAY, language())
    if metric.query == Metric.Query.RATIO or metric.unit == "%":
        return words.percent(value / 100, language())
    digits = 0 if float(value).is_integer() or abs(value) >= 1000 else 1
    unit = metric.unit if metric.query == Metric.Query.TYPED else ""
    return words.number(value, language(), digits=digits) + (f"{words.NBSP}{unit}" if unit else "")


@register.filter
def short_day(day: date) -> str:
    """A day on an axis: 18 авг, 18 Aug."""
    text = date_format(day, "j M")
    return text.lower() if language() == "ru" else text


@register.filter
def index_percent(value: Any) -> str:
    """A number for a CSS percentage: a point as the decimal sign in every language."""
    return "" if value is None else f"{float(value):.2f}"


@register.filter
def exact_points(value: Any) -> str:
    """A small difference of shares in percentage points, with two digits."""
    return "" if value is None else words.points(value, language(), digits=2)


@register.filter
def signed(value: Any) -> str:
    return "" if value is None else ("+" if value > 0 else "") + words.number(value, language())


@register.filter
def signed_duration(value: Any) -> str:
    """A difference of times: +3 дн, −2 ч."""
    return (
        "" if value is None else ("+" if value > 0 else words.MINUS if value < 0 else "") + words.duration(abs(value), language())
    )


@register.filter
def signed_money(value: Any, currency: str) -> str:
    """A difference of money with its sign."""
    return "" if value is None else _sign(value) + words.money(abs(value), currency, language())


def _sign(value: Any) -> str:
    return "+" if value > 0 else words.MINUS if value < 0 else ""
