"""Touches for report tests, written straight into the record."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from customers.models import Customer, Identity, Import, Touch, TouchBatch

START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def customer(name: str, **fields: Any) -> Identity:
    person = Customer.objects.filter(external_id=name).first() or Customer.objects.create(
        external_id=name, created_at=START, **fields
    )
    return Identity.objects.get_or_create(kind="customer", value=name, defaults={"customer": person})[0]


def record(items: Iterable[tuple[Any, ...]], *, from_import: Import | None = None) -> TouchBatch:
    """Items are (customer, event, seconds or moment[, props]); one batch in arrival order."""
    items = list(items)
    batch = TouchBatch.objects.create(source="test", touches=len(items), from_import=from_import)
    rows = []
    for number, (name, event, moment, *rest) in enumerate(items):
        props: Mapping[str, Any] = rest[0] if rest else {}
        occurred = moment if isinstance(moment, datetime) else at(moment)
        rows.append(
            Touch(
                batch=batch, identity=customer(name), source="test", touch_id=f"{batch.pk}-{number}", event=event,
                occurred_at=occurred, props=dict(props),
            )
        )  # fmt: skip
    Touch.objects.bulk_create(rows)
    return batch
