"""One process where only one may be: locks that the kernel or PostgreSQL frees however their holder ends."""

import fcntl
import os
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from cjm.lib.refusals import Refusal

_PROCESSES = 7_305_162


def is_shared() -> bool:
    """Whether any number of processes may run: on PostgreSQL with Redis."""
    return connection.vendor == "postgresql" and bool(settings.REDIS_URL)


def hold_installation(*, alone: bool = False) -> list[Any]:
    """Takes the data folder and the database for this process; keep what is returned as long as they are to be held.

    In the shape of services both are shared unless `alone`, elsewhere each has one process. Raises Refusal when another one
    is there.
    """
    shared = is_shared() and not alone
    held: list[Any] = [hold_folder(shared=shared)]
    if connection.vendor == "postgresql":
        held.append(_hold_postgresql(shared=shared))
    elif not Path(_sqlite()).is_relative_to(settings.DATA_DIR):
        held.append(_lock(Path(_sqlite() + ".lock"), shared=False))
    return held


def hold_folder(*, shared: bool = False) -> IO[str]:
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    return _lock(settings.DATA_DIR / "lock", shared=shared)


def _sqlite() -> str:
    return str(Path(str(settings.DATABASES["default"]["NAME"])).resolve())


def _lock(path: Path, *, shared: bool) -> IO[str]:
    file = path.open("a+")
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        pid = file.read().strip()
        file.close()
        text = _("The data folder %(folder)s is in use by another process (%(pid)s). Stop it first, or choose another --data.")
        raise Refusal("in_use", text % {"folder": path.parent, "pid": pid or "?"}) from error
    if not shared:
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
    return file


def _hold_postgresql(*, shared: bool) -> Any:
    """A connection of its own that carries the lock; PostgreSQL frees it with the connection."""
    import psycopg

    parameters = {**connection.get_connection_params()}
    for name in ("pool", "options", "cursor_factory", "context", "prepare_threshold"):  # the role may not be there yet
        parameters.pop(name, None)
    carrier = psycopg.connect(**parameters, autocommit=True)
    deed = "pg_try_advisory_lock_shared" if shared else "pg_try_advisory_lock"
    row = carrier.execute(f"select {deed}({_PROCESSES})").fetchone()
    if row is None or not row[0]:
        carrier.close()
        raise Refusal(
            "in_use",
            _("Another process works on this database. Set REDIS_URL for all of them to run several, or stop the other one."),
        )
    return carrier
