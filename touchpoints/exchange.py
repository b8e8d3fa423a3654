"""A map as one JSON document, and a map out of such a document. import_map(export_map(map)) is the same map, ids apart.

    {"format": "cjm.map", "version": 1,
     "map":          {"title", "kind", "scenario", "owner", "language", "currency", "north_star", …: the map's own fields},
     "metrics":      [{"key", "name", "query", "parameters", …}], "personas": [{"key", "name", "job_title", …}],
     "map_personas": [{"persona", "colour", "order"}],
     "stages":       [{"key", "name", "canonical", "subtitle", …,
                       "targets": [{"name", "event", "where"}], "steps": [{"key", "title"}]}],
     "step_links":   [{"from_step", "to_step", "kind"}], "lanes": [{"key", "kind", "title", …}],
     "channels":     [{"key", "name", "code", "group", …}], "touchpoints": [{"key", "name", "code", "channel", …}],
     "placements":   [{"key", "touchpoint", "stage", "expectations": […], "owner", …}],
     "emotion_points": [{"stage", "valence", "labels": […], "placement", "persona"}],
     "pain_points":  [{"key", "stage", "placement", "title", …}], "evidence": [{"key", "quote", …}],
     "pain_evidence": [{"pain", "evidence"}], "opportunities": [{"key", "stage", "pain", "how_might_we", …}],
     "hypotheses":   [{"key", "statement", "metric", "expected_lift", "owner", …}],
     "cards":        [{"lane", "stage", "text", …}], "reviews": […],
     "translations": [{"subject": "map" or a key, "field", "language", "text"}]}

- The order of a list is the order on the map (inside a stage, a cell); there are no ranks and no ids.
- A row points at another by its `key`, any text that is unique in the document. Fields carry the names of the models;
  what is left out takes the model's default; an unknown field is refused.
- `owner` and the like are e-mail addresses of members. Whoever is no member is left empty; a hypothesis then goes to
  the importer.
- Personas, metrics, channels and touchpoints belong to the library: an equal one that is there already is used again,
  and so is a channel or a touchpoint with the same `code`.
- Links out of the map (`derived_from`, `counterpart`, `nested_map`) are ids, and hold where the importing workspace knows them.
- Apps above add lists of their own by `extend` (a metric's place on the map).
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from cjm.lib.clock import now
from journeys.models import JourneyMap
from workspaces import changes
from workspaces.changes import Author
from workspaces.models import Membership, Translation
from workspaces.tenancy import Drawn

from . import exchange_reading as reading
from .exchange_tables import FORMAT, NESTED, Table, extend, fields_of, keys_of, members_of, strangers_of, tables

__all__ = ["Table", "export_map", "extend", "import_map"]


def export_map(map: JourneyMap) -> dict[str, Any]:
    """The document of a map; a constant number of queries."""
    found = _collect(map)
    names = {row.pk: key for table, rows in found for row, key in zip(rows, _keys(table, rows), strict=True)}
    emails = dict(Membership.objects.filter(workspace_id=str(map.workspace_id)).values_list("pk", "user__email"))
    document: dict[str, Any] = {"format": FORMAT, "version": 1, "map": _written(map, names, emails)}
    for table, rows in found:
        document[table.name] = [{"key": names[row.pk], **_written(row, names, emails)} for row in rows]
    names[map.pk] = "map"
    document["translations"] = _translations(names)
    return _nest(document)


@transaction.atomic
def import_map(payload: Mapping[str, Any], *, by: Author, title: str | None = None, language: str | None = None) -> JourneyMap:
    """Makes the map of a document as one change of its log; Refusal("invalid_map") names the place of a fault."""
    lists = reading.lists_of(payload)
    map = JourneyMap()
    reader = reading.Reader(by, map, lists)
    reader.fill(map, payload["map"], "map")
    for name, value in (("title", title), ("language", language)):
        if value is not None:
            setattr(map, name, reading.value_of(JourneyMap, name, value, name))
    rows: list[Drawn] = [map, *reader.rows()]
    start = now()
    for index, row in enumerate(rows):  # equal moments would leave the order of lists to the ids
        row.created_at = start + timedelta(microseconds=index)
    changes.write(map, "map.imported", by=by, edits=[changes.create(row) for row in rows])
    Translation.objects.bulk_create(reader.translations(payload.get("translations", [])))
    return map


def _collect(map: JourneyMap) -> list[tuple[Table, list[Any]]]:
    """Rows by table: first what stands on the map, then what of the library it points to."""
    found: dict[str, list[Any]] = {}
    for table in tables():
        if table.of_map:
            rows = table.model.objects.living().filter(
                **{table.of_map: map, **{f"{name}__deleted_at": None for name in table.living}}
            )
            found[table.name] = _sorted(table, list(rows), found)
    for table in reversed(tables()):
        if not table.of_map:
            found[table.name] = _borrowed(table, map, found)
    return [(table, found[table.name]) for table in tables()]


def _sorted(table: Table, rows: list[Any], found: Mapping[str, list[Any]]) -> list[Any]:
    """In the order of the map; a row whose stage or lane is deleted goes with it."""
    keys = keys_of(table.model)
    places = {name: {row.pk: number for number, row in enumerate(found.get(name, []))} for name in keys.values()}
    bound = [(field, name) for field, name in keys.items() if name in found and not table.model._meta.get_field(field).null]
    rows = [row for row in rows if all(getattr(row, f"{field}_id") in places[name] for field, name in bound)]

    def place(row: Any) -> tuple[Any, ...]:
        groups = tuple(places[keys[field]].get(getattr(row, f"{field}_id"), -1) for field in table.group)
        return (*groups, *(getattr(row, name) for name in table.order), row.created_at, str(row.pk))

    return sorted(rows, key=place)


def _borrowed(table: Table, map: JourneyMap, found: Mapping[str, list[Any]]) -> list[Any]:
    wanted: dict[UUID, None] = {}
    for rows in ([map], *found.values()):
        for row in rows:
            for field, name in keys_of(_model(row)).items():
                if name == table.name and (id := getattr(row, f"{field}_id")):
                    wanted.setdefault(id)
    known = {row.pk: row for row in table.model.objects.filter(pk__in=wanted)}
    rows = [known[id] for id in wanted if id in known]
    return _with_parents(table, rows)


def _with_parents(table: Table, rows: list[Any]) -> list[Any]:
    """Metrics stand in a tree: the ones above come first; a query per level."""
    if "parent" not in keys_of(table.model):
        return rows
    lowest = rows
    while missing := {row.parent_id for row in lowest if row.parent_id} - {row.pk for row in rows}:
        lowest = sorted(table.model.objects.filter(pk__in=missing), key=lambda row: (row.created_at, str(row.pk)))
        if not lowest:
            break
        rows = [*lowest, *rows]
    return _parents_first(rows)


def _parents_first(rows: list[Any]) -> list[Any]:
    placed: dict[UUID, Any] = {}
    by_id = {row.pk: row for row in rows}

    def place(row: Any, above: frozenset[UUID]) -> None:
        if row.parent_id in by_id and row.parent_id not in above:
            place(by_id[row.parent_id], above | {row.pk})
        placed.setdefault(row.pk, row)

    for row in rows:
        place(row, frozenset())
    return list(placed.values())


def _keys(table: Table, rows: list[Any]) -> list[str]:
    return [f"{table.letter}{number}" for number in range(1, len(rows) + 1)]


def _written(row: Any, names: Mapping[UUID, str], emails: Mapping[UUID, str]) -> dict[str, Any]:
    model = _model(row)
    values = {name: changes.dump(getattr(row, name)) for name in fields_of(model)}
    for field in keys_of(model):
        values[field] = names.get(getattr(row, f"{field}_id"))
    for field in members_of(model):
        values[field] = emails.get(getattr(row, f"{field}_id"))
    for field in strangers_of(model):
        values[field] = changes.dump(getattr(row, f"{field}_id"))
    return values


def _translations(names: Mapping[UUID, str]) -> list[dict[str, str]]:
    rows = Translation.objects.filter(subject_id__in=names).values_list("subject_id", "field", "language", "text")
    order = {id: number for number, id in enumerate(names)}
    return [
        {"subject": names[id], "field": field, "language": language, "text": text}
        for id, field, language, text in sorted(rows, key=lambda row: (order[row[0]], row[1], row[2]))
    ]


def _nest(document: dict[str, Any]) -> dict[str, Any]:
    for name, (outer, field) in NESTED.items():
        inner = document.pop(name)
        for row in document[outer]:
            row[name] = [{k: v for k, v in one.items() if k != field} for one in inner if one[field] == row["key"]]
    return document


def _model(row: Drawn) -> type[Drawn]:
    return type(row)
