"""The worker's side of imports: a file is checked, recorded in slices, or taken back, and may be killed at any moment."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from cjm.lib.clock import now
from cjm.lib.refusals import Refusal
from workspaces import due, tenancy
from workspaces.models import Workspace

from .import_facts import facts_before, remember_changes
from .import_rows import Fault, Translator, sentence_of
from .import_undo import remove_touches
from .importing import WORKING, read_rows, table_errors
from .models import Customer, Identity, Import, ImportedCustomer, RejectedTouch
from .recording import record_touches

MAX_ROWS = 2_000_000
MAX_FAULTS_SHOWN = 200
MAX_REJECTED_KEPT = 10_000
SLICE = 500
CHECK_SLICE = 2000
LEASE = timedelta(seconds=15)
_WATCH_SECONDS = 0.2
State = Import.State


def work_on(workspace_id: UUID) -> None:
    """Takes up the workspace's waiting imports one after the other. Long; commits every slice; safe to kill and to run twice."""
    while (row := _claim(workspace_id)) is not None:
        work_through(row)
    with tenancy.writing(workspace_id):
        due.settle(workspace_id, "import", is_done=lambda: not Import.objects.filter(state__in=WORKING).exists())


def watch(row: Import) -> Iterator[tuple[int, int]]:
    """Brings one import to the end of its work, here or by whichever worker holds it; yields rows read and rows in all."""
    while True:
        claimed = _claim(row.workspace_id, only=row)
        if claimed is not None:
            for done in _work(claimed):
                yield done, claimed.rows_total
        with tenancy.reading(row.workspace_id):
            row.refresh_from_db()
        if row.state not in WORKING:
            return
        yield row.rows_read, row.rows_total
        time.sleep(_WATCH_SECONDS)


def work_through(row: Import) -> None:
    """Checks, records or undoes one import to its end, in the workspace's own language."""
    for _progress in _work(row):
        pass


def _work(row: Import) -> Iterator[int]:
    deed = {State.CHECKING: check_file, State.RUNNING: record_file, State.UNDOING: remove_touches}[State(row.state)]
    language = Workspace.objects.values_list("default_language", flat=True).get(pk=row.workspace_id)
    with translation.override(language):
        try:
            with table_errors():
                yield from deed(row)
        except Refusal as no:
            with tenancy.writing(row.workspace_id):
                Import.objects.filter(pk=row.pk, state=row.state).update(
                    state=State.FAILED, error=str(no.text), finished_at=now()
                )


def is_waiting(workspace_id: UUID) -> bool:
    """Whether nobody works on an import of this workspace, or there is a mark without work. One query."""
    with tenancy.reading(workspace_id):
        leases = list(Import.objects.filter(state__in=WORKING).values_list("leased_until", flat=True))
    return not leases or any(lease is None or lease < _real_now() for lease in leases)


def _claim(workspace_id: UUID, *, only: Import | None = None) -> Import | None:
    moment = _real_now()
    with tenancy.writing(workspace_id):
        waiting = Import.objects.filter(Q(leased_until__isnull=True) | Q(leased_until__lt=moment), state__in=WORKING)
        waiting = waiting.filter(pk=only.pk) if only is not None else waiting
        row: Import | None = waiting.select_for_update().order_by("updated_at", "pk").first()
        if row is not None:
            Import.objects.filter(pk=row.pk).update(leased_until=moment + LEASE)
        return row


def check_file(row: Import) -> Iterator[int]:
    """The dry run: reads every row and records none; yields how many rows it has read."""
    translator, found = _translator(row), _Findings()
    number = 0
    for number, cells in enumerate(read_rows(row), 1):
        found.add(translator.translate(cells, number + 1))
        if number % CHECK_SLICE == 0:
            if not _report(row, State.CHECKING, rows_read=number):
                return
            yield number
        if number > MAX_ROWS:
            raise Refusal("too_many_rows", _("The file has more than 2,000,000 rows. Split it."))
    _report(
        row, State.CHECKING, state=State.CHECKED, rows_read=number, rows_total=number, checked=found.as_json(number),
        leased_until=None,
    )  # fmt: skip
    yield number


def record_file(row: Import) -> Iterator[int]:
    """Records the rows from `rows_read` on; yields how many rows are read. Every slice is one transaction with its progress."""
    translator, done = _translator(row), row.rows_read
    rows = enumerate(read_rows(row), 1)
    for _number, cells in islice(rows, done):
        translator.skip(cells)
    while chunk := list(islice(rows, SLICE)):
        outcomes = [(cells, translator.translate(cells, number + 1)) for number, cells in chunk]
        if not _record_slice(row, outcomes, done):
            return
        done += len(chunk)
        yield done
    values = {"state": State.DONE, "finished_at": now(), "rows_total": done, "leased_until": None}
    _report(row, State.RUNNING, **values)


