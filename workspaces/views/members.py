"""Members, their rights, and invitations."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cjm.lib.refusals import Forbidden, NotFound
from workspaces import changes, invitations, members, reset_links, rights
from workspaces.forms import DUTIES, InvitationForm, MemberForm, SuccessorForm
from workspaces.models import Invitation, Membership
from workspaces.requests import MemberRequest


@require_GET
def members_page(request: MemberRequest, slug: str) -> HttpResponse:
    return _page(request)


@require_http_methods(["GET", "POST"])
def member(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    """One member: rights, a link to a new password, removal."""
    row = members.find(request.workspace.pk, id)
    others = members.living(request.workspace.pk).exclude(pk=row.pk)
    form = MemberForm(request.POST or None, instance=members.find(request.workspace.pk, id))
    if request.method == "POST" and form.is_valid():
        members.change_member(row, form.cleaned_data, by=request.member)
        messages.success(request, _("Saved."))
        return redirect("workspaces:members", slug)
    return render(request, "workspaces/member.html", _member_context(request, row, form, SuccessorForm(others=others)))


@require_POST
def remove(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    """Removes the member, or lets oneself out; what they own goes to the successor."""
    row = members.find(request.workspace.pk, id)
    is_self = row.pk == request.member.pk
    if not is_self and not request.member.may("admin"):
        raise Forbidden(_("Your role does not allow this."))
    others = members.living(request.workspace.pk).exclude(pk=row.pk)
    form = SuccessorForm(request.POST, others=others)
    if not form.is_valid():
        context = _member_context(request, row, MemberForm(instance=row), form)
        return render(request, "workspaces/member.html", context, status=400)
    count = members.remove_member(row, successor=form.cleaned_data["successor"], by=request.member)
    text = ngettext("%(name)s left; %(count)d thing handed over.", "%(name)s left; %(count)d things handed over.", count)
    messages.success(request, text % {"name": row, "count": count})
    return redirect("front") if is_self else redirect("workspaces:members", slug)


@require_POST
def reset(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    """Shows, once, the link where this member chooses a new password."""
    row = members.find(request.workspace.pk, id)
    if not members.may_reset(row, by=request.member):
        raise Forbidden(_("This person is also in workspaces that you do not administer."))
    changes.note(row, "member.reset", by=request.member, before={}, after={})
    others = members.living(request.workspace.pk).exclude(pk=row.pk)
    context = _member_context(request, row, MemberForm(instance=row), SuccessorForm(others=others))
    context["reset_link"] = request.build_absolute_uri(reset_links.reset_path(row.user))
    return render(request, "workspaces/member.html", context)


@require_POST
def invite(request: MemberRequest, slug: str) -> HttpResponse:
    """Makes the link, shows it once, and mails it where an address is given."""
    form = InvitationForm(request.POST, by=request.member)
    if not form.is_valid():
        return _page(request, form=form, status=400)
    wanted = form.cleaned_data
    lasts = timedelta(days=wanted["days"])
    invitation, words = invitations.invite(by=request.member, role=wanted["role"], email=wanted["email"], lasts=lasts)
    link = request.build_absolute_uri(reverse("workspaces:join", kwargs={"words": words}))
    is_mailed = invitations.mail(invitation, link)
    return _page(request, link=link, mailed_to=invitation.email if is_mailed else "", status=201)


@require_POST
def uninvite(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    invitation = Invitation.objects.filter(workspace=request.workspace, pk=id).first()
    if invitation is None:
        raise NotFound(_("There is no such thing here."))
    invitations.revoke(invitation, by=request.member)
    messages.success(request, _("The invitation does not work any more."))
    return redirect("workspaces:members", slug)


def _page(request: MemberRequest, *, form: InvitationForm | None = None, status: int = 200, **more: Any) -> HttpResponse:
    may_change = request.member.may("admin")
    context = {
        "rows": [{"member": row, "duties": _duties(row)} for row in members.living(request.workspace.pk)],
        "invitations": invitations.standing(request.workspace) if may_change else [],
        "form": form or InvitationForm(by=request.member),
        "may_change": may_change,
        "rights": rights.table(),
        "mails": bool(settings.EMAIL_URL),
        "page": "settings",
        "tab": "members",
    }
    return render(request, "workspaces/members.html", context | more, status=status)


def _member_context(request: MemberRequest, row: Membership, form: MemberForm, successor: SuccessorForm) -> dict[str, Any]:
    may_change = request.member.may("admin") and (request.member.may("owner") or row.role != "owner")
    return {
        "row": row,
        "form": form,
        "successor_form": successor,
        "owned": members.owned_count(row),
        "is_self": row.pk == request.member.pk,
        "may_change": may_change,
        "may_reset": members.may_reset(row, by=request.member),
        "page": "settings",
        "tab": "members",
    }


def _duties(row: Membership) -> str:
    return ", ".join(str(DUTIES.get(duty, duty)) for duty in row.duties)
