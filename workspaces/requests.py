"""The request as the doors hand it on."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from .models import Membership, Token, User, Workspace


class DoorRequest(HttpRequest):
    """A request whose door was judged; `member` stands behind role doors, `token` behind scope doors."""

    user: User  # type: ignore[assignment]
    workspace: Workspace
    member: Membership | None
    token: Token | None
    htmx: HtmxDetails
    LANGUAGE_CODE: str


class MemberRequest(DoorRequest):
    """A page request of a member; the workspace is active."""

    member: Membership


class TokenRequest(DoorRequest):
    """A program's request; the workspace is the token's and active."""

    token: Token
