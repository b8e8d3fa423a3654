"""`up`: the whole product in one process."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cjm.lib.refusals import Refusal


class Command(BaseCommand):
    help = "Runs web server, workers and scheduler in one process; makes and migrates the database first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1", help="Where to listen; 0.0.0.0 for every address.")
        parser.add_argument("--data", metavar="DIR", help="Where everything lies that is written (default .data).")
        parser.add_argument("--no-demo", action="store_true", help="On an empty database make an empty workspace `main`.")
        parser.add_argument("--json", action="store_true", help="Print address, link and token as one JSON line.")

    def handle(self, *args: Any, **options: Any) -> None:
        from cjm.up import up

        try:
            up(
                host=options["host"],
                port=options["port"],
                with_demo=not options["no_demo"],
                as_json=options["json"],
            )
        except Refusal as refusal:
            raise CommandError(str(refusal.text)) from refusal
