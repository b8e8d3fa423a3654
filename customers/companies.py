"""Companies of customers, made and completed by external_id."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import UnsetType

from workspaces import due, tenancy

from .inserting import for_update, insert_rows, update_rows
from .models import Company
from .profiles import merge_keys
from .shapes import CompanyIn, Rejection, read_company


def upsert_companies(workspace_id: UUID, items: Sequence[Any], *, now: datetime) -> list[dict[str, Any]]:
    """Makes or completes companies, in the order of the items; each answer is index, status (201, 200, 400), id and errors."""
    answers: list[dict[str, Any]] = []
    good: list[tuple[int, CompanyIn]] = []
    for index, item in enumerate(items):
        answers.append({"index": index, "status": 400, "id": None, "errors": None})
        try:
            good.append((index, read_company(item)))
        except Rejection as no:
            answers[index]["errors"] = {no.field or "non_field_errors": [no.detail]}
    if not good:
        return answers
    with tenancy.writing(workspace_id):
        standing = set(
            Company.objects.filter(external_id__in=[shape.external_id for _index, shape in good]).values_list("pk", flat=True)
        )
        ids = keep_companies(workspace_id, [shape for _index, shape in good], now=now)
        due.mark(workspace_id, "sync")
    for index, shape in good:
        key = ids[shape.external_id]
        answers[index] |= {"status": 200 if key in standing else 201, "id": key}
        standing.add(key)
    return answers


def keep_companies(workspace_id: UUID, shapes: Sequence[CompanyIn], *, now: datetime) -> dict[str, int]:
    """External id → id; what is given replaces what stands, attributes key by key. At most three queries and one write."""
    if not shapes:
        return {}
    wanted = sorted({shape.external_id for shape in shapes})
    insert_rows(
        Company,
        ("workspace", "external_id", "name", "timezone", "attrs", "created_at", "updated_at"),
        ((workspace_id, word, "", "", {}, now, now) for word in wanted),
    )
    rows = {row.external_id: row for row in for_update(Company.objects.filter(external_id__in=wanted))}
    changed = {}
    for shape in shapes:
        row = rows[shape.external_id]
        before = row.name, row.attrs, row.deleted_at
        row.name = shape.name if isinstance(shape.name, str) and shape.name else row.name
        row.attrs = merge_keys(row.attrs, shape.attrs or {}) if not isinstance(shape.attrs, UnsetType) else row.attrs
        row.deleted_at = None
        if before != (row.name, row.attrs, row.deleted_at):
            changed[row.pk] = row
    lines = [(row.name, row.attrs, row.deleted_at, now, row.pk) for row in changed.values()]
    update_rows(Company, ["name", "attrs", "deleted_at", "updated_at"], lines)
    return {word: row.pk for word, row in rows.items()}
