"""Pages to read: the audit, the inbox, search."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from workspaces import audit, inbox, members, searching
from workspaces.models import Notification
from workspaces.requests import MemberRequest

_LINES = 50


@require_GET
def audit_page(request: MemberRequest, slug: str) -> HttpResponse:
    """The change log in sentences, filtered by person, kind and subject."""
    wanted = {name: request.GET.get(name, "") for name in ("person", "kind", "subject")}
    before = request.GET.get("before", "")
    page = audit.read_log(
        person=_uuid(wanted["person"]),
        kind=wanted["kind"],
        subject=_uuid(wanted["subject"]),
        before=int(before) if before.isdigit() and len(before) < 19 else None,
    )
    standing = {name: value for name, value in wanted.items() if value}
    context = {
        "log": page,
        "wanted": wanted,
        "is_filtered": bool(standing),
        "next": f"?{urlencode(standing | {'before': page.next})}" if page.next else "",
        "people": members.living(request.workspace.pk),
        "kinds": audit.kinds_seen(),
        "page": "audit",
    }
    return render(request, "workspaces/audit.html", context)


@require_GET
def inbox_page(request: MemberRequest, slug: str) -> HttpResponse:
    rows = inbox.lines_of(request.member)
    before = request.GET.get("before", "")
    if before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    lines = list(rows.order_by("-id")[: _LINES + 1])
    context = {"lines": lines[:_LINES], "next": f"?before={lines[_LINES - 1].pk}" if len(lines) > _LINES else "", "page": "inbox"}
    return render(request, "workspaces/inbox.html", context)


@require_POST
def read_lines(request: MemberRequest, slug: str) -> HttpResponse:
    """Marks one line read and goes to what it is about, or marks all."""
    id = request.POST.get("id", "")
    if not id.isdigit():
        inbox.mark_read(request.member)
        return redirect("workspaces:inbox", slug)
    inbox.mark_read(request.member, [int(id)])
    line = Notification.objects.filter(to=request.member, pk=int(id)).first()
    return redirect(line.path if line and line.path.startswith("/w/") else request.path.removesuffix("read/"))


@require_GET
def search(request: MemberRequest, slug: str) -> HttpResponse:
    """A page, or the dialog's fragment under htmx."""
    words = request.GET.get("q", "")
    context = {"words": words, "groups": searching.search(request.member, words), "page": "search"}
    return render(request, "workspaces/_found.html" if request.htmx else "workspaces/search.html", context)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
