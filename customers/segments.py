"""Segments: customers with something in common, by a rule over what is known about them."""

from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from cjm.lib import conditions
from cjm.lib.refusals import Refusal
from workspaces import changes

from . import listing
from .models import Segment

_SIZE_SECONDS = 60


def check_rule(rule: Any) -> None:
    """Raises Refusal("invalid_condition"); a segment looks at customers and companies only."""
    conditions.validate(rule, fields=tuple(conditions.CUSTOMER_FIELDS), path="rule")


def add_segment(*, name: str, rule: Any, by: changes.Author, description: str = "") -> Segment:
    if not name.strip():
        raise Refusal("invalid", _("A segment needs a name."), errors={"name": [_("This field is required.")]})
    check_rule(rule)
    row = Segment(name=name.strip(), rule=rule, description=description)
    changes.write(row, "segment.created", by=by, edits=[changes.create(row)])
    return row


def delete_segment(row: Segment, *, by: changes.Author) -> None:
    changes.write(row, "segment.deleted", by=by, edits=[changes.delete(row)])


def size_of(row: Segment) -> int:
    """How many customers are in it; counted at most once a minute, reading all customers."""
    key = f"{row.workspace_id}:segment-size:{row.pk}:{row.revision}"
    size: int | None = cache.get(key)
    if size is None:
        size = listing.count_members(row)
        cache.set(key, size, _SIZE_SECONDS)
    return size
