"""Mail without a mail server: letters go to an outbox that an administrator can read."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models

from .members import living, may_reset
from .models import Letter, Membership

WORKSPACE_HEADER = "X-CJM-Workspace"


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        letters = [
            Letter(
                workspace_id=message.extra_headers.get(WORKSPACE_HEADER),
                to=", ".join(message.recipients())[:320],
                subject=str(message.subject)[:300],
                body=str(message.body),
            )
            for message in email_messages
        ]
        Letter.objects.bulk_create(letters)
        return len(letters)


def letters_for(reader: Membership) -> models.QuerySet[Letter]:
    """The workspace's own letters, and account letters of those whose password the reader may reset; the newest first."""
    addresses = [member.user.email for member in living(reader.workspace_id) if may_reset(member, by=reader)]
    ours = models.Q(workspace_id=reader.workspace_id) | models.Q(workspace_id__isnull=True, to__in=addresses)
    return Letter.objects.filter(ours).order_by("-at", "-id")
