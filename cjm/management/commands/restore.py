"""`restore`: one file that holds the whole installation."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cjm.lib.refusals import Refusal


class Command(BaseCommand):
    help = "Makes this installation what a backup says. It must be stopped, and empty unless --replace is given."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--data", metavar="DIR", help="The data folder (default .data).")
        parser.add_argument("--replace", action="store_true", help="Throw away what is there.")

    def handle(self, *args: Any, **options: Any) -> None:
        from cjm import backup

        try:
            counts = backup.restore(options["file"], replace=options["replace"])
        except (Refusal, OSError) as error:
            raise CommandError(str(error.text if isinstance(error, Refusal) else error)) from error
        self.stdout.write(f"{sum(counts.values())} rows of {sum(map(bool, counts.values()))} kinds")
