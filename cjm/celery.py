"""The worker's application and the beat table. The broker only rings the bell: losing a message loses nothing."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cjm.settings")

from django.conf import settings  # noqa: E402

app = Celery("cjm")
app.conf.update(
    broker_url=settings.REDIS_URL or "memory://",
    task_ignore_result=True,
    task_default_queue="default",
    task_routes={"analytics.*": {"queue": "analytics"}},
    worker_hijack_root_logger=False,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    broker_transport_options={} if settings.REDIS_URL else {"polling_interval": 0.05},
    task_publish_retry=False,
    timezone="UTC",
    beat_schedule={
        "fold": {"task": "automations.poll_folding", "schedule": 1.0, "options": {"expires": 5}},
        "sync": {"task": "analytics.poll_sync", "schedule": 1.0, "options": {"expires": 5, "queue": "analytics"}},
        "reports": {"task": "analytics.poll_reports", "schedule": 1.0, "options": {"expires": 5, "queue": "analytics"}},
        "imports": {"task": "customers.poll_imports", "schedule": 1.0, "options": {"expires": 5}},
        "tidy": {"task": "analytics.tidy_reports", "schedule": 3600.0, "options": {"queue": "analytics"}},
    },
)
app.autodiscover_tasks(["workspaces", "customers", "analytics", "experiments", "automations"])
