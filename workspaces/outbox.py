"""Mail without a mail server: letters go to an outbox that an administrator can read."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from .models import Letter


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        letters = [
            Letter(to=", ".join(message.recipients())[:320], subject=str(message.subject)[:300], body=str(message.body))
            for message in email_messages
        ]
        Letter.objects.bulk_create(letters)
        return len(letters)
