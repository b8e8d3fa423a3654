"""Maps to start from: data files in the format of a map's document, their words in both languages side by side."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from cjm.lib.refusals import NotFound

from .models import Lane

FOLDER = Path(__file__).parent / "data"
LISTED = ("b2b-saas-crm", "online-school-7", "b2b-8", "blank")
BLANK_DAY = "blank-day"
LANGUAGES = {"ru", "en"}


@dataclass(frozen=True)
class Template:
    """A starting map in one language; `payload` is its document."""

    code: str
    title: str
    about: str
    payload: dict[str, Any]

    @property
    def stages(self) -> list[dict[str, Any]]:
        return list(self.payload["stages"])

    @property
    def persona(self) -> dict[str, Any] | None:
        return next(iter(self.payload.get("personas", [])), None)

    @property
    def is_blank(self) -> bool:
        return not self.payload.get("placements")

    def count(self, name: str) -> int:
        return len(self.payload.get(name, []))


def list_templates(language: str) -> list[Template]:
    """The product's templates in the order in which they are offered."""
    return [find_template(code, language) for code in LISTED]


def find_template(code: str, language: str) -> Template:
    if code not in (*LISTED, BLANK_DAY):
        raise NotFound(_("There is no such template."))
    document = _said(_read(code), language if language in LANGUAGES else "ru")
    document["payload"]["map"]["language"] = language
    return Template(code, document["payload"]["map"]["title"], document["about"], document["payload"])


@cache
def _read(code: str) -> Mapping[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / f"{code}.json").read_text(encoding="utf-8"))
    return document


def _said(value: Any, language: str) -> Any:
    """The document in one language: {"ru": …, "en": …} becomes one of the two."""
    if isinstance(value, Mapping):
        if value.keys() == LANGUAGES:
            return value[language]
        return {name: _said(item, language) for name, item in value.items()}
    return [_said(item, language) for item in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class Row:
    """A lane of a template as the preview shows it: texts stage by stage."""

    kind: str
    label: Any
    cells: list[list[str]]


def rows_of(template: Template) -> list[Row]:
    """The template as a table: its lanes with what stands in them."""
    payload, stages = template.payload, [stage["key"] for stage in template.stages]
    names = {row["key"]: row["name"] for row in payload.get("touchpoints", [])}
    texts: dict[tuple[str, str], list[str]] = {}
    kinds = {lane["key"]: lane["kind"] for lane in payload["lanes"]}
    told = [(kinds[card["lane"]], card["stage"], card["text"]) for card in payload.get("cards", [])]
    told += [("touchpoints", row["stage"], names[row["touchpoint"]]) for row in payload.get("placements", [])]
    told += [("pain_points", row["stage"], row["title"]) for row in payload.get("pain_points", [])]
    told += [("opportunities", row["stage"], row["how_might_we"]) for row in payload.get("opportunities", [])]
    for kind, stage, text in told:
        texts.setdefault((kind, stage), []).append(text)
    return [
        Row(lane["kind"], Lane.Kind(lane["kind"]).label, [texts.get((lane["kind"], stage), []) for stage in stages])
        for lane in payload["lanes"]
        if any((lane["kind"], stage) in texts for stage in stages)
    ]
