"""Deeds on a map as a whole: its settings, the archive, deletion."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from cjm.lib.clock import now
from cjm.lib.refusals import Refusal
from workspaces import changes
from workspaces.changes import Author, Edit
from workspaces.models import Change

from .models import JourneyMap


def change_settings(map: JourneyMap, values: Mapping[str, Any], *, by: Author, seen: int | None = None) -> Change | None:
    return changes.write(map, "map.changed", by=by, edits=[Edit(map, values, seen=seen)])


def archive_map(map: JourneyMap, *, by: Author) -> Change | None:
    """Takes the map out of the list; its traffic rests until it is restored."""
    return changes.write(
        map, "map.archived", by=by, edits=[Edit(map, {"archived_at": now(), "status": JourneyMap.Status.ARCHIVED})]
    )


def restore_map(map: JourneyMap, *, by: Author) -> Change | None:
    return changes.write(map, "map.restored", by=by, edits=[Edit(map, {"archived_at": None, "status": JourneyMap.Status.LIVE})])


def delete_map(map: JourneyMap, *, by: Author, typed: str) -> Change | None:
    """Deletes the map for everybody; the title has to be typed."""
    if typed.strip() != map.title.strip():
        text = _("Type the title of the map exactly to delete it.")
        raise Refusal("not_confirmed", text, errors={"typed": [text]})
    return changes.write(map, "map.deleted", by=by, edits=[changes.delete(map)])
