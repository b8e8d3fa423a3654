"""Taking an import back: customer by customer, so that a kill leaves nobody half undone."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from cjm.lib.clock import now
from workspaces import due, tenancy

from . import staging
from .import_facts import restore_facts
from .inserting import for_update
from .models import Customer, Identity, Import, ImportedCustomer, ImportedFacts, Score, StageMove, StageVisit, Touch, TouchBatch

PEOPLE_PER_SLICE = 50


def remove_touches(row: Import) -> Iterator[int]:
    """Deletes what the import recorded and stages its customers anew; yields how many customers are done."""
    done = 0
    while people := _remove_slice(row):
        done += people
        yield done
    with tenancy.writing(row.workspace_id):
        ImportedFacts.objects.filter(from_import=row).delete()
        TouchBatch.objects.filter(from_import=row, undone_at__isnull=True).update(undone_at=now())
        values = {"state": Import.State.UNDONE, "undone_at": now(), "leased_until": None}
        Import.objects.filter(pk=row.pk, state=Import.State.UNDOING).update(**values)
        due.mark(row.workspace_id, "sync")


def _remove_slice(row: Import) -> int:
    with tenancy.writing(row.workspace_id):
        touches = Touch.objects.filter(batch__in=TouchBatch.objects.filter(from_import=row))
        found = touches.order_by().values_list("identity__customer_id", flat=True).distinct()[:PEOPLE_PER_SLICE]
        people: list[Customer] = list(for_update(Customer.objects.filter(pk__in=list(found))))
        if not people:
            return 0
        ids = [person.pk for person in people]
        gone = touches.filter(identity__customer__in=ids)
        StageVisit.objects.filter(via_touch__in=gone).update(via_touch=None)
        Score.objects.filter(touch__in=gone).delete()
        gone.delete()
        lost = _vanishing(ids)
        _forget(lost)
        staying = [person for person in people if person.pk not in lost]
        restore_facts(row, staying)
        staging.restage_customers(staying, now=now())
        Customer.objects.filter(pk__in=[person.pk for person in staying]).update(updated_at=now())
        Import.objects.filter(pk=row.pk).update(leased_until=datetime.now(UTC) + timedelta(seconds=15))
        return len(people)


def _vanishing(ids: Sequence[int]) -> set[int]:
    """Those whom imports brought and about whom nothing else is recorded."""
    brought = set(ImportedCustomer.objects.filter(customer__in=ids).values_list("customer_id", flat=True))
    brought -= set(Touch.objects.filter(identity__customer__in=brought).values_list("identity__customer_id", flat=True))
    brought -= set(StageMove.objects.filter(customer__in=brought).values_list("customer_id", flat=True))
    brought -= set(Score.objects.filter(customer__in=brought).values_list("customer_id", flat=True))
    return brought - set(Customer.objects.filter(merged_into__in=brought).values_list("merged_into_id", flat=True))


def _forget(ids: set[int]) -> None:
    StageVisit.objects.filter(customer__in=ids).delete()
    Identity.objects.filter(customer__in=ids).delete()
    Customer.objects.filter(pk__in=ids).delete()
