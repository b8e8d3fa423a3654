"""The one log behind undo, live sync, history, audit and the sync API.

A deed on a subject is a set of row edits. Everything drawn has a tombstone, so creating, deleting and
undoing are all edits of fields, and the inverse of a change is the same change read backwards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _

from cjm.lib.clock import now
from cjm.lib.refusals import Conflict, NotFound, Refusal

from . import due, live
from .models import Change, Membership, Token, Workspace
from .tenancy import Drawn, active_id

Author = Membership | Token | None


@dataclass(frozen=True)
class Edit:
    """New values for one row. `seen` is the revision that the writer looked at; `is_new` inserts the row."""

    row: Drawn
    values: Mapping[str, Any]
    seen: int | None = None
    is_new: bool = False


def create(row: Drawn) -> Edit:
    return Edit(row, {}, is_new=True)


def delete(row: Drawn, *, seen: int | None = None) -> Edit:
    return Edit(row, {"deleted_at": now()}, seen)


@transaction.atomic
def write(subject: Drawn, deed: str, *, by: Author, edits: Sequence[Edit], undoes: Change | None = None) -> Change | None:
    """Performs the edits and appends one change under the subject's row lock; nothing to change writes nothing (None).

    The subject has a `version` field (a map), or its own revision serves (an item of the library).
    Raises Conflict when a row moved on since `seen`.
    """
    lock(subject)
    lines = [line for edit in sorted(edits, key=_lock_order) if (line := _perform(edit, by)) is not None]
    if not lines:
        return None
    return record(subject, deed, by=by, lines=lines, undoes=undoes)


@transaction.atomic
def record(subject: Drawn, deed: str, *, by: Author, lines: Sequence[Mapping[str, Any]], undoes: Change | None = None) -> Change:
    """Appends a change whose rows are already written, and tells the listeners after commit."""
    version = _next_version(subject)
    change: Change = Change.objects.create(
        subject_kind=subject._meta.label_lower,
        subject_id=subject.pk,
        version=version,
        deed=deed,
        edits=list(lines),
        by=by if isinstance(by, Membership) else None,
        token=by if isinstance(by, Token) else None,
        undoes=undoes,
    )
    transaction.on_commit(partial(live.publish, topic(subject), event_of(change)))
    if hasattr(subject, "version"):
        due.mark(active_id(), "fold")  # a map's stages or targets may have moved: staging looks at it
    return change


@transaction.atomic
def note(
    row: models.Model,
    deed: str,
    *,
    by: Author,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    more: Sequence[Mapping[str, Any]] = (),
) -> Change:
    """Appends a deed on what is not drawn (a member, a token, the workspace itself) for the audit; locks the workspace."""
    workspace = Workspace.objects.select_for_update().get(pk=active_id())
    kind = row._meta.label_lower
    subject_id = row.pk if isinstance(row.pk, UUID) else workspace.pk
    latest = (
        Change.objects.filter(subject_kind=kind, subject_id=subject_id)
        .order_by("-version")
        .values_list("version", flat=True)
        .first()
    )
    line = {"kind": kind, "id": str(row.pk), "before": _dumped(before), "after": _dumped(after)}
    change: Change = Change.objects.create(
        subject_kind=kind,
        subject_id=subject_id,
        version=(latest or 0) + 1,
        deed=deed,
        edits=[line, *more],
        by=by if isinstance(by, Membership) else None,
        token=by if isinstance(by, Token) else None,
    )
    return change


def _dumped(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: dump(value) for name, value in values.items()}


def topic(subject: Drawn) -> str:
    """The live channel of a subject, workspace first."""
    return f"{subject.workspace_id}:{subject._meta.label_lower}:{subject.pk}"


def event_of(change: Change) -> dict[str, Any]:
    """What listeners are told: a hint, never contents."""
    return {
        "version": change.version,
        "deed": change.deed,
        "by": str(change.by_id) if change.by_id else None,
        "rows": [{"kind": line["kind"], "id": line["id"]} for line in change.edits],
    }


def since(subject: Drawn, version: int, *, limit: int = 500) -> list[Change]:
    """Changes of a subject after a version, oldest first; one query."""
    return list(_of(subject).filter(version__gt=version).order_by("version")[:limit])


def undo(subject: Drawn, *, by: Membership) -> Change:
    """Takes back this person's latest deed that still stands."""
    return _turn_back(subject, undoable(subject, by=by), "undo", by=by)


def redo(subject: Drawn, *, by: Membership) -> Change:
    """Brings back what this person undid last, unless they have done something else since."""
    return _turn_back(subject, redoable(subject, by=by), "redo", by=by)


def undoable(subject: Drawn, *, by: Membership) -> Change | None:
    return (
        _of(subject).filter(by=by, undone_by__isnull=True).exclude(deed__in=["undo", "map.imported"]).order_by("-version").first()
    )


