"""The lists of a map's document, read off the models: a new field of a model is exchanged without being named here."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import ForeignKey

from journeys.models import JourneyMap, Lane, MapPersona, Metric, Persona, Review, Stage, StageTarget, Step, StepLink
from workspaces.models import Membership
from workspaces.tenancy import Drawn

from .models import (
    Card,
    Channel,
    EmotionPoint,
    Evidence,
    Hypothesis,
    Opportunity,
    PainEvidence,
    PainPoint,
    Touchpoint,
    TouchpointPlacement,
)

FORMAT = "cjm.map"
NESTED = {"targets": ("stages", "stage"), "steps": ("stages", "stage")}
_SKIPPED = {
    "id", "workspace", "revision", "created_at", "updated_at", "created_by", "archived_at", "deleted_at", "rank", "version",
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """One list of the document.

    `of_map` leads from a row to its map (empty: the library); `group` names the keys within which the order runs, `order`
    the fields that make it; `shared_by` says how a row of the library is known again, `living` which neighbours must live.
    """

    name: str
    model: type[Drawn]
    letter: str
    of_map: str = ""
    group: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    shared_by: str = ""
    living: tuple[str, ...] = ()


_TABLES = [
    Table("metrics", Metric, "m", shared_by="all"),
    Table("personas", Persona, "p", shared_by="all"),
    Table("map_personas", MapPersona, "mp", "map", order=("order",)),
    Table("stages", Stage, "s", "map", order=("rank",)),
    Table("targets", StageTarget, "tg", "stage__map", ("stage",)),
    Table("steps", Step, "st", "stage__map", ("stage",), ("rank",)),
    Table("step_links", StepLink, "sl", "from_step__stage__map", ("from_step", "to_step")),
    Table("lanes", Lane, "l", "map", order=("rank",)),
    Table("channels", Channel, "c", shared_by="code"),
    Table("touchpoints", Touchpoint, "t", shared_by="code"),
    Table("placements", TouchpointPlacement, "tp", "stage__map", ("stage",), ("rank",)),
    Table("emotion_points", EmotionPoint, "e", "map", ("stage",), ("rank",)),
    Table("pain_points", PainPoint, "b", "stage__map", ("stage",), ("rank",)),
    Table("evidence", Evidence, "v"),
    Table("pain_evidence", PainEvidence, "pv", "pain__stage__map", ("pain",), living=("evidence",)),
    Table("opportunities", Opportunity, "o", "stage__map", ("stage",), ("rank",)),
    Table("hypotheses", Hypothesis, "h", "map"),
    Table("cards", Card, "k", "lane__map", ("lane", "stage"), ("rank",)),
    Table("reviews", Review, "r", "map"),
]


def tables() -> list[Table]:
    return list(_TABLES)


def extend(table: Table) -> None:
    """An app above adds a list of its own; safe to repeat."""
    if all(one.name != table.name for one in _TABLES):
        _TABLES.append(table)
        for reader in (keys_of, strangers_of):
            reader.cache_clear()


@cache
def fields_of(model: type[Drawn]) -> tuple[str, ...]:
    """Plain fields, as the model orders them."""
    return tuple(field.name for field in model._meta.concrete_fields if not field.is_relation and field.name not in _SKIPPED)


@cache
def keys_of(model: type[Drawn]) -> dict[str, str]:
    """Keys to other rows of the document: field → list. The map itself is understood."""
    lists = {table.model: table.name for table in _TABLES}
    return {
        field.name: lists[field.related_model]
        for field in _relations(model)
        if field.related_model in lists and field.name != "counterpart"
    }


@cache
def members_of(model: type[Drawn]) -> tuple[str, ...]:
    """Keys to people of the workspace."""
    return tuple(field.name for field in _relations(model) if field.related_model is Membership)


@cache
def strangers_of(model: type[Drawn]) -> dict[str, type[Drawn]]:
    """Keys that lead out of the map: field → model."""
    known = {*keys_of(model), *members_of(model), "map"}
    return {field.name: field.related_model for field in _relations(model) if field.name not in known}


def is_of_map(model: type[Drawn]) -> bool:
    """Whether the row carries the map's own key."""
    return any(field.name == "map" and field.related_model is JourneyMap for field in _relations(model))


def _relations(model: type[Drawn]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey) and field.name not in _SKIPPED]
