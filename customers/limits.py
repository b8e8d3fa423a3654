"""How much traffic a workspace may send: a bucket of touches that refills every second, on real time."""

import time
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from rest_framework.exceptions import Throttled


def spend(workspace_id: UUID, count: int) -> None:
    """Takes `count` touches from the bucket; raises Throttled with the seconds to wait where it is empty.

    A full bucket takes any single request. Concurrent requests may overspend a little.
    """
    rate, most = settings.TOUCHES_PER_SECOND, settings.TOUCHES_BURST
    key, moment = f"{workspace_id}:touches", time.time()
    left, then = cache.get(key, (float(most), moment))
    left = min(most, left + (moment - then) * rate)
    if left < min(count, most):
        raise Throttled(wait=(min(count, most) - left) / rate)
    cache.set(key, (left - count, moment), timeout=int(most / rate) + 60)
