"""The only door to the column store: ClickHouse inside this process, or a ClickHouse server named by CLICKHOUSE_URL.

The embedded engine is loaded on first use. A forked child must never touch it (it would hang), and one folder belongs to
one process at a time: both are refused with a sentence. Values travel as typed parameters only; limits hold for every query.
"""

import atexit
import fcntl
import logging
import os
import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import IO, Any

import msgspec
import numpy as np
from django.conf import settings
from django.utils.translation import gettext as _

from cjm.lib.refusals import Refusal

logger = logging.getLogger(__name__)
_lock = threading.RLock()
_client: Any = None
_owner_pid: int | None = None
_folder_lock: IO[str] | None = None

LIMITS: dict[str, Any] = {"max_memory_usage": 2_000_000_000, "max_execution_time": 120, "max_threads": 4}

TABLES = {
    "touches": """
        create table if not exists touches (
            workspace UUID, identity UInt64 CODEC(T64, LZ4), at Int64 CODEC(Delta, LZ4), id UInt64 CODEC(Delta, LZ4),
            batch UInt64 CODEC(T64, LZ4), event LowCardinality(String), channel LowCardinality(String),
            touchpoint LowCardinality(String), value Nullable(Float64), currency LowCardinality(String),
            score_metric LowCardinality(String), score_value Nullable(Float64), props String CODEC(ZSTD(1))
        ) engine = ReplacingMergeTree
        partition by toYear(toDateTime64(at / 1000000, 0, 'UTC'))
        order by (workspace, identity, at, id)
        settings index_granularity = 8192""",
    "identities": """
        create table if not exists identities (workspace UUID, identity UInt64, customer UInt64, version UInt64)
        engine = ReplacingMergeTree(version) order by (workspace, identity)""",
    "customers": """
        create table if not exists customers (
            workspace UUID, customer UInt64, external_id String, name String, email String, stage String,
            score Nullable(Float64), created_at Int64, attrs String CODEC(ZSTD(1)), consent String,
            company_external_id String, company_name String, company_attrs String, is_gone UInt8, version UInt64
        ) engine = ReplacingMergeTree(version) order by (workspace, customer)""",
}


# What a merge or an erasure replaced leaves the disk within seconds, not after the usual eight minutes.
_CLEAN_UP = "old_parts_lifetime = 1, merge_tree_clear_old_parts_interval_seconds = 1"


class StoreBusy(Refusal):
    """Another process owns this folder, or this is a forked child of its owner."""

    def __init__(self, text: Any) -> None:
        super().__init__("store_busy", text, status=503)


def client() -> Any:
    """The connected client, with the tables made. Slow the first time (loads the engine)."""
    global _client, _owner_pid
    if _client is not None and _owner_pid == os.getpid():
        return _client
    with _lock:
        if _owner_pid is not None and _owner_pid != os.getpid() and not settings.CLICKHOUSE_URL:
            raise StoreBusy(_("The analytics engine was opened before this process was forked; start workers as threads."))
        if _client is None or _owner_pid != os.getpid():
            _client = _connect()
            _owner_pid = os.getpid()
    return _client


def folder() -> Path:
    return Path(settings.DATA_DIR) / "store"


def store_id() -> uuid.UUID:
    """The name of the store that is open; a new folder (or server database) has a new one."""
    client()
    if settings.CLICKHOUSE_URL:
        return uuid.uuid5(uuid.NAMESPACE_URL, settings.CLICKHOUSE_URL.rpartition("@")[2])
    file = folder() / "cjm-store-id"
    if not file.exists():
        file.write_text(str(uuid.uuid4()))
    return uuid.UUID(file.read_text().strip())


def _connect() -> Any:
    import clickhouse_connect

    if settings.CLICKHOUSE_URL:
        connected = clickhouse_connect.get_client(dsn=settings.CLICKHOUSE_URL)
    else:
        _take_folder()
        connected = clickhouse_connect.get_client(dsn=f"chdb:///{folder()}/chdb")
    for table, statement in TABLES.items():
        connected.command(statement)
        connected.command(f"alter table {table} modify setting {_CLEAN_UP}")
    logger.info("store.opened", extra={"embedded": not settings.CLICKHOUSE_URL})
    return connected


def _take_folder() -> None:
    """Holds a lock on the folder for the life of the process; the kernel frees it however the process ends."""
    global _folder_lock
    folder().mkdir(parents=True, exist_ok=True)
    file = (folder() / "lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise StoreBusy(_("Another process owns the analytics store of this data folder.")) from error
    _folder_lock = file


def close() -> None:
    """Lets the folder go; the next question opens it again."""
    global _client, _owner_pid, _folder_lock
    with _lock:
        if _client is not None and _owner_pid == os.getpid():
            _client.close()
        if _folder_lock is not None and _owner_pid in (None, os.getpid()):
            _folder_lock.close()
            _folder_lock = None
        _client, _owner_pid = None, None


@atexit.register
def _close_at_exit() -> None:
    if _owner_pid == os.getpid():
        close()


def command(sql: str, params: Mapping[str, Any] | None = None, **limits: Any) -> None:
    """A statement that gives nothing."""
    client().command(sql, parameters=dict(params or {}), settings={**LIMITS, **limits})


_name: ContextVar[str] = ContextVar("query_name", default="")


@contextmanager
def named(name: str) -> Iterator[None]:
    """Queries inside can be ended by `stop(name)`."""
    mark = _name.set(name)
    try:
        yield
    finally:
        _name.reset(mark)


def stop(name: str) -> None:
    """Ends the running queries of that name; none is no error."""
    client().command("kill query where startsWith(query_id, {name:String}) async", parameters={"name": name})


def _options() -> dict[str, Any]:
    return {**LIMITS, "query_id": f"{_name.get()}-{uuid.uuid4().hex[:8]}"} if _name.get() else LIMITS


def rows(sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """Few rows as Python values."""
    found: list[tuple[Any, ...]] = client().query(sql, parameters=dict(params or {}), settings=_options()).result_rows
    return found


def arrays(sql: str, dtype: Sequence[tuple[str, str]], params: Mapping[str, Any] | None = None) -> np.ndarray[Any, Any]:
    """Many rows of fixed-width columns as one structured array, without a Python object per row.

    `dtype` names the columns in order with numpy's little-endian codes ("<u8", "<i8", "<f8", "u1").
    """
    body = client().raw_query(sql, parameters=dict(params or {}), settings=_options(), fmt="RowBinary")
    return np.frombuffer(body, dtype=list(dtype))


def insert(table: str, columns: Sequence[str], lines: Iterable[Sequence[Any]]) -> int:
    """Appends rows given as tuples; returns how many. One block per call."""
    encode = msgspec.json.Encoder().encode
    body = [encode(line) for line in lines]
    if body:
        client().raw_insert(
            table,
            column_names=list(columns),
            insert_block=b"\n".join(body),
            fmt="JSONCompactEachRow",
            settings={"max_partitions_per_insert_block": 0, "max_insert_threads": 1},
        )
    return len(body)


def drop_old_parts(*, seconds: float = 15.0) -> bool:
    """Removes the files of replaced parts from the disk and waits for it; False where some still lie there.

    The engine's own cleaning sleeps longer the less there is to do; dropping a partition that does not exist wakes it.
    """
    end = time.monotonic() + seconds
    sql = "select distinct table from system.parts where active = 0 and database = currentDatabase()"
    while left := [table for (table,) in rows(sql) if table in TABLES]:
        if time.monotonic() >= end:
            return False
        for table in left:
            command(f"alter table {table} drop partition id '1'")
        time.sleep(0.3)
    return True
