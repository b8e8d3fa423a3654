"""Keeps the column store in step with the record.

Touches are claimed by batch: a batch is in step when `synced_at` is set, and set only after its rows stand in the store.
Appending a batch twice changes nothing (rows are keyed by touch id), so a kill at any moment neither loses nor doubles.
An undone batch is removed from the store, then marked by `synced_at == undone_at`. People are read by `updated_at` with an
overlap; identities carry the only fact that a merge changes.
"""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F, Q
from django.utils.translation import gettext as _

from analytics.models import Report, StoreState
from cjm.lib.refusals import Refusal
from customers.models import Company, Customer, Identity, TouchBatch
from workspaces import tenancy

from . import engine

logger = logging.getLogger(__name__)
CHUNK_ROWS = 20_000
_OVERLAP = timedelta(minutes=5)
_lock = threading.RLock()
_recent: dict[UUID, dict[int, datetime]] = {}

TOUCH_COLUMNS = (
    "workspace", "identity", "at", "id", "batch", "event", "channel", "touchpoint", "value", "currency",
    "score_metric", "score_value", "props",
)  # fmt: skip
CUSTOMER_COLUMNS = (
    "workspace", "customer", "external_id", "name", "email", "stage", "score", "created_at", "attrs", "consent",
    "company_external_id", "company_name", "company_attrs", "is_gone", "version",
)  # fmt: skip


def sync_workspace(workspace_id: UUID) -> int:
    """Brings the store in step with everything acknowledged so far; returns the data version.

    Activates the workspace itself. One at a time in this process; on PostgreSQL batches are locked while they are appended.
    """
    with _lock:
        store = engine.store_id()
        with tenancy.reading(workspace_id):
            state, _made = StoreState.objects.get_or_create(workspace_id=workspace_id)
        if state.store != store:
            _begin(workspace_id, state, store)
        changed = _remove_undone(workspace_id)
        while appended := _append_some(workspace_id):
            changed += appended
        changed += _sync_people(workspace_id, state)
        if changed:
            with tenancy.writing(workspace_id):
                StoreState.objects.update(version=F("version") + 1)
        with tenancy.reading(workspace_id):
            version: int = StoreState.objects.values_list("version", flat=True).get()
            return version


def is_behind(workspace_id: UUID) -> bool:
    """Whether anything acknowledged waits for the store. Few indexed queries; the workspace must be active."""
    seen_at = StoreState.objects.values_list("people_seen_at", flat=True).first()
    return (
        seen_at is None
        or TouchBatch.objects.filter(synced_at__isnull=True).exists()
        or Customer.objects.filter(updated_at__gte=seen_at).exists()
        or _undone().exists()
    )


def rebuild(workspace_id: UUID) -> int:
    """Makes the workspace's part of the store anew from the record; returns the data version."""
    with _lock:
        with tenancy.writing(workspace_id):
            StoreState.objects.update(store=None, people_seen_at=None)
        return sync_workspace(workspace_id)


def check(workspace_id: UUID) -> bool:
    """Compares count, whole seconds and values of the record with the store; rebuilds and says False where they differ."""
    with _lock:
        sync_workspace(workspace_id)
        with tenancy.reading(workspace_id):
            record = _record_sum(workspace_id)
        if record == _store_sum(workspace_id):
            return True
        logger.warning("store.mismatch", extra={"workspace": str(workspace_id)})
        rebuild(workspace_id)
        return False


def _begin(workspace_id: UUID, state: StoreState, store: UUID) -> None:
    """A store that never held this workspace (or is to be made anew): empty there, everything unsynced here."""
    for table in engine.TABLES:
        _delete(table, "workspace = {w:UUID}", {"w": str(workspace_id)})
    _recent.pop(workspace_id, None)
    with tenancy.writing(workspace_id):
        TouchBatch.objects.filter(synced_at__isnull=False).update(synced_at=None)
        StoreState.objects.update(store=store, people_seen_at=None, version=F("version") + 1)
    state.store, state.people_seen_at = store, None


def _delete(table: str, where: str, params: dict[str, Any]) -> None:
    """A mutation that is through when this returns."""
    if engine.rows(f"select 1 from {table} where {where} limit 1", params):
        engine.command(f"alter table {table} delete where {where}", params, mutations_sync=2)


def _remove_undone(workspace_id: UUID) -> int:
    with tenancy.reading(workspace_id):
        undone = list(_undone().values_list("pk", flat=True))
    if not undone:
        return 0
    _delete("touches", "workspace = {w:UUID} and batch in {b:Array(UInt64)}", {"w": str(workspace_id), "b": undone})
    with tenancy.writing(workspace_id):
        TouchBatch.objects.filter(pk__in=undone).update(synced_at=F("undone_at"))
    return len(undone)


def _undone() -> Any:
    undone = TouchBatch.objects.filter(from_import__state__in=("undoing", "undone"), undone_at__isnull=False)
    return undone.filter(Q(synced_at__isnull=True) | ~Q(synced_at=F("undone_at")))


