"""Which process owns the embedded store: one at a time, by a lease on the `Store` row. A ClickHouse server needs no owner."""

import os
import socket
import threading
import uuid
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Q

from analytics.models import Store

from . import engine

_LASTS = timedelta(seconds=20)
_lock = threading.Lock()
_held_until = datetime.min.replace(tzinfo=UTC)


def owner() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{engine.folder()}"[:120]


def hold() -> bool:
    """Takes or renews the lease; False while another process owns the current store. Runs on real time."""
    global _held_until
    if settings.CLICKHOUSE_URL or settings.ANALYTICS_INLINE:
        return True
    with _lock:
        moment = datetime.now(UTC)
        if moment + _LASTS / 2 < _held_until:
            return True
        Store.objects.get_or_create(id=1, defaults={"store": uuid.uuid4()})
        free = Q(owner=owner()) | Q(owner="") | Q(leased_until__isnull=True) | Q(leased_until__lt=moment)
        if not Store.objects.filter(free, id=1).update(owner=owner(), leased_until=moment + _LASTS):
            return False
        _held_until = moment + _LASTS
        Store.objects.filter(id=1).update(store=engine.store_id())
        return True


def release() -> None:
    """Gives the lease back at a clean stop, so that the next owner need not wait."""
    global _held_until
    _held_until = datetime.min.replace(tzinfo=UTC)
    Store.objects.filter(id=1, owner=owner()).update(owner="", leased_until=None)
