"""A new workspace and its first owner."""

import re
import secrets
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cjm.lib.refusals import Refusal

from . import changes, tenancy
from .models import Membership, User, Workspace

_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f h ts ch sh sch _ y _ e yu ya".replace("_", "").split(" "),
        strict=True,
    )
)
COLOURS = 6


@transaction.atomic
def found_workspace(user: User, *, name: str, **fields: Any) -> Membership:
    """Makes the workspace with this person as its owner; the slug is made from the name."""
    if not name.strip():
        raise Refusal("no_name", _("Give the workspace a name."), errors={"name": [_("Give the workspace a name.")]})
    workspace = Workspace.objects.create(name=name.strip(), slug=fields.pop("slug", "") or free_slug(name), **fields)
    member = Membership.objects.create(workspace=workspace, user=user, role="owner", colour=1)
    with tenancy.writing(workspace.pk):
        changes.note(workspace, "workspace.founded", by=member, before={}, after={"name": workspace.name})
    return member


def free_slug(name: str) -> str:
    """A slug that nobody has: from the name's letters, with a tail where it is taken."""
    latin = "".join(_CYRILLIC.get(sign, sign) for sign in name.lower())
    base = re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:40] or "team"
    slug = base
    while Workspace.objects.filter(slug=slug).exists():
        slug = f"{base}-{secrets.token_hex(2)}"
    return slug


def free_colour(workspace: Workspace) -> int:
    """The colour that the fewest members bear."""
    borne = list(Membership.objects.filter(workspace=workspace, removed_at__isnull=True).values_list("colour", flat=True))
    return min(range(1, COLOURS + 1), key=lambda colour: (borne.count(colour), colour))
