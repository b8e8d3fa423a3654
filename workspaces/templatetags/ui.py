"""Template tags of the whole product: icons, people, figures in the reader's language."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cjm.lib import words
from cjm.lib.clock import now
from workspaces import explanations

register = template.Library()


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    return format_html('<svg class="icon {}" aria-hidden="true"><use href="#i-{}"/></svg>', classes, name)


@register.simple_tag
def avatar(member: Any, classes: str = "") -> SafeString:
    """A member's round mark; "?" where nobody owns the thing."""
    if not member:
        nobody = _("No owner")
        return format_html(
            '<span class="avatar avatar--none {}" role="img" aria-label="{}" title="{}">?</span>', classes, nobody, nobody
        )
    name = str(member)
    return format_html(
        '<span class="avatar {}" style="--who:var(--p{})" role="img" aria-label="{}" title="{}">{}</span>',
        classes,
        (member.colour - 1) % 6 + 1,
        name,
        name,
        member.initials,
    )


@register.inclusion_tag("ui/_explain.html")
def explain(kind: str, word: str, label: Any = "") -> dict[str, Any]:
    """A "?" that opens the two sentences and the example about a lane, a metric or a report."""
    found = explanations.find(kind, word)
    texts = {"text": found.text(language()), "example": found.example(language())} if found else {"text": "", "example": ""}
    return texts | {"key": f"{kind}-{word}", "label": label or word}


def language() -> str:
    return (get_language() or "ru")[:2]


@register.filter
def number(value: Any, digits: int = 0) -> str:
    return "" if value is None else words.number(value, language(), digits=digits)


@register.filter
def percent(value: Any, digits: int = 1) -> str:
    return "" if value is None else words.percent(value, language(), digits=digits)


@register.filter
def points(value: Any) -> str:
    return "" if value is None else words.points(value, language())


@register.filter
def money(value: Any, currency: str = "RUB") -> str:
    return "" if value is None else words.money(value, currency, language())


@register.filter
def duration(value: Any) -> str:
    return "" if value is None else words.duration(value, language())


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago, in one unit: "3 дня назад"."""
    if moment is None:
        return ""
    passed = now() - moment
    if passed.total_seconds() < 60:
        return _("just now")
    if passed.days == 1:
        return _("yesterday")
    return _("%(time)s ago") % {"time": timesince(moment, now(), depth=1)}


@register.filter
def local(moment: datetime | None) -> datetime | None:
    """The moment in the workspace's time zone."""
    return timezone.localtime(moment) if moment else None


@register.simple_tag
def valence_class(value: Any) -> str:
    """The colour step of an emotion from -2 to +2."""
    number_ = float(value)
    if number_ <= -1.1:
        return "v-neg2"
    if number_ <= -0.3:
        return "v-neg1"
    if number_ < 0.3:
        return "v-zero"
    return "v-pos1" if number_ < 1.2 else "v-pos2"
