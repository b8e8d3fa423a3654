"""Every route of the product with arguments made from its converters; shared by the tests of doors and of strangers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.urls import get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter
from django.urls.resolvers import URLPattern, URLResolver

from cjm.urls import DOORS

SOME_UUID = UUID("01900000-0000-7000-8000-000000000000")
SAMPLES: Mapping[str, Any] = {  # arguments that are words, not ids: add a new one here
    "external_id": "c1",
    "kind": "cards",
    "words": "nobody-has-these",
    "code": "b2b-8",
    "lang": "ru",
    "name": "two-proportions",
    "format": "json",
}


@dataclass(frozen=True)
class Route:
    """A route: its name, its door and the converters of its arguments."""

    name: str
    door: str
    arguments: Mapping[str, Any]

    @property
    def ids(self) -> list[str]:
        """Arguments that are keys of rows."""
        return [name for name, converter in self.arguments.items() if isinstance(converter, UUIDConverter | IntConverter)]

    def path(self, slug: str = "acme", **given: Any) -> str:
        return reverse(self.name, kwargs={name: self._value(name, slug, given) for name in self.arguments})

    def _value(self, name: str, slug: str, given: Mapping[str, Any]) -> Any:
        if name in given:
            return given[name]
        if name == "slug":
            return slug
        converter = self.arguments[name]
        if isinstance(converter, UUIDConverter):
            return SOME_UUID
        if isinstance(converter, IntConverter):
            return 1
        if name not in SAMPLES:
            pytest.fail(f"route {self.name} takes “{name}”: add a sample of it to SAMPLES in tests/routes.py")
        return SAMPLES[name]


def routes() -> list[Route]:
    """Every route that stands in the table of doors, by name."""
    return sorted(_walk(get_resolver().url_patterns), key=lambda route: route.name)


def _walk(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[Route]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if str(pattern.pattern) != "accounts/":
                yield from _walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        else:
            name = f"{space}{pattern.name}"
            yield Route(name, DOORS.get(name, ""), pattern.pattern.converters)
