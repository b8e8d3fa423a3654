"""Facts about a customer: what is written stays until it is written again, keys merge one by one, null takes away."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET

from .models import Customer
from .shapes import IdentifyIn

FIELDS = ("name", "email", "timezone", "attrs", "consent")


def apply_facts(customer: Customer, facts: IdentifyIn) -> bool:
    """Writes the facts into the row in memory; says whether anything changed."""
    before = _snapshot(customer)
    for name in ("name", "email", "timezone"):
        if (value := getattr(facts, name)) is not UNSET:
            setattr(customer, name, value or "")
    for name in ("attrs", "consent"):
        if (value := getattr(facts, name)) is not UNSET:
            setattr(customer, name, merge_keys(getattr(customer, name), value or {}))
    return _snapshot(customer) != before


def fill_gaps(target: Customer, source: Customer) -> None:
    """What the target does not know is taken from the source; the target's own values win."""
    for name in ("name", "email", "timezone", "company_id"):
        setattr(target, name, getattr(target, name) or getattr(source, name))
    target.attrs = source.attrs | target.attrs
    target.consent = source.consent | target.consent
    target.created_at = min(target.created_at, source.created_at)


def _snapshot(customer: Customer) -> list[Any]:
    return [getattr(customer, name) for name in FIELDS]


def merge_keys(standing: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What stands with what is given over it; a null takes its key away."""
    merged = {**standing, **given}
    return {key: value for key, value in merged.items() if value is not None or key not in given}
