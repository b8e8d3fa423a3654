"""How the installation is: what /readyz judges and /metrics counts."""

from collections import Counter
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min, Sum

from analytics.models import Report
from cjm import heart
from cjm.lib.clock import now
from customers.models import RejectedTouch, TouchBatch
from workspaces import tenancy
from workspaces.models import Due, Workspace

OLDEST_TICK_SECONDS = 30.0
_is_migrated = False


def readiness() -> tuple[bool, dict[str, Any]]:
    """Whether visitors may be sent here: database, migrations, and the age of the worker's last sign of life."""
    tick = heart.age("worker")
    said: dict[str, Any] = {
        "database": "ok",
        "migrations_pending": None,
        "worker_tick_age_seconds": None if tick is None else round(tick, 1),
        "parts": {part: round(age, 1) for part, age in heart.ages().items()},
    }
    try:
        said["migrations_pending"] = _pending()
    except DatabaseError as error:
        said["database"] = type(error).__name__
    is_alive = tick is not None and tick < OLDEST_TICK_SECONDS
    return said["migrations_pending"] == 0 and is_alive, said


def _pending() -> int:
    """How many migrations wait; looked up until there is none, then only whether the database answers."""
    global _is_migrated
    if _is_migrated:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        return 0
    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    _is_migrated = pending == 0
    return pending


def figures() -> str:
    """Counters of the whole installation in Prometheus' text format. A few queries per workspace."""
    batches, touches, rejected, reports = 0, 0, 0, Counter[str]()
    for workspace_id in Workspace.objects.order_by("id").values_list("pk", flat=True):
        with tenancy.reading(workspace_id):
            row = TouchBatch.objects.aggregate(n=Count("pk"), touches=Sum("touches"))
            batches, touches = batches + row["n"], touches + (row["touches"] or 0)
            rejected += RejectedTouch.objects.count()
            reports.update(dict(Report.objects.order_by().values_list("state").annotate(n=Count("pk"))))
    lines = [
        *_metric("cjm_up", "gauge", "The process answers.", [("", 1)]),
        *_metric("cjm_touches_total", "counter", "Touches ever acknowledged.", [("", touches)]),
        *_metric("cjm_touch_batches_total", "counter", "Batches of touches ever acknowledged.", [("", batches)]),
        *_metric("cjm_rejected_touches", "gauge", "Refused rows that are kept.", [("", rejected)]),
        *_metric("cjm_reports", "gauge", "Reports kept, by state.", [(f'state="{s}"', reports[s]) for s in Report.State.values]),
        *_waiting(),
        *_metric(
            "cjm_tick_age_seconds", "gauge", "Since a worker of this process last began a task.",
            [(f'part="{part}"', round(age, 3)) for part, age in heart.ages().items()],
        ),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _waiting() -> list[str]:
    rows = list(Due.objects.order_by("kind").values_list("kind").annotate(n=Count("pk"), first=Min("due_at")))
    counts = [(f'kind="{kind}"', n) for kind, n, _first in rows]
    ages = [(f'kind="{kind}"', round(max((now() - first).total_seconds(), 0), 3)) for kind, _n, first in rows]
    return [
        *_metric("cjm_queue", "gauge", "Workspaces with work that waits, by kind.", counts),
        *_metric("cjm_queue_age_seconds", "gauge", "How long the oldest of them waits.", ages),
    ]


def _metric(name: str, kind: str, text: str, values: list[tuple[str, float]]) -> list[str]:
    lines = [f"{name}{{{labels}}} {value}" if labels else f"{name} {value}" for labels, value in values]
    return [f"# HELP {name} {text}", f"# TYPE {name} {kind}", *lines]
