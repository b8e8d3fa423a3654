"""Background work of this app, on the queue `analytics`: ids only, safe to run twice."""

from uuid import UUID

from celery import shared_task

from analytics import questions
from analytics.models import StoreState
from analytics.store import engine, lease, sync
from workspaces import due, tenancy
from workspaces.models import Workspace


@shared_task(name="analytics.answer")
def answer(report: str, workspace: str) -> None:
    questions.answer(UUID(report), UUID(workspace))


@shared_task(name="analytics.stop")
def stop(report: str) -> None:
    """Ends the running query of a cancelled report."""
    if lease.hold():
        engine.stop(report)


@shared_task(name="analytics.poll_reports")
def poll_reports() -> None:
    """Answers what waits although its bell was lost."""
    if not lease.hold():
        return
    for workspace_id in due.marked("report"):
        questions.answer_waiting(workspace_id)


@shared_task(name="analytics.poll_sync")
def poll_sync() -> None:
    """Brings every workspace with new touches in step."""
    if not lease.hold():
        return
    for workspace_id in Workspace.objects.order_by("id").values_list("pk", flat=True):
        with tenancy.reading(workspace_id):
            is_behind = sync.is_behind(workspace_id)
        if is_behind:
            sync.sync_workspace(workspace_id)


@shared_task(name="analytics.tidy_reports")
def tidy_reports() -> None:
    """Drops old answers, and compares each workspace's store with the record."""
    for workspace_id in Workspace.objects.order_by("id").values_list("pk", flat=True):
        questions.tidy(workspace_id)
        with tenancy.reading(workspace_id):
            has_store = StoreState.objects.exists()
        if has_store and lease.hold():
            sync.check(workspace_id)
