"""How far the demo's traffic is in, and the push that its imports need."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from customers.models import Customer, Import
from workspaces import due, tenancy
from workspaces.models import Workspace

from .building import start_checked

State = Import.State
_BUSY = (State.UPLOADED, State.CHECKING, State.CHECKED, State.RUNNING)


@dataclass(frozen=True)
class Progress:
    """Touches read so far of all that the demo brings; `is_folding` = all are in, and their stages are being worked out."""

    done: int
    total: int
    is_busy: bool
    is_folding: bool = False
    error: str = ""

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done // self.total) if self.total else 100


def progress_of(workspace: Workspace) -> Progress:
    """Reads the active workspace: two queries."""
    imports = list(Import.objects.filter(deleted_at__isnull=True).values_list("state", "rows_read", "error"))
    total = workspace.settings.get("demo", {}).get("rows", 0)
    done = sum(read for state, read, _error in imports if state in (State.RUNNING, State.DONE))
    failed = next((error for state, _read, error in imports if state == State.FAILED), "")
    is_busy = any(state in _BUSY for state, _read, _error in imports)
    is_folding = not is_busy and not failed and Customer.objects.filter(has_unfolded=True).exists()
    return Progress(min(done, total), total, is_busy or is_folding, is_folding, failed and (failed or _("The import failed.")))


def advance(workspace_id: UUID) -> None:
    """Starts what has been checked; takes the mark away when nothing of the demo waits any more. Safe to repeat."""
    start_checked(workspace_id)
    with tenancy.writing(workspace_id):
        due.settle(workspace_id, "demo", is_done=lambda: not Import.objects.filter(state__in=_BUSY[:3]).exists())
