"""manage.py demo start|reset|delete"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cjm import demo
from cjm.demo.ending import finish
from cjm.lib.clock import now
from workspaces.models import Workspace


class Command(BaseCommand):
    help = "Makes the demo workspace, makes it new, or deletes it with everything in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("deed", choices=["start", "reset", "delete"])
        parser.add_argument("--language", choices=["ru", "en"], default="ru", help="the language of a new demo")
        parser.add_argument("--customers", type=int, default=demo.CUSTOMERS, help="how many people its traffic has")

    def handle(self, *args: Any, **options: Any) -> None:
        standing = Workspace.objects.filter(slug=demo.SLUG, is_demo=True).first()
        if options["deed"] == "start":
            demo.start(base_now=now(), language=options["language"], customers=options["customers"])
            self.stdout.write("The demo is there; workers bring the rest of its traffic.")
            return
        if standing is None:
            raise CommandError("There is no demo.")
        if options["deed"] == "reset":
            demo.reset(standing, base_now=now())
        else:
            demo.delete(standing)
        is_gone = finish(standing.pk)
        self.stdout.write("Done." if is_gone else "The demo is closed; the running installation takes its rows away.")
