"""When this process's workers last took up a task: what /readyz, /metrics and the poller look at."""

import time
from typing import Any

from celery.signals import task_prerun

_ticks: dict[str, float] = {}


def tick(part: str) -> None:
    _ticks[part] = time.monotonic()


def age(part: str) -> float | None:
    """Seconds since the part's last sign of life; None before the first."""
    at = _ticks.get(part)
    return None if at is None else time.monotonic() - at


def ages() -> dict[str, float]:
    moment = time.monotonic()
    return {part: moment - at for part, at in sorted(_ticks.items())}


@task_prerun.connect
def _note(sender: Any = None, **_rest: Any) -> None:
    """Any task that a worker begins is a sign of life; the beat sends some every second."""
    tick("analytics" if sender is not None and sender.name.startswith("analytics.") else "worker")
