"""What the workers do for the demo: the next click of its imports, and its end."""

from celery import shared_task

from workspaces import due

from .ending import finish
from .progress import advance


@shared_task(name="demo.poll")
def poll() -> None:
    """Looks for demos whose imports wait to be started."""
    for workspace_id in due.marked("demo"):
        advance(workspace_id)


@shared_task(name="analytics.end_demos")
def end_demos() -> None:
    """Takes away the demos that were closed; on the queue of those who may touch the store."""
    for workspace_id in due.marked("demo_end"):
        finish(workspace_id)
