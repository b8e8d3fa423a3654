"""Search over everything: each part of the product hands in a provider; the wiring installs them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from .models import Membership


@dataclass(frozen=True)
class Found:
    """One line of the answer."""

    title: str
    note: str
    href: str


Provider = Callable[[Membership, str, int], Sequence[Found]]
_providers: dict[str, tuple[Any, str, Provider]] = {}
PER_GROUP = 8


def install(key: str, label: Any, icon: str, provider: Provider) -> None:
    """Adds a provider: a function (member, words, limit) -> found things. Safe to repeat."""
    _providers[key] = (label, icon, provider)


def search(member: Membership, words: str, *, limit: int = PER_GROUP) -> list[dict[str, Any]]:
    """Groups that found something; a fixed number of queries per provider."""
    words = words.strip()[:100]
    if len(words) < 2:
        return []
    groups = [
        {"key": key, "label": label, "icon": icon, "found": provider(member, words, limit)}
        for key, (label, icon, provider) in _providers.items()
    ]
    return [group for group in groups if group["found"]]


def matching(words: str, *fields: str) -> models.Q:
    """Rows where a field holds the words, whatever the case; SQLite folds only Latin letters, hence the variants."""
    variants = {words, words.lower(), words.upper(), words.capitalize(), words.title()}
    condition = models.Q()
    for field in fields:
        for variant in variants:
            condition |= models.Q(**{f"{field}__icontains": variant})
    return condition
