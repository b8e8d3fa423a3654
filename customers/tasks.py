"""Background work of this app: ids only, safe to run twice."""

from uuid import UUID

from celery import shared_task

from workspaces import bell, due

from . import import_work


@shared_task(name="customers.poll_imports")
def poll_imports() -> None:
    """Rings for every workspace where an import waits for a worker."""
    for workspace_id in due.marked("import"):
        if import_work.is_waiting(workspace_id):
            bell.ring("customers.run_import", workspace=str(workspace_id))


@shared_task(name="customers.run_import")
def run_import(workspace: str) -> None:
    import_work.work_on(UUID(workspace))
