"""Lines in a member's inbox."""

from typing import Any

from django.db import models

from cjm.lib.clock import now

from .models import Membership, Notification


def notify(to: Membership, kind: str, text: str, *, path: str = "") -> Notification:
    """Appends a line for this member; the workspace must be active. `text` is in the reader's language."""
    row: Notification = Notification.objects.create(to=to, kind=kind, text=text[:500], path=path[:500], at=now())
    return row


def lines_of(member: Membership) -> models.QuerySet[Notification]:
    """The member's lines, the newest first."""
    rows: models.QuerySet[Notification] = Notification.objects.filter(to=member).order_by("-at", "-id")
    return rows


def mark_read(member: Membership, ids: list[Any] | None = None) -> int:
    """Marks these lines read, or all of them; how many were unread."""
    rows = lines_of(member).filter(read_at__isnull=True)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    return rows.order_by().update(read_at=now())
