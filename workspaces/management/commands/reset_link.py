"""`manage.py reset_link EMAIL`: the path where this person chooses a new password."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workspaces.models import User
from workspaces.reset_links import reset_path


class Command(BaseCommand):
    help = "Prints the path where the person with this e-mail chooses a new password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody here has the e-mail {options['email']}.")
        self.stdout.write(reset_path(user))
