"""The workers' application and the beat table. The broker only rings the bell: losing a message loses nothing."""

import os
from typing import Any

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cjm.settings")

from django.conf import settings  # noqa: E402

BEAT: dict[str, dict[str, Any]] = {
    "fold": {"task": "automations.poll_folding", "schedule": 1.0, "options": {"expires": 5}},
    "sync": {"task": "analytics.poll_sync", "schedule": 1.0, "options": {"expires": 5, "queue": "analytics"}},
    "reports": {"task": "analytics.poll_reports", "schedule": 1.0, "options": {"expires": 5, "queue": "analytics"}},
    "imports": {"task": "customers.poll_imports", "schedule": 1.0, "options": {"expires": 5}},
    "demo": {"task": "demo.poll", "schedule": 1.0, "options": {"expires": 5}},
    "demo-end": {"task": "analytics.end_demos", "schedule": 5.0, "options": {"expires": 5, "queue": "analytics"}},
    "tidy": {"task": "cjm.tidy", "schedule": 3600.0},
    "tidy reports": {"task": "analytics.tidy_reports", "schedule": 900.0, "options": {"queue": "analytics"}},
}
_AWAY = {"socket_connect_timeout": 2, "socket_timeout": 15, "health_check_interval": 20}


def make_app(name: str, *, is_main: bool) -> Celery:
    """An application over the same tasks. Each worker of one process needs its own: queues are chosen per application."""
    made = Celery(name, set_as_current=is_main)
    made.conf.update(
        broker_url=settings.REDIS_URL or "memory://",
        task_ignore_result=True,
        task_default_queue="default",
        task_routes={"analytics.*": {"queue": "analytics"}},
        worker_hijack_root_logger=False,
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options=_AWAY if settings.REDIS_URL else {"polling_interval": 0.05},
        task_publish_retry=False,
        timezone="UTC",
        beat_schedule=BEAT,
    )
    made.autodiscover_tasks(["cjm", "cjm.demo", "workspaces", "customers", "analytics", "experiments", "automations"])
    return made


app = make_app("cjm", is_main=True)
