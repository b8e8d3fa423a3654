"""Links that sign a person in once: printed at the start of the product, never mailed."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from cjm.lib.refusals import Refusal

from .models import SigninLink, User

_LASTS = timedelta(hours=24)


def mint_signin_link(user: User, *, lasts: timedelta = _LASTS) -> str:
    """The path that signs this person in once. Expiry runs on real time."""
    words = secrets.token_urlsafe(24)
    SigninLink.objects.create(user=user, digest=_digest(words), expires_at=datetime.now(UTC) + lasts)
    return reverse("workspaces:signin", kwargs={"words": words})


def use_signin_link(words: str) -> User:
    """The person behind the link; spends it. Of two who come at once, one gets in."""
    moment = datetime.now(UTC)
    fresh = SigninLink.objects.filter(digest=_digest(words), used_at__isnull=True, expires_at__gt=moment)
    spent = fresh.filter(user__is_active=True).update(used_at=moment)
    if not spent:
        raise Refusal("link_spent", _("This sign-in link was used already or is too old. Ask for a new one."), status=410)
    return SigninLink.objects.select_related("user").get(digest=_digest(words)).user


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
