"""Test mode: sets the clock and does everything that is due up to it before answering."""

from datetime import UTC, datetime

from workspaces import due
from workspaces.clock import set_clock

from .folding import fold_all


def drain(moment: datetime) -> int:
    """Makes the installation's clock stand at `moment` and folds what waits in every workspace; returns how much that was."""
    set_clock(moment.astimezone(UTC))
    drained = 0
    while work := sum(fold_all(workspace_id) for workspace_id in due.marked("fold")):
        drained += work
    return drained
