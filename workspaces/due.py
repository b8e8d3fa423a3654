"""The list of workspaces with work of a kind: marked by whoever makes work, read by pollers, settled by whoever did it.

A maker keeps a share lock on the mark until its own commit, and settling skips a locked mark, so no work is ever left unmarked.
"""

from collections.abc import Callable
from uuid import UUID

from django.db import connection, transaction

from cjm.lib.clock import now

from .models import Due


def mark(workspace_id: UUID, *kinds: str) -> None:
    """Says that the workspace has work of these kinds. Call it last in the transaction that makes the work."""
    rows = [Due(workspace_id=workspace_id, kind=kind, due_at=now()) for kind in sorted(kinds)]
    Due.objects.bulk_create(rows, ignore_conflicts=True)
    while _share(workspace_id, kinds) < len(kinds):
        Due.objects.bulk_create(rows, ignore_conflicts=True)


def _share(workspace_id: UUID, kinds: tuple[str, ...]) -> int:
    if connection.vendor != "postgresql":
        return len(kinds)
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from workspaces_due where workspace_id = %s and kind = any(%s) order by kind for key share",
            [workspace_id, list(kinds)],
        )
        return len(cursor.fetchall())


def marked(kind: str, *, limit: int = 1000) -> list[UUID]:
    """Workspaces with work of the kind, longest waiting first; one query."""
    return list(Due.objects.filter(kind=kind).order_by("due_at", "id").values_list("workspace_id", flat=True)[:limit])


@transaction.atomic
def settle(workspace_id: UUID, kind: str, *, is_done: Callable[[], bool]) -> bool:
    """Takes the mark away where nothing is left to do; False where work is left or is just being made."""
    marks = Due.objects.filter(workspace_id=workspace_id, kind=kind)
    locked = marks.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked).first()
    if locked is None or not is_done():
        return locked is None and not marks.exists()
    locked.delete()
    return True
