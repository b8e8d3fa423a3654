"""The one consumer of new touches: takes them, customer by customer, into stage visits (and what rules make of them).

A customer waits to be folded while `has_unfolded` stands; an identity remembers its last folded touch. Whoever folds holds
the customer's row lock, as recording does, so touches of one customer are folded in the order of arrival and each once.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F

from customers import staging
from customers.inserting import update_rows
from customers.models import Customer, Identity, Touch
from workspaces import due, tenancy

logger = logging.getLogger(__name__)
_CUSTOMERS = 250
_FACTS = (
    "pk", "event", "channel", "touchpoint", "value", "occurred_at", "props", "score_metric", "score_value", "identity_id",
    "identity__customer_id",
)  # fmt: skip


def fold_some(workspace_id: UUID, *, limit: int = 1000, wait: bool = False) -> int:
    """Folds up to `limit` touches in one transaction; returns how many. Customers whom another worker holds are left to it,
    unless `wait`."""
    with tenancy.writing(workspace_id):
        customers = _claim(wait=wait)
        if not customers:
            return 0
        touches = _unfolded(customers, limit)
        _fold(customers, touches, is_cut=sum(map(len, touches.values())) == limit)
    count = sum(map(len, touches.values()))
    logger.info("touches.folded", extra={"count": count, "customers": len(customers)})
    return count


def fold_all(workspace_id: UUID) -> int:
    """Folds until nothing of the workspace is left, waiting for other workers; changed maps are staged anew first."""
    staging.restage_changed(workspace_id)
    total = 0
    while is_waiting(workspace_id):
        total += fold_some(workspace_id, wait=True)
    settle(workspace_id)
    return total


def is_waiting(workspace_id: UUID) -> bool:
    with tenancy.reading(workspace_id):
        return bool(Customer.objects.filter(has_unfolded=True).exists())


def settle(workspace_id: UUID) -> bool:
    """Takes the mark of due work away where nothing is left to fold and no map changed."""
    with tenancy.writing(workspace_id):
        return due.settle(workspace_id, "fold", is_done=lambda: not is_waiting(workspace_id) and not staging.has_changed_maps())


def _claim(*, wait: bool) -> list[Customer]:
    skip = not wait and connection.features.has_select_for_update_skip_locked
    waiting = Customer.objects.filter(has_unfolded=True).order_by("pk")
    return list(waiting.only("workspace", "staged_until").select_for_update(skip_locked=skip)[:_CUSTOMERS])


def _unfolded(customers: Sequence[Customer], limit: int) -> dict[int, list[Any]]:
    """New touches in the order of arrival, by customer; as named rows, since whole models take three times as long to load."""
    found: dict[int, list[Any]] = defaultdict(list)
    new = Touch.objects.filter(identity__customer__in=[row.pk for row in customers], pk__gt=F("identity__folded_touch_id"))
    for touch in new.order_by("pk").values_list(*_FACTS, named=True)[:limit]:
        found[touch.identity__customer_id].append(touch)
    return found


def _fold(customers: Sequence[Customer], touches: Mapping[int, Sequence[Any]], *, is_cut: bool) -> None:
    staging.fold_many(customers, touches, staging.load_plans())
    marks: dict[int, int] = {}
    for some in touches.values():
        for touch in some:
            marks[touch.identity_id] = touch.pk
    update_rows(Identity, ["folded_touch_id"], [(last, identity) for identity, last in marks.items()])
    left = _left(customers) if is_cut else set()
    update_rows(Customer, ["staged_until", "has_unfolded"], [(row.staged_until, row.pk in left, row.pk) for row in customers])


def _left(customers: Sequence[Customer]) -> set[int]:
    new = Touch.objects.filter(identity__customer__in=[row.pk for row in customers], pk__gt=F("identity__folded_touch_id"))
    return set(new.order_by().values_list("identity__customer_id", flat=True).distinct())
