"""What an import changed of what was known about customers, kept so that undoing it brings the former facts back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from .inserting import update_rows
from .models import Customer, Identity, Import, ImportedFacts
from .profiles import FIELDS

Facts = dict[str, Any]
_KEYED = ("attrs", "consent")


def facts_before(items: Sequence[Mapping[str, Any]]) -> dict[int, Facts]:
    """What is known now about the customers whom these touches describe. At most one query."""
    told = [item for item in items if item.get("identify")]
    if not told:
        return {}
    names = {item["customer"] for item in told if item.get("customer")}
    browsers = {item["anonymous_id"] for item in told if not item.get("customer")}
    known = Identity.objects.filter(kind=Identity.Kind.CUSTOMER, value__in=names).values("customer")
    nameless = Identity.objects.filter(kind=Identity.Kind.ANONYMOUS, value__in=browsers).values("customer")
    return _facts(Customer.objects.filter(pk__in=known.union(nameless)))


def remember_changes(row: Import, before: Mapping[int, Facts], *, newcomers: Collection[int]) -> None:
    """Adds what has changed since to the import's record; whom the import brought needs none."""
    after = _facts(Customer.objects.filter(pk__in=set(before) - set(newcomers)))
    fresh = {pk: changes for pk, facts in after.items() if (changes := _difference(before[pk], facts))}
    if not fresh:
        return
    standing = {kept.customer_id: kept for kept in ImportedFacts.objects.filter(from_import=row, customer__in=fresh)}
    lines = [ImportedFacts(from_import=row, customer_id=pk, changes=fresh[pk]) for pk in fresh if pk not in standing]
    ImportedFacts.objects.bulk_create(lines)
    update_rows(ImportedFacts, ["changes"], [(_joined(kept.changes, fresh[pk]), kept.pk) for pk, kept in standing.items()])


def restore_facts(row: Import, customers: Iterable[Customer]) -> None:
    """Puts back what the import overwrote, where nobody has written it again since."""
    people = {person.pk: person for person in customers}
    lines = []
    for kept in ImportedFacts.objects.filter(from_import=row, customer__in=people).order_by("pk"):
        person = people[kept.customer_id]
        for name, (before, after) in kept.changes.items():
            if _get(person, name) == after:
                _put(person, name, before)
        lines.append((*(getattr(person, name) for name in FIELDS), person.pk))
    update_rows(Customer, FIELDS, lines)


def _facts(customers: Any) -> dict[int, Facts]:
    return {row["pk"]: _flat(row) for row in customers.values("pk", *FIELDS)}


def _flat(row: Mapping[str, Any]) -> Facts:
    flat: Facts = {name: row[name] for name in FIELDS if name not in _KEYED}
    for name in _KEYED:
        flat |= {f"{name}.{key}": value for key, value in row[name].items()}
    return flat


def _difference(before: Facts, after: Facts) -> dict[str, list[Any]]:
    return {
        name: [before.get(name), after.get(name)] for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    }


def _joined(standing: Mapping[str, list[Any]], fresh: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    return {**standing, **{name: [standing[name][0] if name in standing else old, new] for name, (old, new) in fresh.items()}}


def _get(person: Customer, name: str) -> Any:
    field, _dot, key = name.partition(".")
    return getattr(person, field).get(key) if field in _KEYED else getattr(person, field)


def _put(person: Customer, name: str, value: Any) -> None:
    field, _dot, key = name.partition(".")
    if field not in _KEYED:
        setattr(person, field, value)
        return
    rest = {one: kept for one, kept in getattr(person, field).items() if one != key}
    setattr(person, field, rest if value is None else rest | {key: value})