Outcome = tuple[list[str], dict[str, Any] | Fault]


def _record_slice(row: Import, outcomes: Sequence[Outcome], done: int) -> bool:
    items = [item for _cells, item in outcomes if not isinstance(item, Fault)]
    faults = [(cells, fault) for cells, fault in outcomes if isinstance(fault, Fault)]
    with tenancy.writing(row.workspace_id):
        standing = Import.objects.select_for_update().get(pk=row.pk)
        if standing.state != State.RUNNING or standing.rows_read != done:
            return False
        newcomers, facts = _unknown_customers(items), facts_before(items)
        receipt = record_touches(
            row.workspace_id, items, source=row.source, historical=row.historical, now=now(), from_import=standing
        )  # fmt: skip
        _keep_rejected(standing, faults)
        remember_changes(standing, facts, newcomers=_remember_newcomers(standing, newcomers))
        standing.accepted += receipt.accepted
        standing.repeated += receipt.repeated
        standing.rejected += len(receipt.rejected) + len(faults)
        standing.rows_read = done + len(outcomes)
        standing.leased_until = _real_now() + LEASE
        standing.save(update_fields=["accepted", "repeated", "rejected", "rows_read", "leased_until"])
    return True


def _unknown_customers(items: Sequence[Mapping[str, Any]]) -> dict[str, set[str]]:
    wanted: dict[str, set[str]] = {"customer": set(), "anonymous": set()}
    for item in items:
        wanted["customer" if item.get("customer") else "anonymous"].add(item.get("customer") or item["anonymous_id"])
    for kind, names in wanted.items():
        names -= set(Identity.objects.filter(kind=kind, value__in=names).values_list("value", flat=True))
    wanted["customer"] -= set(Customer.objects.filter(external_id__in=wanted["customer"]).values_list("external_id", flat=True))
    return wanted


def _remember_newcomers(row: Import, newcomers: Mapping[str, set[str]]) -> set[int]:
    found = {
        pk
        for kind, names in newcomers.items()
        for pk in Identity.objects.filter(kind=kind, value__in=names).values_list("customer_id", flat=True)
    }
    lines = [ImportedCustomer(from_import=row, customer_id=pk) for pk in sorted(found)]
    ImportedCustomer.objects.bulk_create(lines, ignore_conflicts=True)
    return found


def _keep_rejected(row: Import, faults: Sequence[tuple[list[str], Fault]]) -> None:
    room = MAX_REJECTED_KEPT - row.rejected
    RejectedTouch.objects.bulk_create(
        RejectedTouch(
            source=row.source, index=fault.row, item=dict(zip(row.columns, cells, strict=False)), code=fault.code,
            detail=sentence_of(fault.as_json())[:500], from_import=row, at=now(),
        )
        for cells, fault in faults[: max(room, 0)]
    )  # fmt: skip


def _report(row: Import, standing: str, **values: Any) -> bool:
    """Writes progress and renews the lease; False where somebody changed the import's state meanwhile."""
    values = {"leased_until": _real_now() + LEASE} | values
    with tenancy.writing(row.workspace_id):
        return bool(Import.objects.filter(pk=row.pk, state=standing).update(**values))


class _Findings:
    """What a dry run has seen."""

    def __init__(self) -> None:
        self.faults: list[dict[str, Any]] = []
        self.total = 0
        self.events: Counter[str] = Counter()
        self.people: set[str] = set()
        self.first = self.last = ""

    def add(self, item: dict[str, Any] | Fault) -> None:
        if isinstance(item, Fault):
            self.total += 1
            if len(self.faults) < MAX_FAULTS_SHOWN:
                self.faults.append(item.as_json())
            return
        self.events[item["event"]] += 1
        self.people.add(item.get("customer") or item["anonymous_id"])
        self.first = min(self.first or item["occurred_at"], item["occurred_at"])
        self.last = max(self.last, item["occurred_at"])

    def as_json(self, rows: int) -> dict[str, Any]:
        return {
            "rows": rows, "faults": self.total, "shown": self.faults, "customers": len(self.people),
            "events": self.events.most_common(30), "kinds": len(self.events), "first": self.first, "last": self.last,
        }  # fmt: skip


def _translator(row: Import) -> Translator:
    mapping = row.mapping
    return Translator(
        row.columns,
        mapping["fields"],
        timezone=mapping["timezone"],
        event=mapping["event"],
        channel=mapping["channel"],
        now=now(),
    )


def _real_now() -> datetime:
    return datetime.now(UTC)
