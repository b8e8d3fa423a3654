"""Touches that could not be recorded: seen with their reason, and tried again."""

from django.db import transaction
from django.utils.translation import gettext as _

from cjm.lib.clock import now
from cjm.lib.refusals import Refusal

from .models import RejectedTouch
from .recording import record_touches

PAGE = 50


def rejected_page(before: str) -> tuple[list[RejectedTouch], int | None]:
    """The latest rejected touches from a cursor (the last one's id) on, and the next cursor. One query."""
    rows = RejectedTouch.objects.filter(replayed_at__isnull=True).select_related("from_import").order_by("-pk")
    if before:
        if not before.isdigit():
            raise Refusal("invalid_cursor", _("This place in the list cannot be read. Begin at the first page."))
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


@transaction.atomic
def replay(row: RejectedTouch) -> str:
    """Tries to record it again: "accepted", "repeated", or the refusal's sentence, which stays on the row."""
    if row.from_import_id is not None and "touch_id" not in row.item:
        raise Refusal("not_replayable", _("This is a row of a file. Correct the file and import it again."), status=409)
    kept = RejectedTouch.objects.select_for_update().get(pk=row.pk)
    if kept.replayed_at is not None:
        raise Refusal("already_replayed", _("This touch has been recorded already."), status=409)
    last = RejectedTouch.objects.order_by("-pk").values_list("pk", flat=True)[0]
    receipt = record_touches(row.workspace_id, [kept.item], source=kept.source, historical=False, now=now())
    if receipt.rejected:
        RejectedTouch.objects.filter(pk__gt=last).delete()
        why = receipt.rejected[0]
        RejectedTouch.objects.filter(pk=kept.pk).update(code=why["code"], detail=str(why["detail"])[:500])
        return str(why["detail"])
    RejectedTouch.objects.filter(pk=kept.pk).update(replayed_at=now())
    return "accepted" if receipt.accepted else "repeated"
