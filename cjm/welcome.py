"""What a start prints: the way in for a person, and the way in for a program."""

import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from workspaces.models import Membership, Token, User, Workspace
from workspaces.signin_links import mint_signin_link
from workspaces.tokens import SCOPES, mint_token

OWNER = "owner@cjm.localhost"
_TOKEN_LASTS = timedelta(hours=1)


@dataclass(frozen=True)
class Welcome:
    workspace: Workspace
    signin_path: str
    token: Token
    words: str


def is_empty() -> bool:
    """Whether nobody has made a workspace on this database."""
    return not Workspace.objects.exists()


@transaction.atomic
def make_main() -> Workspace:
    """The empty workspace `main` with its owner; called twice it makes nothing new."""
    with override(settings.LANGUAGE_CODE):
        owner, _made = User.objects.get_or_create(email=OWNER, defaults={"name": _("Owner"), "password": "!"})
        main, _made = Workspace.objects.get_or_create(slug="main", defaults={"name": _("My workspace")})
    Membership.objects.get_or_create(workspace=main, user=owner, defaults={"role": "owner"})
    return main


def welcome(*, port: int, shared: bool) -> Welcome:
    """Mints the installation's token and a one-time sign-in link for the owner of `main`, else of the oldest workspace.

    A start expires its predecessor's token; among several processes, that of the same machine and port.
    """
    member = _owner()
    name = f"up {socket.gethostname()}:{port}"
    with transaction.atomic():
        before = Token.objects.filter(is_installation=True, revoked_at__isnull=True)
        (before.filter(name=name) if shared else before).update(revoked_at=datetime.now(UTC), expires_at=datetime.now(UTC))
        token, words = mint_token(
            member.workspace,
            name=name,
            scopes=SCOPES,
            by=member,
            expires_at=datetime.now(UTC) + _TOKEN_LASTS if shared else None,
            is_installation=True,
        )
    return Welcome(member.workspace, mint_signin_link(member.user), token, words)


def keep(token: Token) -> None:
    """Among several processes a token lives as long as its process: this puts its expiry off."""
    ends_at = datetime.now(UTC) + _TOKEN_LASTS
    if token.expires_at is not None and ends_at - token.expires_at > _TOKEN_LASTS / 10:
        Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(expires_at=ends_at)
        token.expires_at = ends_at


def _owner() -> Membership:
    owners = Membership.objects.filter(role="owner", removed_at__isnull=True, user__is_active=True).select_related(
        "workspace", "user"
    )
    main = owners.filter(workspace__slug="main").order_by("created_at", "id").first()
    found = main or owners.order_by("workspace__created_at", "created_at", "id").first()
    return found if found is not None else _owner_of(make_main())


def _owner_of(workspace: Workspace) -> Membership:
    return Membership.objects.select_related("workspace", "user").get(workspace=workspace, user__email=OWNER)
