"""Rows out of a map's document, each value held against its model; a fault is named by its place: "stages.2.name"."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from cjm.lib import conditions, ranks
from cjm.lib.refusals import Refusal
from journeys.models import JourneyMap
from workspaces import tenancy
from workspaces.changes import Author
from workspaces.models import Membership, Translation
from workspaces.tenancy import Drawn

from .exchange_tables import FORMAT, NESTED, Table, fields_of, is_of_map, keys_of, members_of, strangers_of, tables

Row = Mapping[str, Any]
_BOUNDS = {
    "valence": (-2, 2),
    "severity": (1, 5),
    "customer_value": (0, 100),
    "business_value": (0, 100),
    "effort": (0, 5),
    "conversion_benchmark": (0, 1),
    "light_review_every_days": (1, 3650),
    "deep_review_every_days": (1, 3650),
}
_LARGEST = 1e300
_DEPTH = 32
_LINKS = ("placement", "pain", "opportunity", "hypothesis", "nested_map")


def lists_of(payload: Any) -> dict[str, list[Row]]:
    """The document's lists with the nested ones taken out; every row has a key."""
    if not isinstance(payload, Mapping) or payload.get("format") != FORMAT or payload.get("version") != 1:
        raise Refusal("invalid_map", _("This is no map in the format “cjm.map”, version 1."))
    _check_text(payload, "", _DEPTH)
    if not isinstance(payload.get("map"), Mapping):
        raise fault("map", _("The map's own fields are missing."))
    known = {table.name for table in tables()}
    for name in payload:
        if name not in {"format", "version", "map", "translations"} | (known - set(NESTED)):
            raise fault(str(name), _("Unknown field."))
    lists: dict[str, list[Row]] = {table.name: [] for table in tables()}
    for name in known - set(NESTED):
        lists[name] = _keyed(name, _rows(payload.get(name, []), name))
    for name, (outer, field) in NESTED.items():
        lists[outer] = list(_unnested(lists, name, outer, field))
    _check_keys(lists)
    return lists


def fault(path: str, text: Any) -> Refusal:
    return Refusal("invalid_map", f"{path}: {text}", errors={path: [text]})


def value_of(model: type[models.Model], name: str, raw: Any, path: str) -> Any:
    """What a field holds for a value of the document."""
    field: Any = model._meta.get_field(name)
    if raw is None:
        if not field.null:
            raise fault(path, _("A value is needed."))
        return None
    if not _is_shaped(field, raw):
        raise fault(path, _("The value has the wrong type."))
    try:
        value = field.clean(_loaded(field, raw, path), None)
    except ValidationError as error:
        raise fault(path, error.messages[0]) from error
    low, high = _BOUNDS.get(name, (-math.inf, math.inf))
    if name in _BOUNDS and not low <= value <= high:
        raise fault(path, _("Between %(low)s and %(high)s, please.") % {"low": low, "high": high})
    if name == "where":
        conditions.validate(value, path=path)
    return value


