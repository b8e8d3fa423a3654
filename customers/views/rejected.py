from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from customers import rejected as deeds
from customers.models import RejectedTouch
from workspaces import access
from workspaces.requests import MemberRequest


@require_safe
def rejected(request: MemberRequest, slug: str) -> HttpResponse:
    rows, following = deeds.rejected_page(request.GET.get("before", ""))
    return render(request, "customers/rejected.html", {"page": "imports", "rows": rows, "next": following})


@require_POST
def replay_rejected(request: MemberRequest, slug: str, id: int) -> HttpResponse:
    outcome = deeds.replay(access.writable(RejectedTouch, request.member, id))
    words = {"accepted": _("The touch is recorded."), "repeated": _("This touch was recorded before.")}
    if outcome in words:
        messages.success(request, words[outcome])
    else:
        messages.warning(request, _("The touch was rejected again: %(reason)s") % {"reason": outcome})
    return redirect("customers:rejected", slug=slug)
