"""Work of the installation itself: what has done its service goes."""

from datetime import UTC, datetime, timedelta

from celery import shared_task
from django.core.management import call_command

from workspaces import tenancy
from workspaces.models import IdempotencyKey, Letter, SigninLink, Token, Workspace

KEPT = timedelta(days=30)
KEYS_KEPT = timedelta(days=7)


@shared_task(name="cjm.tidy")
def tidy() -> None:
    """Ended sessions and sign-in links, letters of the last month's outbox, dead tokens of starts, old idempotency keys."""
    moment = datetime.now(UTC)
    call_command("clearsessions")
    SigninLink.objects.filter(expires_at__lt=moment).delete()
    Letter.objects.filter(at__lt=moment - KEPT).delete()
    Token.objects.filter(is_installation=True, expires_at__lt=moment - KEPT).delete()
    for workspace_id in Workspace.objects.order_by("id").values_list("pk", flat=True):
        with tenancy.writing(workspace_id):
            IdempotencyKey.objects.filter(created_at__lt=moment - KEYS_KEPT).delete()
