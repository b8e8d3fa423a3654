"""Keys of programs: minted once, kept as a hash."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cjm.lib.refusals import Refusal

from . import changes
from .models import Membership, Token, Workspace

SCOPES = ("read", "write", "ingest", "admin")


def mint_token(
    workspace: Workspace,
    *,
    name: str,
    scopes: Iterable[str],
    by: Membership | None = None,
    expires_at: datetime | None = None,
    is_installation: bool = False,
) -> tuple[Token, str]:
    """The row and the words that are shown only now: cjm_<prefix>_<160 bits>."""
    wanted = list(dict.fromkeys(scopes))
    if not wanted or set(wanted) - set(SCOPES):
        raise Refusal("invalid_scope", _("Choose at least one of the scopes read, write, ingest, admin."))
    prefix, secret = secrets.token_hex(5), secrets.token_hex(20)
    token = Token.objects.create(
        workspace=workspace,
        name=name,
        prefix=prefix,
        digest=_digest(secret),
        scopes=wanted,
        created_by=by,
        expires_at=expires_at,
        is_installation=is_installation,
    )
    return token, f"cjm_{prefix}_{secret}"


def find_token(words: str) -> Token | None:
    """The living token behind these words, compared in constant time. Expiry runs on real time."""
    parts = words.split("_")
    if len(parts) != 3 or parts[0] != "cjm":
        return None
    token = Token.objects.select_related("workspace").filter(prefix=parts[1]).first()
    if token is None or not hmac.compare_digest(token.digest, _digest(parts[2])):
        return None
    moment = datetime.now(UTC)
    if token.revoked_at is not None or (token.expires_at is not None and token.expires_at <= moment):
        return None
    if token.last_used_at is None or moment - token.last_used_at > timedelta(minutes=5):
        Token.objects.filter(pk=token.pk).update(last_used_at=moment)
    return token


@transaction.atomic
def mint_by(by: Membership | Token, *, name: str, scopes: Iterable[str], expires_at: datetime | None) -> tuple[Token, str]:
    """A token made by a member or a program, noted in the log; the workspace must be active."""
    token, words = mint_token(
        by.workspace, name=name, scopes=scopes, by=by if isinstance(by, Membership) else None, expires_at=expires_at
    )
    changes.note(token, "token.minted", by=by, before={}, after={"name": name, "scopes": token.scopes})
    return token, words


@transaction.atomic
def revoke_by(token: Token, *, by: Membership | Token) -> None:
    """Ends a token of the active workspace and notes it; a second time changes nothing."""
    if token.revoked_at is None:
        revoke_token(token)
        changes.note(token, "token.revoked", by=by, before={"name": token.name}, after={})


def revoke_token(token: Token) -> None:
    """Ends it at once; a second time changes nothing."""
    Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=datetime.now(UTC))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
