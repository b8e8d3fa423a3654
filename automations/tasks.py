"""What workers of this app do: fold what was recorded."""

import time
from uuid import UUID

from celery import shared_task

from customers import staging
from workspaces import due
from workspaces.bell import ring

from . import folding

_TURN_SECONDS = 2.0


@shared_task(name="automations.fold")
def fold(*, workspace_id: str) -> None:
    """Folds one workspace for at most a turn, so that a flooding one does not hold up the others; then queues again."""
    place = UUID(workspace_id)
    staging.restage_changed(place)
    end = time.monotonic() + _TURN_SECONDS
    while folding.fold_some(place):
        if time.monotonic() > end:
            ring("automations.fold", workspace_id=workspace_id)
            return
    folding.settle(place)


@shared_task(name="automations.poll_folding")
def poll_folding() -> None:
    """Looks for workspaces whose bell was lost."""
    for place in due.marked("fold"):
        fold(workspace_id=str(place))