class Reader:
    """Turns rows of the document into rows of the workspace, ready to be saved; asks for members and the library once each."""

    def __init__(self, by: Author, map: JourneyMap, lists: Mapping[str, list[Row]]) -> None:
        self.by = by
        self.map = map
        self.lists = lists
        self.made: dict[str, Drawn] = {}
        self.names = {row["key"]: name for name, rows in lists.items() for row in rows}
        for table in tables():
            self.made |= {row["key"]: table.model() for row in lists[table.name]}
        people = Membership.objects.filter(workspace_id=str(tenancy.current_id()), removed_at__isnull=True).select_related("user")
        self.members = {member.user.email.casefold(): member for member in people.order_by("created_at", "id")}

    def rows(self) -> Iterator[Drawn]:
        """The new rows, in an order in which they can be written."""
        for table in tables():
            given = self.lists[table.name]
            known = self._known(table) if given else []
            fresh = []
            for number, one in enumerate(given):
                row = self._row(table, one, f"{_place(table.name)}.{number}")
                if not self._reuse(table, one, row, known):
                    fresh.append(row)
            _rank(table, fresh)
            yield from fresh

    def fill(self, row: Drawn, given: Row, path: str) -> None:
        model = type(row)
        keys, people, strangers = keys_of(model), members_of(model), strangers_of(model)
        for name, raw in given.items():
            place = f"{path}.{name}"
            if name in keys:
                setattr(row, f"{name}_id", self._key(raw, keys[name], place))
            elif name in people:
                setattr(row, name, self._member(raw, place))
            elif name in strangers:
                setattr(row, f"{name}_id", _stranger(strangers[name], raw, place))
            elif name in fields_of(model):
                setattr(row, name, value_of(model, name, raw, place))
            elif name != "key":
                raise fault(place, _("Unknown field."))
        self._complete(row, given, path)

    def translations(self, given: Any) -> list[Translation]:
        rows = {}
        for number, one in enumerate(_rows(given, "translations")):
            path = f"translations.{number}"
            subject = self.map if one.get("subject") == "map" else self.made.get(str(one.get("subject")))
            if subject is None:
                raise fault(f"{path}.subject", _("There is no row with this key."))
            if one.get("field") not in fields_of(type(subject)):
                raise fault(f"{path}.field", _("Unknown field."))
            words = {name: value_of(Translation, name, one.get(name), f"{path}.{name}") for name in ("field", "language", "text")}
            rows[subject.pk, words["field"], words["language"]] = Translation(
                subject_kind=subject._meta.label_lower, subject_id=subject.pk, **words
            )
        return list(rows.values())

    def _row(self, table: Table, given: Row, path: str) -> Drawn:
        row = self.made[given["key"]]
        if is_of_map(table.model):
            row.map = self.map  # type: ignore[attr-defined]
        self.fill(row, given, path)
        if table.name == "cards" and sum(getattr(row, f"{name}_id") is not None for name in _LINKS) > 1:
            raise fault(path, _("A card points at one thing at most."))
        if table.name == "hypotheses" and row.status == "implemented" and row.verdict != "confirmed":  # type: ignore[attr-defined]
            raise fault(f"{path}.verdict", _("An implemented hypothesis is a confirmed one."))
        return row

    def _complete(self, row: Drawn, given: Row, path: str) -> None:
        """What must be there is there; a hypothesis without an owner goes to the importer."""
        model = type(row)
        for field in model._meta.concrete_fields:
            name = field.name
            if name in members_of(model) and not field.null and getattr(row, f"{name}_id") is None:
                setattr(row, name, self._importer(f"{path}.{name}"))
            wanted = name in keys_of(model) and not field.null or name in fields_of(model) and not _is_optional(field)
            if wanted and name not in given:
                raise fault(f"{path}.{name}", _("A value is needed."))
        step = given.get("step")
        if step is not None and (found := self.made.get(str(step))) and found.stage_id != row.stage_id:  # type: ignore[attr-defined]
            raise fault(f"{path}.step", _("This step belongs to another stage."))

    def _key(self, raw: Any, wanted: str, path: str) -> UUID | None:
        if raw is None:
            return None
        if not isinstance(raw, str) or self.names.get(raw) != wanted:
            raise fault(path, _("There is no row with this key."))
        return self.made[raw].pk

    def _member(self, raw: Any, path: str) -> Membership | None:
        if raw is not None and not isinstance(raw, str):
            raise fault(path, _("The value has the wrong type."))
        return self.members.get(raw.casefold()) if raw else None

    def _importer(self, path: str) -> Membership:
        if isinstance(self.by, Membership):
            return self.by
        found = [member for member in self.members.values() if member.role == "owner"] or list(self.members.values())
        if not found:
            raise fault(path, _("A hypothesis needs an owner among the members."))
        return found[0]

    def _known(self, table: Table) -> list[Any]:
        if not table.shared_by:
            return []
        return list(table.model.objects.living().filter(archived_at__isnull=True).order_by("created_at", "id"))

    def _reuse(self, table: Table, given: Row, row: Drawn, known: list[Any]) -> bool:
        """Whether the library holds this row already; then everything that points at it points there, and no other row does."""
        found = _same(table, row, known)
        if found is None:
            return False
        known.remove(found)
        self.made[given["key"]] = found
        return True


def _check_text(value: Any, path: str, depth: int) -> None:
    """No text that the database cannot hold, no endless nesting."""
    if depth == 0 or isinstance(value, str) and "\x00" in value:
        raise fault(path, _("The value has the wrong type."))
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        _check_text(item, f"{path}.{name}".lstrip("."), depth - 1)


