from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cjm.lib.clock import now
from customers.models import RejectedTouch
from customers.recording import replay_rejected
from customers.rejected import rejected_page
from workspaces import access
from workspaces.requests import MemberRequest


@require_safe
def rejected(request: MemberRequest, slug: str) -> HttpResponse:
    rows, following = rejected_page(request.GET.get("before", ""))
    return render(request, "customers/rejected.html", {"page": "imports", "rows": rows, "next": following})


@require_POST
def replay(request: MemberRequest, slug: str, id: int) -> HttpResponse:
    row = access.writable(RejectedTouch, request.member, id)
    receipt = replay_rejected(row, item=row.item, now=now())
    if receipt.rejected:
        reason = receipt.rejected[0]["detail"]
        messages.warning(request, _("The touch was rejected again: %(reason)s") % {"reason": reason})
    elif receipt.accepted:
        messages.success(request, _("The touch is recorded."))
    else:
        messages.info(request, _("This touch was recorded before."))
    return redirect("customers:rejected", slug=slug)
