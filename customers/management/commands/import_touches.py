"""Imports touches from a file, as the page does: mapped, checked, recorded with progress, and listed so that it can be undone."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from cjm.lib.refusals import Refusal
from customers import import_work, importing
from customers.import_rows import FIELDS, sentence_of
from customers.models import Import
from workspaces import tenancy
from workspaces.models import Workspace

_SHOWN_FAULTS = 20


class Command(BaseCommand):
    help = "Imports touches from a CSV file into a workspace."

    def add_arguments(self, parser: CommandParser) -> None:
        fields = ", ".join(name for name in FIELDS if name)
        parser.add_argument("file", type=Path, help="CSV, gzipped or not, its first line naming the columns")
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--map", nargs="+", action="extend", default=[], metavar="COL=FIELD", help=f"fields: {fields}")
        parser.add_argument("--timezone", default="", help="of times without one; the workspace's own unless given")
        parser.add_argument("--source", default="", help="the file's name unless given")
        parser.add_argument("--event", default="", help="one event for all rows")
        parser.add_argument("--channel", default="", help="one channel for all rows")
        parser.add_argument("--historical", action=argparse.BooleanOptionalAction, default=True, help="rules do not act on it")
        parser.add_argument("--dry-run", action="store_true", help="only says what would be recorded")

    def handle(self, *args: Any, **options: Any) -> None:
        place = Workspace.objects.filter(slug=options["workspace"]).first()
        if place is None:
            raise CommandError(f"There is no workspace “{options['workspace']}”.")
        if not options["file"].is_file():
            raise CommandError(f"There is no file “{options['file']}”.")
        with translation.override("en"):
            try:
                self._import(place, options)
            except Refusal as no:
                raise CommandError(str(no.text)) from no

    def _import(self, place: Workspace, options: dict[str, Any]) -> None:
        with tenancy.writing(place.pk):
            row = self._receive(place, options)
        self._work(row, _("Checked"))
        with tenancy.reading(place.pk):
            row.refresh_from_db()
        self._tell_faults(row)
        if options["dry_run"]:
            with tenancy.writing(place.pk):
                importing.discard(row, by=None)
            return
        with tenancy.writing(place.pk):
            importing.start_import(row, by=None)
        self._work(row, _("Recorded"))
        with tenancy.reading(place.pk):
            row.refresh_from_db()
        self.stdout.write(f"{row.accepted} accepted, {row.repeated} repeated, {row.rejected} rejected. Import {row.pk}")

    def _receive(self, place: Workspace, options: dict[str, Any]) -> Import:
        with options["file"].open("rb") as file:
            row = importing.receive_file(file, name=options["file"].name, by=None, source=options["source"])
        importing.map_columns(
            row, fields=_fields(row, options["map"]), timezone=options["timezone"] or place.timezone, source=row.source,
            historical=options["historical"], event=options["event"], channel=options["channel"], by=None,
        )  # fmt: skip
        return row

    def _work(self, row: Import, word: str) -> None:
        """Does the work here, or watches a worker that was faster."""
        for done, total in import_work.watch(row):
            if self.stderr.isatty():
                of = f" of {total}" if total else ""
                self.stderr.write(f"\r{word}: {done}{of} rows", ending="")
        if self.stderr.isatty():
            self.stderr.write("")

    def _tell_faults(self, row: Import) -> None:
        if row.state == Import.State.FAILED:
            raise CommandError(row.error)
        found = row.checked
        self.stdout.write(
            f"{found['rows']} rows, {found['faults']} with errors, {found['customers']} customers, {found['kinds']} events"
        )
        for fault in found["shown"][:_SHOWN_FAULTS]:
            self.stdout.write(f"  row {fault['row']}: {sentence_of(fault)}")
        if found["faults"] > _SHOWN_FAULTS:
            self.stdout.write(f"  … and {found['faults'] - _SHOWN_FAULTS} more")


def _fields(row: Import, pairs: list[str]) -> list[str]:
    """The guessed fields with the given ones over them."""
    fields = dict(zip(row.columns, row.mapping["fields"], strict=True))
    for column, field in _split(pairs):
        if column not in fields:
            raise CommandError(f"The file has no column “{column}”. It has: {', '.join(row.columns)}.")
        if field not in FIELDS:
            raise CommandError(f"There is no field “{field}”. There are: {', '.join(name for name in FIELDS if name)}.")
        fields |= {
            other: "props" for other, standing in fields.items() if standing == field and field not in ("", "attrs", "props")
        }
        fields[column] = field
    return list(fields.values())


def _split(pairs: list[str]) -> Iterator[tuple[str, str]]:
    for pair in pairs:
        column, sign, field = pair.rpartition("=")
        if not sign:
            raise CommandError(f"Write --map COLUMN=FIELD, not “{pair}”.")
        yield column, field