def _rows(given: Any, name: str) -> list[Row]:
    if not isinstance(given, list) or not all(isinstance(row, Mapping) for row in given):
        raise fault(name, _("A list of objects is needed."))
    return given


def _keyed(name: str, rows: Iterable[Row]) -> list[Row]:
    return [row if "key" in row else {**row, "key": f"{name}.{number}"} for number, row in enumerate(rows)]


def _unnested(lists: dict[str, list[Row]], name: str, outer: str, field: str) -> Iterator[Row]:
    for number, row in enumerate(lists[outer]):
        path = f"{outer}.{number}.{name}"
        inner = _keyed(path, _rows(row.get(name, []), path))
        lists[name] += [{**one, field: row["key"]} for one in inner]
        yield {key: value for key, value in row.items() if key != name}


def _check_keys(lists: Mapping[str, list[Row]]) -> None:
    for name, rows in lists.items():
        for number, row in enumerate(rows):
            if not isinstance(row["key"], str):
                raise fault(f"{_place(name)}.{number}.key", _("The value has the wrong type."))
    counted = Counter(row["key"] for rows in lists.values() for row in rows)
    twice = next((key for key, times in counted.items() if times > 1 or key == "map"), None)
    if twice is not None:
        raise fault("key", _("The key “%(key)s” stands twice.") % {"key": twice[:80]})


def _place(name: str) -> str:
    return f"{NESTED[name][0]}.*.{name}" if name in NESTED else name


def _is_optional(field: Any) -> bool:
    return bool(field.null or field.has_default() or field.blank)


def _is_shaped(field: Any, raw: Any) -> bool:
    if isinstance(field, models.JSONField):
        return _is_json_shaped(field, raw)
    if isinstance(field, models.BooleanField):
        return isinstance(raw, bool)
    if isinstance(field, models.IntegerField):
        return isinstance(raw, int) and not isinstance(raw, bool)
    if isinstance(field, models.FloatField):
        return isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) < _LARGEST
    if isinstance(field, models.DecimalField):
        return isinstance(raw, str | int | float) and not isinstance(raw, bool)
    return isinstance(raw, str)


def _is_json_shaped(field: Any, raw: Any) -> bool:
    if field.default is dict or field.null:
        return isinstance(raw, dict)
    if field.name == "traits":
        return isinstance(raw, list)
    return isinstance(raw, list) and all(isinstance(item, str) for item in raw)


def _loaded(field: Any, raw: Any, path: str) -> Any:
    if not isinstance(field, models.DateTimeField):
        return str(raw) if isinstance(field, models.DecimalField) else raw
    moment: datetime | None = None
    try:
        moment = parse_datetime(raw)
    except ValueError as error:
        raise fault(path, _("This is no time with a zone.")) from error
    if moment is None or moment.tzinfo is None:
        raise fault(path, _("This is no time with a zone."))
    return moment


def _stranger(model: type[Drawn], raw: Any, path: str) -> UUID | None:
    if raw is None:
        return None
    try:
        id = UUID(raw) if isinstance(raw, str) else None
    except ValueError:
        id = None
    if id is None:
        raise fault(path, _("The value has the wrong type."))
    return id if model.objects.living().filter(pk=id).exists() else None


def _rank(table: Table, rows: Sequence[Any]) -> None:
    if "rank" not in {field.name for field in table.model._meta.concrete_fields}:
        return
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        groups.setdefault(tuple(getattr(row, f"{name}_id") for name in table.group), []).append(row)
    for group in groups.values():
        for row, rank in zip(group, ranks.spread(len(group)), strict=True):
            row.rank = rank


def _same(table: Table, row: Any, known: Sequence[Any]) -> Any:
    if not known:
        return None
    names = [*fields_of(table.model), *(f"{name}_id" for name in keys_of(table.model))]
    owners = [f"{name}_id" for name in members_of(table.model)]

    def look(one: Any, names: Sequence[str]) -> tuple[Any, ...]:
        return tuple(getattr(one, name) for name in names)

    equal = [one for one in known if look(one, names) == look(row, names)]
    exact = [one for one in equal if look(one, owners) == look(row, owners)]
    if not exact and all(value is None for value in look(row, owners)):
        exact = equal  # the library may have found an owner since
    if not exact and table.shared_by == "code" and row.code:
        exact = [one for one in known if one.code == row.code]
    return exact[0] if exact else None
