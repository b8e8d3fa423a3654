"""Whose rows are being read: the active workspace, and the manager that refuses to work without one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models, transaction

from cjm.lib.clock import now
from cjm.lib.ids import uuid7

_active: ContextVar[UUID | None] = ContextVar("active_workspace", default=None)
M = TypeVar("M", bound=models.Model)


class NoWorkspace(RuntimeError):
    """Tenant rows were asked for while no workspace was active: always a bug."""


def current_id() -> UUID | None:
    return _active.get()


def active_id() -> UUID:
    """The active workspace; raises NoWorkspace where none is."""
    workspace_id = _active.get()
    if workspace_id is None:
        raise NoWorkspace("no workspace is active")
    return workspace_id


@contextmanager
def reading(workspace_id: UUID) -> Iterator[None]:
    """Makes the workspace active. On PostgreSQL a transaction, on SQLite nothing (a read in IMMEDIATE mode waits for writers)."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), _named(workspace_id):
            yield
    else:
        with _named(workspace_id):
            yield


@contextmanager
def writing(workspace_id: UUID) -> Iterator[None]:
    """Makes the workspace active inside one transaction, on every database."""
    with transaction.atomic(), _named(workspace_id):
        yield


@contextmanager
def _named(workspace_id: UUID) -> Iterator[None]:
    before = _active.get()
    mark = _active.set(workspace_id)
    _tell_database(workspace_id)
    try:
        yield
    finally:
        _active.reset(mark)
        if connection.in_atomic_block and not connection.needs_rollback:
            _tell_database(before)


def _tell_database(workspace_id: UUID | None) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select set_config('app.workspace', %s, true)", [str(workspace_id or "")])


class TenantQuerySet(models.QuerySet[M]):
    def living(self) -> "TenantQuerySet[M]":
        """Rows that nobody deleted."""
        return self.filter(deleted_at__isnull=True)


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):  # type: ignore[misc]
    """Reads the active workspace's rows only, and raises where none is active."""

    def get_queryset(self) -> TenantQuerySet[Any]:
        workspace_id = _active.get()
        if workspace_id is None:
            raise NoWorkspace(f"{self.model.__name__} was queried without an active workspace")
        queryset: TenantQuerySet[Any] = super().get_queryset().filter(workspace_id=workspace_id)
        return queryset


class WorkspaceKey(models.ForeignKey[Any, Any]):
    """A key to the workspace, by default the active one. A row without it cannot be saved, so its type is never None."""

    def get_default(self) -> Any:
        return current_id()

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Migrations know it as a plain key with a default."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, options | {"default": current_id}


class TenantModel(models.Model):
    """A row of one workspace. `objects` is fail-closed; `unscoped` is for the modules that a test lists."""

    workspace = WorkspaceKey("workspaces.Workspace", models.CASCADE, related_name="+")

    objects = TenantManager()
    unscoped = models.Manager()

    class Meta:
        abstract = True
        base_manager_name = "unscoped"


class Drawn(TenantModel):
    """What people draw: a sortable id, a revision for optimistic locking, a tombstone that undo can clear."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = True
