"""What the pages of imports show."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from cjm.lib import tables
from cjm.lib.refusals import Refusal
from workspaces.models import Membership

from . import importing
from .import_rows import sentence_of
from .models import Import, RejectedTouch, Touch

PAGE = 50
SHOWN_REJECTED = SHOWN_FAULTS = 50


def imports_page(before: str) -> dict[str, Any]:
    """Imports, the newest first, from a cursor (the last one's id) on. One query."""
    rows = Import.objects.filter(deleted_at__isnull=True).select_related("created_by__user").order_by("-id")
    try:
        found = list((rows.filter(id__lt=UUID(before)) if before else rows)[: PAGE + 1])
    except ValueError as error:
        raise Refusal("invalid_cursor", _("This place in the list cannot be read. Begin at the first page.")) from error
    return {"imports": found[:PAGE], "next": found[PAGE - 1].pk if len(found) > PAGE else None}


def import_card(row: Import, *, member: Membership) -> dict[str, Any]:
    """All about one import; reads the file's first rows while its columns may still change."""
    is_open = not row.started_at
    context: dict[str, Any] = {
        "row": row,
        "page": "imports",
        "may_write": member.may("editor"),
        "is_open": is_open,
        "is_working": importing.is_working(row),
        "may_undo": bool(row.started_at) and row.state in (Import.State.DONE, Import.State.FAILED, Import.State.RUNNING),
        "share": round(100 * row.rows_read / row.rows_total) if row.rows_total else 0,
        "faults": [fault | {"text": sentence_of(fault)} for fault in row.checked.get("shown", [])[:SHOWN_FAULTS]],
        "good": row.checked.get("rows", 0) - row.checked.get("faults", 0),
        "first": parse_datetime(row.checked.get("first", "")),
        "last": parse_datetime(row.checked.get("last", "")),
    }
    if is_open:
        context |= _first_rows(row)
    else:
        context["rejected"] = RejectedTouch.objects.filter(from_import=row).order_by("index", "pk")[:SHOWN_REJECTED]
    if row.state == Import.State.UNDOING:
        context["left"] = Touch.objects.filter(batch__from_import=row).count()
    return context


def _first_rows(row: Import) -> dict[str, Any]:
    try:
        rows = importing.preview(row)
    except Refusal as no:
        return {"file_problem": no, "samples": [[] for _column in row.columns]}
    return {"samples": [[cells[index][:60] for cells in rows if cells[index]][:3] for index in range(len(row.columns))]}


def rejected_lines(row: Import) -> Iterator[str]:
    """The rejected rows as CSV: their number and reason, then the row as it was."""
    kept = RejectedTouch.objects.filter(from_import=row).order_by("index", "pk")
    names: list[str] = list(
        dict.fromkeys([*row.columns, *(name for item in kept.values_list("item", flat=True) for name in item)])
    )
    header = [_("row"), _("reason"), *names]
    body = ([line.index, line.detail, *(line.item.get(name, "") for name in names)] for line in kept.iterator(chunk_size=500))
    return tables.write_rows([header, *body])
