"""Target events of a stage: binary checks, each an alternative way onto the stage."""

from typing import Any

from django.utils.translation import gettext as _

from cjm.lib import conditions
from cjm.lib.refusals import Refusal
from workspaces import changes
from workspaces.changes import Author, Edit
from workspaces.models import Change

from .models import Stage, StageTarget


def add_target(
    stage: Stage, event: str, *, by: Author, where: dict[str, Any] | None = None, name: str = "", window_days: int | None = None
) -> StageTarget:
    """Puts customers on the stage from their first touch of `event` that satisfies `where`."""
    target = StageTarget(stage=stage, event=_checked(event), where=where, name=name, window_days=window_days)
    conditions.validate(where)
    changes.write(stage.map, "target.added", by=by, edits=[changes.create(target)])
    return target


def change_target(target: StageTarget, values: dict[str, Any], *, by: Author, seen: int | None = None) -> Change | None:
    if "event" in values:
        values = {**values, "event": _checked(values["event"])}
    conditions.validate(values.get("where"))
    return changes.write(target.stage.map, "target.changed", by=by, edits=[Edit(target, values, seen=seen)])


def delete_target(target: StageTarget, *, by: Author, seen: int | None = None) -> Change | None:
    return changes.write(target.stage.map, "target.deleted", by=by, edits=[changes.delete(target, seen=seen)])


def targets_of(stage: Stage) -> list[StageTarget]:
    """Living targets in the order they were added; one query."""
    return list(StageTarget.objects.living().filter(stage=stage).order_by("created_at", "id"))


def _checked(event: str) -> str:
    event = event.strip()
    if not event:
        raise Refusal("empty_event", _("Name the event."), errors={"event": [_("Name the event.")]})
    return event
