"""Tells the workers that there is work. A hint only: losing it loses nothing, and a broker that is away delays nobody."""

import logging
import time
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError

logger = logging.getLogger(__name__)
_PAUSE_SECONDS = 5.0
_silent_until = 0.0


def ring(task: str, **arguments: Any) -> None:
    """Sends the task after commit; arguments are ids as text."""
    transaction.on_commit(partial(_send, task, arguments))


def _send(task: str, arguments: dict[str, Any]) -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        current_app.send_task(task, kwargs=arguments, retry=False, ignore_result=True)
    except (KombuError, OSError) as error:
        _silent_until = time.monotonic() + _PAUSE_SECONDS
        logger.warning("bell.broker_away", extra={"task_name": task, "error": type(error).__name__})
