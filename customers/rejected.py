"""Touches that could not be recorded, as a page shows them."""

from django.utils.translation import gettext as _

from cjm.lib.refusals import Refusal

from .models import RejectedTouch

PAGE = 50


def rejected_page(before: str) -> tuple[list[RejectedTouch], int | None]:
    """The latest rejected touches from a cursor (the last one's id) on, and the next cursor. One query."""
    rows = RejectedTouch.objects.filter(replayed_at__isnull=True).select_related("from_import").order_by("-pk")
    if before:
        if not before.isdecimal() or len(before) > 18:
            raise Refusal("invalid_cursor", _("This place in the list cannot be read. Begin at the first page."))
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None
