"""Links that make their reader a member. Without a mail server they are copied; with one they are mailed too."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from cjm.lib.refusals import NotFound, Refusal

from . import changes, tenancy
from .founding import free_colour
from .models import Invitation, Membership, User, Workspace
from .models.people import RANK
from .outbox import WORKSPACE_HEADER

LASTS = timedelta(days=14)


@transaction.atomic
def invite(*, by: Membership, role: str, email: str = "", lasts: timedelta = LASTS) -> tuple[Invitation, str]:
    """The row and the secret words of its link, which are shown only now. Nobody invites above their own role."""
    if RANK[role] > RANK[by.role]:
        text = _("You cannot invite above your own role.")
        raise Refusal("role_too_high", text, errors={"role": [text]})
    words = secrets.token_urlsafe(24)
    row = Invitation.objects.create(
        workspace_id=by.workspace_id,
        email=email.lower(),
        role=role,
        digest=_digest(words),
        invited_by=by,
        expires_at=datetime.now(UTC) + lasts,
    )
    changes.note(row, "member.invited", by=by, before={}, after={"role": role})
    return row, words


def mail(invitation: Invitation, link: str) -> bool:
    """Sends the letter where there is an address and a mail server; else it lies in the outbox."""
    if not invitation.email:
        return False
    with override(invitation.workspace.default_language):
        names = {"name": invitation.workspace.name, "who": invitation.invited_by, "link": link}
        subject = _("Invitation to “%(name)s”") % names
        body = _("%(who)s invites you to the workspace “%(name)s”. Open the link to join:\n\n%(link)s\n") % names
    headers = {} if settings.EMAIL_URL else {WORKSPACE_HEADER: str(invitation.workspace_id)}
    EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [invitation.email], headers=headers).send()
    return bool(settings.EMAIL_URL)


def standing(workspace: Workspace) -> models.QuerySet[Invitation]:
    """Invitations that still work, the newest first."""
    return (
        Invitation.objects.filter(
            workspace=workspace, accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=datetime.now(UTC)
        )
        .select_related("invited_by__user")
        .order_by("-created_at", "-id")
    )


def revoke(invitation: Invitation, *, by: Membership) -> None:
    """Ends the link; a second time changes nothing."""
    done = Invitation.objects.filter(pk=invitation.pk, revoked_at__isnull=True).update(revoked_at=datetime.now(UTC))
    if done:
        changes.note(invitation, "member.uninvited", by=by, before={"role": invitation.role}, after={})


def find(words: str) -> Invitation:
    """The invitation behind the link; a spent, revoked or old one is a 404 like a wrong one."""
    row = Invitation.objects.select_related("workspace", "invited_by__user").filter(digest=_digest(words)).first()
    if row is None or row.accepted_at or row.revoked_at or row.expires_at <= datetime.now(UTC):
        raise NotFound(_("This invitation does not work any more. Ask for a new one."))
    return row


@transaction.atomic
def accept(words: str, *, user: User) -> Membership:
    """Makes the person a member, once. Who is a member already stays what they are and the link stays good."""
    row = find(words)
    Workspace.objects.select_for_update().get(pk=row.workspace_id)
    member = Membership.objects.filter(workspace_id=row.workspace_id, user=user).first()
    if member is not None and member.removed_at is None:
        return member
    if not Invitation.objects.filter(pk=row.pk, accepted_at__isnull=True).update(accepted_at=datetime.now(UTC)):
        raise NotFound(_("This invitation does not work any more. Ask for a new one."))
    if member is None:
        member = Membership(workspace_id=row.workspace_id, user=user, colour=free_colour(row.workspace))
    member.role, member.removed_at = row.role, None
    member.save()
    with tenancy.writing(row.workspace_id):
        changes.note(member, "member.joined", by=member, before={}, after={"role": row.role})
    return member


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
