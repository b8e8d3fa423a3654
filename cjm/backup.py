"""One file that holds an installation, and the way back from it. The same file fits SQLite and PostgreSQL.

A backup is a zip: `manifest.json`, `rows/<model>.jsonl` (names of columns, then a JSON array per row), `files/…`, `secret_key`.
It is taken from one snapshot of the database while the product runs. What can be derived is left out: the column store,
stored reports, sessions, row ids of content types.
"""

import logging
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from cjm import locks
from cjm.lib import clock
from cjm.lib.refusals import Refusal
from cjm.management.commands.migrate import as_owner
from workspaces import tenancy
from workspaces.models import Workspace

logger = logging.getLogger(__name__)
FORMAT = 1
_DERIVED = {"analytics.store", "analytics.storestate", "analytics.report"}
_FOREIGN_APPS = {"auth", "contenttypes", "sessions"}
_CHUNK = 1000
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode

Rows = Iterable[Sequence[Any]]


def kept_models() -> list[type[models.Model]]:
    """Every table of the record, in the order of their dependencies where there is one."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.app_label not in _FOREIGN_APPS
        and model._meta.label_lower not in _DERIVED
        and not _leads_outside(model)
    ]


def _leads_outside(model: type[models.Model]) -> bool:
    """A link to a table that is left out: rights and groups, which the product does not use."""
    related = [field.related_model for field in model._meta.concrete_fields if field.is_relation]
    return any(isinstance(other, type) and other._meta.app_label in _FOREIGN_APPS for other in related)


# ---------------------------------------------------------------------------------------------------------------- backup


def back_up(file: Path) -> dict[str, int]:
    """Writes the whole installation into one file, readable by its owner only; returns how many rows of each kind."""
    draft = file.with_name(file.name + ".part")
    counts: dict[str, int] = {}
    try:
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as body, zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            with _snapshot() as alias:
                for model in kept_models():
                    counts[model._meta.label_lower] = _write_rows(archive, model, alias)
                archive.writestr("manifest.json", _encode(_manifest(alias, counts)))
            _write_files(archive)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    logger.info("backup.made", extra={"rows": sum(counts.values())})
    return counts


@contextmanager
def _snapshot() -> Iterator[str]:
    """The alias of a connection on which nothing moves: a transaction on PostgreSQL, a copy beside the file on SQLite."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read, read only")
            yield "default"
        return
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix="backup-") as folder:
        copy = Path(folder, "copy.sqlite3")
        name = str(settings.DATABASES["default"]["NAME"])
        with closing(sqlite3.connect(name)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        connections.databases["backup"] = {**connections.databases["default"], "NAME": str(copy)}
        try:
            yield "backup"
        finally:
            connections["backup"].close()
            del connections["backup"], connections.databases["backup"]


def _write_rows(archive: zipfile.ZipFile, model: type[models.Model], alias: str) -> int:
    names = [field.attname for field in model._meta.concrete_fields]
    count = 0
    with archive.open(f"rows/{model._meta.label_lower}.jsonl", "w", force_zip64=True) as body:
        body.write(_encode(names) + b"\n")
        for row in _rows(model, names, alias):
            body.write(_encode(row) + b"\n")
            count += 1
    return count


def _rows(model: type[models.Model], names: list[str], alias: str) -> Iterator[Sequence[Any]]:
    every = model._base_manager.using(alias).order_by("pk").values_list(*names)
    if not issubclass(model, tenancy.TenantModel):
        yield from every.iterator(chunk_size=_CHUNK)
        return
    for workspace_id in Workspace.objects.using(alias).order_by("id").values_list("pk", flat=True):
        with tenancy.reading(workspace_id):
            yield from every.filter(workspace_id=workspace_id).iterator(chunk_size=_CHUNK)


def _manifest(alias: str, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made_at": clock.now(),
        "from": connection.vendor,
        "migrations": sorted(f"{app}.{name}" for app, name in MigrationRecorder(connections[alias]).applied_migrations()),
        "counts": counts,
        "sequences": _sequences(alias),
    }


def _sequences(alias: str) -> dict[str, int]:
    """The last number that each table has given out: a number is never given twice, not even after a deletion."""
    tables = [model._meta.db_table for model in kept_models() if isinstance(model._meta.pk, models.AutoField)]
    with connections[alias].cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("select name, seq from sqlite_sequence")
            return {table: last for table, last in cursor.fetchall() if table in tables}
        found = {}
        for table in tables:
            cursor.execute("select pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass)", [table])
            found[table] = cursor.fetchone()[0] or 0
        return found


def _write_files(archive: zipfile.ZipFile) -> None:
    folder = Path(settings.MEDIA_ROOT)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            archive.write(path, f"files/{path.relative_to(folder)}")
    secret = settings.DATA_DIR / "secret_key"
    if secret.exists():
        archive.write(secret, "secret_key")


# --------------------------------------------------------------------------------------------------------------- restore


def restore(file: Path, *, replace: bool) -> dict[str, int]:
    """Makes this installation what the backup says. Nothing may run on it, and it must be empty unless `replace`."""
    held = locks.hold_installation(alone=True)
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _read_manifest(archive)
            _make_room(replace=replace)
            with transaction.atomic():
                counts = {model._meta.label_lower: _read_rows(archive, model) for model in kept_models()}
                if counts != {name: manifest["counts"].get(name, 0) for name in counts}:
                    raise Refusal("broken_backup", _("The file is damaged: it holds other rows than it says."))
            _set_sequences(manifest["sequences"])
            _read_files(archive)
    except (zipfile.BadZipFile, KeyError, msgspec.DecodeError) as error:
        raise Refusal("broken_backup", _("This is not a backup, or it is damaged.")) from error
    del held
    logger.info("backup.restored", extra={"rows": sum(counts.values())})
    return counts


def _read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    if archive.testzip() is not None:
        raise Refusal("broken_backup", _("This is not a backup, or it is damaged."))
    manifest: dict[str, Any] = _decode(archive.read("manifest.json"))
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if manifest["format"] != FORMAT or set(manifest["migrations"]) - known:
        raise Refusal("other_version", _("This backup was made by a newer version. Restore it with that version."))
    return manifest


def _make_room(*, replace: bool) -> None:
    if "workspaces_workspace" in connection.introspection.table_names() and Workspace.objects.exists():
        if not replace:
            raise Refusal("not_empty", _("This installation has workspaces already. Say --replace to throw them away."))
        if connection.vendor == "postgresql":
            with as_owner():
                call_command("flush", interactive=False, verbosity=0)
        else:
            _drop_sqlite()
    shutil.rmtree(settings.DATA_DIR / "store", ignore_errors=True)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    call_command("migrate", interactive=False, verbosity=0)


def _drop_sqlite() -> None:
    connection.close()
    for ending in ("", "-wal", "-shm"):
        Path(str(settings.DATABASES["default"]["NAME"]) + ending).unlink(missing_ok=True)


def _read_rows(archive: zipfile.ZipFile, model: type[models.Model]) -> int:
    """Inserts the rows that the backup has of a model; columns that came after it get their default."""
    path = f"rows/{model._meta.label_lower}.jsonl"
    if path not in archive.namelist():
        return 0
    fields = list(model._meta.concrete_fields)
    count, workspace_id = 0, None
    chunk: list[list[Any]] = []
    place = model._meta.get_field("workspace") if issubclass(model, tenancy.TenantModel) else None
    with archive.open(path) as body:
        names = _decode(body.readline())
        if set(names) - {field.attname for field in fields}:
            raise Refusal("other_version", _("This backup was made by a newer version. Restore it with that version."))
        at = [names.index(field.attname) if field.attname in names else None for field in fields]
        for line in body:
            cells = _decode(line)
            row = [
                field.get_default() if index is None else field.to_python(cells[index])
                for field, index in zip(fields, at, strict=True)
            ]
            owner = row[fields.index(place)] if place is not None else None
            if chunk and (owner != workspace_id or len(chunk) == _CHUNK):
                _insert(model, fields, chunk, workspace_id)
                chunk = []
            workspace_id = owner
            chunk.append(row)
            count += 1
    if chunk:
        _insert(model, fields, chunk, workspace_id)
    return count


def _insert(model: type[models.Model], fields: Sequence[Any], rows: list[list[Any]], workspace_id: UUID | None) -> None:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join("%s" for _field in fields)
    sql = f"insert into {quote(model._meta.db_table)} ({columns}) values ({marks})"
    ready = [[field.get_db_prep_save(cell, connection) for field, cell in zip(fields, row, strict=True)] for row in rows]
    with _place(workspace_id), connection.cursor() as cursor:
        cursor.executemany(sql, ready)


@contextmanager
def _place(workspace_id: UUID | None) -> Iterator[None]:
    if workspace_id is None:
        yield
    else:
        with tenancy.reading(workspace_id):
            yield


def _set_sequences(last: dict[str, int]) -> None:
    if connection.vendor == "sqlite":
        with transaction.atomic(), connection.cursor() as cursor:
            for table, number in last.items():
                cursor.execute("update sqlite_sequence set seq = max(seq, %s) where name = %s", [number, table])
                cursor.execute(
                    "insert into sqlite_sequence (name, seq) select %s, %s "
                    "where not exists (select 1 from sqlite_sequence where name = %s)",
                    [table, number, table],
                )
        return
    with as_owner(), connection.cursor() as cursor:
        for table, number in last.items():
            if number:
                cursor.execute("select setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, number])


def _read_files(archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if name.startswith("files/"):
            _extract(archive, name, Path(settings.MEDIA_ROOT, *Path(name).parts[1:]))
    if "secret_key" in archive.namelist() and "SECRET_KEY" not in os.environ:
        _extract(archive, "secret_key", settings.DATA_DIR / "secret_key")


def _extract(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    if ".." in target.parts:
        raise Refusal("broken_backup", _("This is not a backup, or it is damaged."))
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file)
    target.chmod(0o600)
