"""Imports of touches from files, as people command them; `import_work` does the work."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from cjm.lib import tables
from cjm.lib.clock import now
from cjm.lib.refusals import Refusal
from workspaces import bell, changes, due, tenancy

from .import_rows import FIELDS, MANY, guess_fields
from .models import Import, TouchBatch

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_TEXT_BYTES = 512 * 1024 * 1024
State = Import.State
WORKING = (State.CHECKING, State.RUNNING, State.UNDOING)


def receive_file(file: IO[bytes], *, name: str, by: changes.Author, source: str = "") -> Import:
    """Keeps the file in private storage and guesses its mapping; raises Refusal where it is no table."""
    row = Import(file_name=Path(name).name[:300] or "touches.csv", source=(source or Path(name).name)[:120])
    row.path = f"imports/{tenancy.current_id()}/{row.pk}"
    path = path_of(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as kept:
        shutil.copyfileobj(file, kept)
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise Refusal("too_large", _("The file is larger than 64 MB. Split it, or pack it with gzip."), status=413)
        with table_errors():
            make = tables.find_make(path)
    except Refusal:
        path.unlink()
        raise
    row.columns = list(make.columns)
    row.mapping = {
        "fields": guess_fields(make.columns), "encoding": make.encoding, "delimiter": make.delimiter,
        "timezone": "UTC", "event": "", "channel": "",
    }  # fmt: skip
    changes.write(row, "import.received", by=by, edits=[changes.create(row)])
    return row


def map_columns(
    row: Import, *, fields: Sequence[str], timezone: str, source: str, historical: bool, by: changes.Author,
    event: str = "", channel: str = "",
) -> None:  # fmt: skip
    """Says what each column is; the dry run starts at once."""
    if row.state not in (State.UPLOADED, State.CHECKING, State.CHECKED, State.FAILED) or row.started_at:
        raise Refusal("import_started", _("This import has started; its columns can no longer change."), status=409)
    _check_fields(row, fields, event=event)
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Refusal("invalid_timezone", _("This time zone is not known."), errors={"timezone": [_("Unknown.")]}) from error
    mapping = row.mapping | {"fields": list(fields), "timezone": timezone, "event": event, "channel": channel}
    values = {
        "mapping": mapping, "source": source or row.file_name, "historical": historical, "state": State.CHECKING,
        "rows_read": 0, "rows_total": 0, "checked": {}, "error": "",
    }  # fmt: skip
    _turn(row, "import.mapped", by=by, values=values)


def discard(row: Import, *, by: changes.Author) -> None:
    """Forgets a file that was never recorded."""
    if row.started_at:
        raise Refusal("import_started", _("This import has recorded touches; undo it instead."), status=409)
    changes.write(row, "import.deleted", by=by, edits=[changes.delete(row)])
    path_of(row).unlink(missing_ok=True)


def start_import(row: Import, *, by: changes.Author) -> None:
    """Lets a worker record the file."""
    if row.state != State.CHECKED:
        raise Refusal("import_not_checked", _("Check the file first: the dry run shows what would be recorded."), status=409)
    if row.checked.get("rows", 0) == row.checked.get("faults", 0):
        raise Refusal("nothing_to_import", _("No row of this file can be recorded."), status=409)
    _turn(row, "import.started", by=by, values={"state": State.RUNNING, "rows_read": 0, "started_at": now()})


@transaction.atomic
def undo_import(row: Import, *, by: changes.Author) -> None:
    """Takes back everything that this import recorded; a worker does it."""
    standing = Import.objects.select_for_update().get(pk=row.pk)
    if standing.state not in (State.DONE, State.FAILED, State.RUNNING) or not standing.started_at:
        raise Refusal("nothing_to_undo", _("This import has recorded nothing that could be undone."), status=409)
    TouchBatch.objects.filter(from_import=row, undone_at__isnull=True).update(undone_at=now())
    _turn(row, "import.undone", by=by, values={"state": State.UNDOING})


@transaction.atomic
def _turn(row: Import, deed: str, *, by: changes.Author, values: Mapping[str, Any]) -> None:
    changes.write(row, deed, by=by, edits=[changes.Edit(row, values)])
    Import.objects.filter(pk=row.pk).update(leased_until=None)
    due.mark(row.workspace_id, "import")
    bell.ring("customers.run_import", workspace=str(row.workspace_id))


def is_working(row: Import) -> bool:
    """Whether a worker has something to do on it."""
    return row.state in WORKING


def path_of(row: Import) -> Path:
    return Path(settings.MEDIA_ROOT) / row.path


def preview(row: Import, *, rows: int = 5) -> list[list[str]]:
    """The first rows of the file; reads it."""
    with table_errors():
        return list(islice(read_rows(row), rows))


def read_rows(row: Import) -> Iterator[list[str]]:
    """The rows of the kept file, from its beginning."""
    make = tables.Make(row.mapping["encoding"], row.mapping["delimiter"], tuple(row.columns))
    return tables.read_rows(path_of(row), make, max_bytes=MAX_TEXT_BYTES)


@contextmanager
def table_errors() -> Iterator[None]:
    """Turns what makes a file unreadable into a sentence for people."""
    try:
        yield
    except tables.Unreadable as error:
        raise Refusal(f"file_{error.code}", _sentence(error)) from error
    except FileNotFoundError as error:
        raise Refusal("file_gone", _("The file of this import is no longer kept. Upload it again.")) from error


def _sentence(error: tables.Unreadable) -> str:
    words = {
        "empty": _("The file is empty."),
        "spreadsheet": _("This is an Excel file. Save the table as CSV (File, Save as, CSV UTF-8) and upload that."),
        "not_text": _("This is not a text file. Save the table as CSV and try again."),
        "too_large": _("The file is larger than 512 MB when unpacked. Split it."),
        "too_wide": _("The table has more than 200 columns."),
        "no_header": _("The first line must name the columns."),
        "twice": _("Two columns are called “%(name)s”. Rename one of them."),
        "broken_gzip": _("The archive is damaged and cannot be unpacked."),
        "broken_csv": _("Line %(name)s is not valid CSV."),
    }
    return words[error.code] % {"name": error.name}


def _check_fields(row: Import, fields: Sequence[str], *, event: str) -> None:
    if len(fields) != len(row.columns) or set(fields) - set(FIELDS):
        raise Refusal("invalid_mapping", _("Choose a field for every column."))
    for name in set(fields) - set(MANY):
        if list(fields).count(name) > 1:
            raise Refusal("invalid_mapping", _("Two columns are mapped to “%(field)s”; choose one.") % {"field": FIELDS[name]})
    if not {"customer", "anonymous_id"} & set(fields):
        raise Refusal("invalid_mapping", _("Say which column holds the customer's id."))
    if "occurred_at" not in fields:
        raise Refusal("invalid_mapping", _("Say which column holds the time."))
    if "event" not in fields and not event:
        raise Refusal("invalid_mapping", _("Say which column holds the event, or name one event for all rows."))