def _append_some(workspace_id: UUID) -> int:
    """One block of unsynced batches; returns how many batches."""
    with _claiming(workspace_id):
        waiting = TouchBatch.objects.filter(synced_at__isnull=True, undone_at__isnull=True).order_by("id")
        if connection.vendor == "postgresql":
            waiting = waiting.select_for_update()
        batches, total = [], 0
        for pk, touches in waiting.values_list("pk", "touches")[:CHUNK_ROWS]:
            batches.append(pk)
            total += touches
            if total >= CHUNK_ROWS:
                break
        if not batches:
            return 0
        rows = _read_touches(workspace_id, batches)
        engine.insert("touches", TOUCH_COLUMNS, rows)
        _insert_identities(workspace_id, Identity.objects.filter(pk__in=Identity.objects.filter(touches__batch__in=batches)))
        TouchBatch.objects.filter(pk__in=batches, undone_at__isnull=True).update(synced_at=datetime.now(UTC))
    logger.info("store.appended", extra={"count": len(rows)})
    return len(batches)


@contextmanager
def _claiming(workspace_id: UUID) -> Iterator[None]:
    """A transaction where row locks exist; on SQLite nothing, so that no writer waits for the store."""
    with tenancy.writing(workspace_id) if connection.vendor == "postgresql" else tenancy.reading(workspace_id):
        yield


_SQLITE = (
    "cast(strftime('%%s', t.occurred_at) as integer) * 1000000 "
    "+ cast(substr(substr(t.occurred_at, 21) || '000000', 1, 6) as integer)"
)
_POSTGRES = "(extract(epoch from t.occurred_at) * 1000000)::bigint"


