"""Test mode: a fresh workspace with everything a checker needs."""

import re
import zoneinfo
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from cjm.lib import ranks
from cjm.lib.refusals import Refusal
from journeys.models import JourneyMap, Stage
from journeys.models.map import Canonical
from workspaces import changes, tenancy
from workspaces.models import Membership, Token, User, Workspace
from workspaces.tokens import SCOPES, mint_token

_SETTINGS = ("quiet_hours", "caps", "max_lateness", "max_chain_depth", "retry")


@transaction.atomic
def make_workspace(body: dict[str, Any], *, token: Token) -> dict[str, Any]:
    """The workspace with an owner, a full-scope token and a live map of every canonical stage."""
    place = _make_place(body)
    owner = Membership.objects.create(workspace=place, user=_owner(token), role="owner")
    _row, words = mint_token(place, name="test", scopes=SCOPES, by=owner)
    with tenancy.writing(place.pk), translation.override(place.default_language):
        row = _make_map(owner)
    return {"id": place.pk, "slug": place.slug, "token": words, "map": row.pk}


def _make_place(body: dict[str, Any]) -> Workspace:
    slug, zone = body.get("slug"), body.get("timezone", "UTC")
    week_start = body.get("week_start", "monday")
    if not isinstance(slug, str) or not re.fullmatch(r"[-a-zA-Z0-9_]{1,60}", slug):
        raise _no("slug", _("A slug is made of letters, digits, “-” and “_”."))
    if zone not in zoneinfo.available_timezones():
        raise _no("timezone", _("This time zone is not known."))
    if week_start not in Workspace.WeekStart.values:
        raise _no("week_start", _("A week starts on monday or sunday."))
    options = {name: body[name] for name in _SETTINGS if body.get(name) is not None}
    try:
        with transaction.atomic():
            return Workspace.objects.create(name=slug, slug=slug, timezone=zone, week_start=week_start, settings=options)
    except IntegrityError as error:
        raise Refusal("conflict", _("This slug is taken."), status=409) from error


def _owner(token: Token) -> User:
    """Whoever owns the installation's own workspace, so that their browser sees the new one too."""
    first = (
        Membership.objects.filter(workspace_id=token.workspace_id, role="owner", removed_at__isnull=True)
        .order_by("created_at")
        .first()
    )
    return first.user if first else User.objects.create_user("owner@cjm.example", None, name="Owner")


def _make_map(owner: Membership) -> JourneyMap:
    row = JourneyMap(title=_("Customer journey map"), owner=owner, status=JourneyMap.Status.LIVE)
    codes = [code for code in Canonical if code != Canonical.CUSTOM]
    stages = [
        Stage(map=row, name=str(code.label), canonical=code, rank=rank)
        for code, rank in zip(codes, ranks.spread(len(codes)), strict=True)
    ]
    changes.write(row, "map.created", by=owner, edits=[changes.create(one) for one in [row, *stages]])
    return row


def _no(name: str, text: str) -> Refusal:
    return Refusal("invalid", text, errors={name: [text]})
