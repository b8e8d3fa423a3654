"""Template filters of this app's pages: touches and the people behind them."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from customers.models import Customer, Touch
from customers.shapes import SCORE_RANGES
from customers.timeline import icon_of, words_of

register = template.Library()
_MOST_PROPS = 3


@register.filter
def event_words(name: str) -> str:
    return words_of(name)


@register.filter
def touch_icon(touch: Touch) -> str:
    return icon_of(touch)


@register.filter
def touch_detail(touch: Touch) -> str:
    """Where it happened and its first properties, in one line."""
    words = [words_of(touch.channel).lower() if touch.channel else ""]
    words += [f"{name}: {value}" for name, value in list(touch.props.items())[:_MOST_PROPS] if not isinstance(value, dict | list)]
    return " · ".join(word for word in words if word)[:200]


@register.filter
def score_scale(metric: str) -> str:
    """How high a kind of score can be: "of 10"."""
    return _("of %(high)s") % {"high": SCORE_RANGES[metric][1]} if metric in SCORE_RANGES else ""


@register.filter
def score_class(score: Any) -> str:
    """The colour of an answer: bad, middling, good."""
    low, high = {"nps": (7, 9), "csat": (3, 4), "ces": (4, 5)}[score.metric]
    return "v-neg1" if score.value < low else "v-pos1" if score.value >= high else "v-zero"


@register.filter
def person_name(customer: Customer) -> str:
    """A name for people: a nameless browser is called a visitor."""
    if customer.is_anonymous and not (customer.name or customer.email):
        return _("Visitor %(code)s") % {"code": customer.external_id.removeprefix("anonymous:")[:12]}
    return str(customer)


@register.filter
def initials(customer: Customer) -> str:
    words = str(customer).replace("_", " ").replace("-", " ").replace(".", " ").split("@")[0].split()
    return ("".join(word[0] for word in words[:2]) or "?").upper()


@register.filter
def hue(customer: Customer) -> int:
    """Which of the six colours of people is theirs."""
    return customer.pk % 6 + 1
