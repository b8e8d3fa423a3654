"""The workspace's own settings."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from . import changes
from .models import Workspace


def fresh(workspace: Workspace) -> Workspace:
    """A copy to bind a form to, so that a refused value never shows in the page around it."""
    return Workspace.objects.get(pk=workspace.pk)


@transaction.atomic
def change_settings(workspace: Workspace, values: Mapping[str, Any], *, by: changes.Author) -> None:
    """Saves what differs and notes it in the log."""
    row = Workspace.objects.select_for_update().get(pk=workspace.pk)
    wanted = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not wanted:
        return
    before = {name: getattr(row, name) for name in wanted}
    for name, value in wanted.items():
        setattr(row, name, value)
    row.save(update_fields=list(wanted))
    changes.note(row, "workspace.changed", by=by, before=before, after=wanted)
