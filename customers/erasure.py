"""Erasing a person: everything about them goes, what stays is a tombstone and the knowledge that their touches came once.

The analytics store reads erased customers forward by `erased_at`; files of imports age out on their own.
"""

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from workspaces import due

from .inserting import for_update, insert_rows
from .models import Customer, Identity, RejectedTouch, Score, StageMove, StageVisit, Touch, TouchKey
from .recording import digest_of

logger = logging.getLogger(__name__)
_SLICE = 1000


@transaction.atomic
def erase_customer(customer: Customer, *, now: datetime) -> int:
    """Removes the person and everybody merged into them from the record; returns how many touches went."""
    rows = list(for_update(Customer.objects.filter(Q(pk=customer.pk) | Q(merged_into=customer))))
    ids = [row.pk for row in rows]
    names = list(Identity.objects.filter(customer__in=ids).values_list("value", flat=True))
    StageVisit.objects.filter(customer__in=ids).delete()
    StageMove.objects.filter(customer__in=ids).delete()
    Score.objects.filter(customer__in=ids).delete()
    count = _erase_touches(ids)
    RejectedTouch.objects.filter(Q(item__customer__in=names) | Q(item__anonymous_id__in=names)).delete()
    Identity.objects.filter(customer__in=ids).delete()
    for row in rows:
        Customer.objects.filter(pk=row.pk).update(**_blank(now))
    due.mark(customer.workspace_id, "sync")
    logger.info("customers.erased", extra={"customer": customer.pk, "touches": count})
    return count


def _erase_touches(ids: Sequence[int]) -> int:
    count = 0
    touches = Touch.objects.filter(identity__customer__in=ids).order_by("pk")
    while slice_ := list(touches.values_list("pk", "workspace_id", "source", "touch_id")[:_SLICE]):
        keys = [(workspace, digest_of(source, touch_id)) for _pk, workspace, source, touch_id in slice_]
        insert_rows(TouchKey, ("workspace", "digest"), keys)
        Touch.objects.filter(pk__in=[pk for pk, *_rest in slice_]).delete()
        count += len(slice_)
    return count


def _blank(now: datetime) -> dict[str, Any]:
    empty: dict[str, Any] = {
        "name": "",
        "email": "",
        "timezone": "",
        "attrs": {},
        "consent": {},
        "company": None,
        "staged_until": None,
    }
    marks: dict[str, Any] = {"has_unfolded": False, "merged_into": None, "deleted_at": now, "erased_at": now, "updated_at": now}
    return empty | marks | {"external_id": f"erased:{uuid.uuid4()}"}