def _read_touches(workspace_id: UUID, batches: Sequence[int]) -> list[tuple[Any, ...]]:
    is_postgres = connection.vendor == "postgresql"
    at, props, value = (_POSTGRES, "t.props::text", "t.value::float8") if is_postgres else (_SQLITE, "t.props", "t.value")
    marks = ", ".join(["%s"] * len(batches))
    sql = (
        f"select t.identity_id, {at}, t.id, t.batch_id, t.event, t.channel, "
        f"t.touchpoint, {value}, t.currency, t.score_metric, t.score_value, {props} "
        f"from customers_touch t where t.workspace_id = %s and t.batch_id in ({marks})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [workspace_id if is_postgres else workspace_id.hex, *batches])
        workspace = str(workspace_id)
        return [(workspace, *row) for row in cursor.fetchall()]


def _insert_identities(workspace_id: UUID, identities: Any) -> None:
    version, workspace = time.time_ns(), str(workspace_id)
    lines = [(workspace, pk, customer, version) for pk, customer in identities.values_list("pk", "customer_id")]
    engine.insert("identities", ("workspace", "identity", "customer", "version"), lines)


# ------------------------------------------------------------------------------------------------ people


def _sync_people(workspace_id: UUID, state: StoreState) -> int:
    """Changed customers, their identities, and those who left. A standing test clock hides changes, so there all are read."""
    began = datetime.now(UTC)
    is_clock_real = not (settings.TEST_CLOCK or settings.ANALYTICS_INLINE)
    since = state.people_seen_at - _OVERLAP if state.people_seen_at and is_clock_real else None
    with tenancy.reading(workspace_id):
        changed = _changed_customers(workspace_id, since)
        gone = [row.pk for row in changed if row.erased_at]
        _insert_customers(workspace_id, [row for row in changed if not row.erased_at])
        touched = {row.pk for row in changed} | {row.merged_into_id for row in changed if row.merged_into_id}
        for ids in _slices(sorted(touched)):
            _insert_identities(workspace_id, Identity.objects.filter(customer_id__in=ids))
        gone += _vanished(workspace_id)
    _remember(workspace_id, changed)
    erased = _erase(workspace_id, gone)
    if changed and is_clock_real:
        with tenancy.writing(workspace_id):
            StoreState.objects.update(people_seen_at=began)
    return (len(changed) if is_clock_real else _really_changed(workspace_id, changed)) + erased


def _changed_customers(workspace_id: UUID, since: datetime | None) -> list[Customer]:
    """Everybody, or those who changed since and are not in the store as they are: only these are loaded whole."""
    people = Customer.objects.select_related("company").order_by("id")
    if since is None:
        return list(people)
    companies = Company.objects.filter(updated_at__gte=since).values("pk")
    moments = people.filter(Q(updated_at__gte=since) | Q(company__in=companies)).values_list(
        "pk", "updated_at", "company__updated_at"
    )
    seen = _recent.get(workspace_id, {})
    fresh = [pk for pk, own, theirs in moments if seen.get(pk) != max(own, theirs or own)]
    return [row for ids in _slices(fresh) for row in people.filter(pk__in=ids)]


def _remember(workspace_id: UUID, people: Sequence[Customer]) -> None:
    """Called when they stand in the store: an insert that failed is tried again."""
    seen = _recent.setdefault(workspace_id, {})
    for row in people:
        seen[row.pk] = max(row.updated_at, row.company.updated_at if row.company else row.updated_at)


def _insert_customers(workspace_id: UUID, people: Sequence[Customer]) -> None:
    import json

    version, workspace = time.time_ns(), str(workspace_id)

    def text(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    lines = (
        (
            workspace, row.pk, row.external_id, row.name, row.email, "", None, _micro(row.created_at), text(row.attrs),
            text(row.consent), *_company(row.company), 0, version,
        )
        for row in people
    )  # fmt: skip
    engine.insert("customers", CUSTOMER_COLUMNS, lines)


def _company(company: Company | None) -> tuple[str, str, str]:
    import json

    if company is None:
        return "", "", "{}"
    return company.external_id, company.name, json.dumps(company.attrs, ensure_ascii=False)


def _micro(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _slices(ids: Sequence[int], size: int = 500) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


_digests: dict[UUID, int] = {}


def _really_changed(workspace_id: UUID, people: Sequence[Customer]) -> int:
    """Under a standing clock everybody is read each time; the version moves only when something differs."""
    digest = hash(
        tuple((row.pk, row.external_id, row.merged_into_id, repr(row.attrs), repr(row.consent), row.erased_at) for row in people)
    )
    before = _digests.get(workspace_id)
    _digests[workspace_id] = digest
    return int(before != digest)


def _vanished(workspace_id: UUID) -> list[int]:
    """Customers whose rows are no longer in the record. Two counts; ids are compared only where these differ."""
    known = engine.rows("select uniqExact(customer) from customers where workspace = {w:UUID}", {"w": str(workspace_id)})[0][0]
    if known == Customer.objects.filter(erased_at__isnull=True).count():
        return []
    sql = "select distinct customer from customers where workspace = {w:UUID}"
    stored = {row[0] for row in engine.rows(sql, {"w": str(workspace_id)})}
    return sorted(stored - set(Customer.objects.filter(erased_at__isnull=True).values_list("pk", flat=True)))


def _erase(workspace_id: UUID, customers: Sequence[int]) -> int:
    """Takes people out of the store so that no byte of them is left there, and drops stored answers that may name them."""
    params = {"w": str(workspace_id), "c": list(customers)}
    if not customers or not engine.rows(
        "select 1 from customers where workspace = {w:UUID} and customer in {c:Array(UInt64)} limit 1", params
    ):
        return 0
    found = engine.rows(
        "select distinct identity from identities where workspace = {w:UUID} and customer in {c:Array(UInt64)}", params
    )
    params["i"] = [row[0] for row in found]
    _delete("touches", "workspace = {w:UUID} and identity in {i:Array(UInt64)}", params)
    for table in ("identities", "customers"):
        _delete(table, "workspace = {w:UUID} and customer in {c:Array(UInt64)}", params)
    for table in engine.TABLES:
        engine.command(f"optimize table {table} final")
    if not engine.drop_old_parts():
        logger.warning("store.old_parts_left", extra={"workspace": str(workspace_id)})
    with tenancy.writing(workspace_id):
        Report.objects.exclude(state__in=(Report.State.WAITING, Report.State.RUNNING)).delete()
    return len(customers)


def forget_workspace(workspace_id: UUID) -> None:
    """Takes everything of a workspace out of the store, to the last byte; its record is gone already."""
    with _lock:
        for table in engine.TABLES:
            _delete(table, "workspace = {w:UUID}", {"w": str(workspace_id)})
            engine.command(f"optimize table {table} final")
        engine.drop_old_parts()
        _recent.pop(workspace_id, None)


# ------------------------------------------------------------------------------------------------ checksum


def _record_sum(workspace_id: UUID) -> tuple[int, int, float]:
    is_postgres = connection.vendor == "postgresql"
    on_sqlite, on_postgres = "cast(strftime('%%s', t.occurred_at) as integer)", "floor(extract(epoch from t.occurred_at))::bigint"
    seconds = on_postgres if is_postgres else on_sqlite
    sql = (
        f"select count(*), coalesce(sum({seconds}), 0), coalesce(sum(t.value), 0) from customers_touch t "
        "join customers_touchbatch b on b.id = t.batch_id where t.workspace_id = %s and b.undone_at is null"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [workspace_id if is_postgres else workspace_id.hex])
        count, at, value = cursor.fetchone()
    return int(count), int(at), round(float(value), 1)


def _store_sum(workspace_id: UUID) -> tuple[int, int, float]:
    sql = "select count(), sum(intDiv(at, 1000000)), sum(ifNull(value, 0)) from touches final where workspace = {w:UUID}"
    count, at, value = engine.rows(sql, {"w": str(workspace_id)})[0]
    return int(count), int(at), round(float(value), 1)


@contextmanager
def store_errors() -> Iterator[None]:
    """Turns the engine's own no (time, memory, cancelled) into a refusal that a page can show."""
    from clickhouse_connect.driver.exceptions import DatabaseError

    try:
        yield
    except DatabaseError as error:
        code = "cancelled" if "QUERY_WAS_CANCELLED" in str(error) else "too_heavy"
        if not any(word in str(error) for word in ("QUERY_WAS_CANCELLED", "TIMEOUT_EXCEEDED", "MEMORY_LIMIT_EXCEEDED")):
            raise
        text = _("The question was too heavy; narrow its range.") if code == "too_heavy" else _("The question was cancelled.")
        raise Refusal(code, text) from error
