"""Who is behind a name: finding, making, locking and merging customers."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cjm.lib.refusals import NotFound, Refusal
from workspaces import due
from workspaces.bell import ring

from . import staging
from .inserting import for_update, insert_rows
from .models import Customer, Identity, Score, StageMove
from .profiles import FIELDS, fill_gaps

ANONYMOUS_PREFIX = "anonymous:"
Key = tuple[str, str]  # kind and value of an identity
_CUSTOMER = (
    "workspace", "external_id", "name", "email", "timezone", "attrs", "consent", "is_anonymous", "has_unfolded", "created_at",
    "updated_at",
)  # fmt: skip
KNOWN, ANONYMOUS = Identity.Kind.CUSTOMER.value, Identity.Kind.ANONYMOUS.value


def find_customer(external_id: str) -> Customer:
    """The living customer of that external id or alias; raises NotFound. One query."""
    row = (
        Identity.objects.select_related("customer__company")
        .filter(kind=KNOWN, value=external_id, customer__deleted_at__isnull=True)
        .first()
    )
    if row is None:
        raise NotFound(_("There is no such customer."))
    customer: Customer = row.customer
    return customer


class People:
    """The customers behind a set of names, locked in key order; unknown names are given a customer."""

    def __init__(
        self, identities: Mapping[Key, tuple[int, int]], customers: Mapping[int, Customer], created: Collection[int]
    ) -> None:
        self._identities = dict(identities)
        self.customers = dict(customers)
        self.created = set(created)

    def identity(self, key: Key) -> int:
        return self._identities[key][0]

    def customer(self, key: Key) -> Customer:
        return self.customers[self._identities[key][1]]

    def knows(self, key: Key) -> bool:
        return key in self._identities

    def repoint(self, source: Customer, target: Customer) -> None:
        """Follows a merge that has just happened."""
        for key, (identity, customer) in self._identities.items():
            if customer == source.pk:
                self._identities[key] = (identity, target.pk)

    def add(self, key: Key, identity: int, customer: Customer) -> None:
        self._identities[key] = (identity, customer.pk)


def lock_people(workspace_id: UUID, keys: Mapping[Key, datetime], *, now: datetime, also: Collection[Key] = ()) -> People:
    """Finds or makes the customers (made ones are dated as given) and locks them; a constant number of queries.

    Names in `also` are looked up and locked, never made. A customer who was merged or erased while the lock was awaited
    is looked up again.
    """
    created: set[int] = set()
    everybody = [*keys, *also]
    while True:
        found = _identities(everybody)
        unknown = {key: at for key, at in keys.items() if key not in found}
        if unknown:
            created |= _create(workspace_id, unknown, now=now)
            found = _identities(everybody)
        wanted = {customer for _identity, customer in found.values()}
        rows = {row.pk: row for row in for_update(Customer.objects.filter(pk__in=wanted))}
        is_complete = keys.keys() <= found.keys() and len(rows) == len(wanted)
        if is_complete and all(row.deleted_at is None for row in rows.values()):
            return People(found, rows, created)


def _identities(keys: Collection[Key]) -> dict[Key, tuple[int, int]]:
    if not keys:
        return {}
    by_kind = Q()
    for kind in (KNOWN, ANONYMOUS):
        by_kind |= Q(kind=kind, value__in=[value for one, value in keys if one == kind])
    rows = Identity.objects.filter(by_kind).values_list("kind", "value", "pk", "customer_id")
    return {(kind, value): (pk, customer) for kind, value, pk, customer in rows}


def _create(workspace_id: UUID, keys: Mapping[Key, datetime], *, now: datetime) -> set[int]:
    """Makes customers in the order of their names, so that two writers of the same names cannot wait for each other."""
    names = sorted((ANONYMOUS_PREFIX + value if kind == ANONYMOUS else value, kind, value) for kind, value in keys)
    made = insert_rows(
        Customer,
        _CUSTOMER,
        (
            (workspace_id, name, "", "", "", {}, {}, kind == ANONYMOUS, False, keys[kind, value], now)
            for name, kind, value in names
        ),
        returning=("id", "external_id"),
    )
    ids = {name: pk for pk, name in made}
    links = {(KNOWN, name): pk for name, pk in ids.items()}
    standing = _identities([(KNOWN, name) for name, _kind, _value in names if name not in ids])
    owners = ids | {name: customer for (_kind, name), (_identity, customer) in standing.items()}
    links |= {(kind, value): owners[name] for name, kind, value in names if name in owners}
    _link(workspace_id, links)
    return set(ids.values())


def _link(workspace_id: UUID, links: Mapping[Key, int]) -> list[tuple[Any, ...]]:
    rows = ((workspace_id, kind, value, customer, 0) for (kind, value), customer in sorted(links.items()))
    columns = ("workspace", "kind", "value", "customer", "folded_touch_id")
    return insert_rows(Identity, columns, rows, returning=("id", "kind", "value", "customer_id"))


def link_anonymous(people: People, links: Mapping[Key, Customer], *, now: datetime) -> None:
    """Says that these browsers belong to these customers: unknown ones are added, nameless customers are merged in.

    A browser that already belongs to somebody known stays theirs.
    """
    fresh = {key: customer.pk for key, customer in links.items() if not people.knows(key)}
    for identity, kind, value, customer in _link(next(iter(links.values())).workspace_id, fresh) if fresh else ():
        people.add((kind, value), identity, people.customers[customer])
    for key, customer in links.items():
        if not people.knows(key):
            continue
        nameless = people.customer(key)
        if nameless.is_anonymous and nameless.pk != customer.pk:
            _join(nameless, customer, now=now)
            people.repoint(nameless, customer)


@transaction.atomic
def merge_customers(source_id: str, target_id: str, *, now: datetime) -> Customer:
    """The target takes over the source's names, touches and scores; its own values win and the source fills gaps."""
    ids = {find_customer(source_id).pk, find_customer(target_id).pk}
    rows: dict[int, Customer] = {row.pk: row for row in for_update(Customer.objects.filter(pk__in=ids, deleted_at__isnull=True))}
    source, target = find_customer(source_id), find_customer(target_id)
    if source.pk == target.pk:
        raise Refusal("same_customer", _("These are one customer already."), status=409)
    if {source.pk, target.pk} != set(rows):
        raise Refusal("changed_since", _("Somebody merged one of them just now; try again."), status=409)
    source, target = rows[source.pk], rows[target.pk]
    _join(source, target, now=now)
    due.mark(target.workspace_id, "fold", "sync")
    ring("automations.fold", workspace_id=str(target.workspace_id))
    return target


def _join(source: Customer, target: Customer, *, now: datetime) -> None:
    """Both rows are locked. An open visit of the source on a map where the target stands as well closes."""
    standing = staging.open_stages(target)
    Identity.objects.filter(customer=source).update(customer=target)
    Score.objects.filter(customer=source).update(customer=target)
    StageMove.objects.filter(customer=source).update(customer=target)
    Customer.objects.filter(merged_into=source).update(merged_into=target)
    fill_gaps(target, source)
    target.is_anonymous = target.is_anonymous and source.is_anonymous
    target.has_unfolded = target.has_unfolded or source.has_unfolded
    target.updated_at = now
    target.save(update_fields=[*FIELDS, "company", "created_at", "is_anonymous", "has_unfolded", "updated_at"])
    gone = {"merged_into": target, "deleted_at": now, "updated_at": now, "has_unfolded": False}
    Customer.objects.filter(pk=source.pk).update(**gone)
    staging.take_over(source, target, standing=standing, now=now)
