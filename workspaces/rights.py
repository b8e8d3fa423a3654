"""What each role may do, as the members' page shows it; the doors of every route are held against the same ladder."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from .models.people import RANK, Role

RIGHTS: list[tuple[Any, str]] = [
    (_("See maps, figures, customers and the audit"), "viewer"),
    (_("Comment on maps"), "commenter"),
    (_("Edit maps, personas, touchpoints, hypotheses"), "editor"),
    (_("Import touches and undo an import"), "editor"),
    (_("Invite, change and remove members"), "admin"),
    (_("Settings, tokens, outbox"), "admin"),
    (_("Make owners and change their rights"), "owner"),
]


def table() -> dict[str, Any]:
    """Roles from the highest, and for each right who has it."""
    roles = sorted(Role, key=lambda role: -RANK[role.value])
    rows = [{"right": text, "cells": [RANK[role.value] >= RANK[least] for role in roles]} for text, least in RIGHTS]
    return {"roles": [role.label for role in roles], "rows": rows}