def redoable(subject: Drawn, *, by: Membership) -> Change | None:
    mine = _of(subject).filter(by=by)
    fresh = mine.exclude(deed__in=["undo", "redo"]).order_by("-version").values_list("version", flat=True).first() or 0
    return mine.filter(deed="undo", undone_by__isnull=True, version__gt=fresh).order_by("-version").first()


@transaction.atomic
def _turn_back(subject: Drawn, change: Change | None, deed: str, *, by: Membership) -> Change:
    if change is None:
        raise Refusal(
            "nothing_to_undo", _("There is nothing left to undo.") if deed == "undo" else _("There is nothing to redo.")
        )
    lock(subject)
    edits = [_inverse(line) for line in reversed(change.edits)]
    written = write(subject, deed, by=by, edits=edits, undoes=change)
    if written is None:
        return record(subject, deed, by=by, lines=[], undoes=change)
    return written


def _inverse(line: Mapping[str, Any]) -> Edit:
    model = apps.get_model(line["kind"])
    row = model._default_manager.select_for_update().filter(pk=line["id"]).first()
    if row is None:
        raise NotFound(_("What this change was about is gone."))
    standing = {name: dump(getattr(row, name)) for name in line["before"]}
    moved = {name for name, value in standing.items() if name != "deleted_at" and value != line["after"].get(name)}
    if moved or (standing.get("deleted_at") is None) != (line["after"].get("deleted_at") is None):
        raise Conflict("changed_since", _("Somebody changed this since; undo would take their work back."), current=standing)
    return Edit(row, {name: load(model, name, value) for name, value in line["before"].items()})


def _of(subject: Drawn) -> models.QuerySet[Change]:
    queryset: models.QuerySet[Change] = Change.objects.filter(subject_kind=subject._meta.label_lower, subject_id=subject.pk)
    return queryset


def lock(subject: Drawn) -> None:
    """Holds the subject's row until the end of the transaction: the first lock of every deed."""
    if not type(subject).objects.select_for_update().filter(pk=subject.pk).exists() and subject._state.adding is False:
        raise NotFound(_("There is no such thing here."))


def _lock_order(edit: Edit) -> tuple[bool, str]:
    return (not edit.is_new, "" if edit.is_new else str(edit.row.pk))


def _next_version(subject: Drawn) -> int:
    model = type(subject)
    if not hasattr(subject, "version"):
        latest = _of(subject).order_by("-version").values_list("version", flat=True).first()
        return (latest or 0) + 1
    model.objects.filter(pk=subject.pk).update(version=models.F("version") + 1, updated_at=now())
    version: int = model.objects.values_list("version", flat=True).get(pk=subject.pk)
    subject.version = version
    return version


def _perform(edit: Edit, by: Author) -> dict[str, Any] | None:
    return _insert(edit.row, by) if edit.is_new else _update(edit)


def _insert(row: Drawn, by: Author) -> dict[str, Any]:
    if isinstance(by, Membership):
        row.created_by = by
    row.save(force_insert=True)
    skipped = {"id", "workspace_id", "created_at", "updated_at", "created_by_id", "revision"}
    names = [field.attname for field in row._meta.concrete_fields if field.attname not in skipped]
    after = {name: dump(getattr(row, name)) for name in names}
    return {"kind": row._meta.label_lower, "id": str(row.pk), "before": {"deleted_at": dump(now())}, "after": after}


def _update(edit: Edit) -> dict[str, Any] | None:
    model = type(edit.row)
    row = model.objects.select_for_update().filter(pk=edit.row.pk).first()
    if row is None:
        raise NotFound(_("There is no such thing here."))
    if edit.seen is not None and row.revision != edit.seen:
        current = {name: dump(getattr(row, name)) for name in edit.values} | {"revision": row.revision}
        raise Conflict("stale", _("Somebody changed this before you."), current=current)
    changed = {name: value for name, value in edit.values.items() if dump(getattr(row, name)) != dump(value)}
    if not changed:
        return None
    before = {name: dump(getattr(row, name)) for name in changed}
    model.objects.filter(pk=row.pk).update(**changed, revision=models.F("revision") + 1, updated_at=now())
    for name, value in changed.items():
        setattr(edit.row, name, value)
    edit.row.revision = row.revision + 1
    return {
        "kind": row._meta.label_lower,
        "id": str(row.pk),
        "before": before,
        "after": {name: dump(value) for name, value in changed.items()},
    }


def dump(value: Any) -> Any:
    """A field's value as the log keeps it in JSON."""
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value.isoformat() if hasattr(value, "isoformat") else value


def load(model: type[models.Model], name: str, value: Any) -> Any:
    """The value that `dump` wrote, as the field holds it."""
    return None if value is None else model._meta.get_field(name).to_python(value)  # type: ignore[union-attr]
