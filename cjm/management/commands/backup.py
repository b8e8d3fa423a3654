"""`backup`: one file that holds the whole installation."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cjm.lib.refusals import Refusal


class Command(BaseCommand):
    help = "Writes everything that this installation holds into FILE, while it runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--data", metavar="DIR", help="The data folder (default .data).")

    def handle(self, *args: Any, **options: Any) -> None:
        from cjm import backup

        try:
            counts = backup.back_up(options["file"])
        except (Refusal, OSError) as error:
            raise CommandError(str(error.text if isinstance(error, Refusal) else error)) from error
        self.stdout.write(f"{sum(counts.values())} rows of {sum(map(bool, counts.values()))} kinds")
