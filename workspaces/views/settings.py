"""The workspace's settings, its outbox and its programs' keys."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cjm.lib.refusals import NotFound
from workspaces import outbox, preferences, tokens
from workspaces.forms import SCOPE_WORDS, TokenForm, WorkspaceForm
from workspaces.models import Token
from workspaces.requests import MemberRequest

_SHOWN = 100


@require_http_methods(["GET", "POST"])
def settings(request: MemberRequest, slug: str) -> HttpResponse:
    form = WorkspaceForm(request.POST or None, instance=preferences.fresh(request.workspace))
    if request.method == "POST" and form.is_valid():
        preferences.change_settings(request.workspace, form.cleaned_data, by=request.member)
        messages.success(request, _("Saved."))
        return redirect("workspaces:settings", slug)
    may_change = request.member.may("admin")
    if not may_change:
        for field in form.fields.values():
            field.disabled = True
    return render(
        request, "workspaces/settings.html", {"form": form, "may_change": may_change, "page": "settings", "tab": "settings"}
    )


@require_http_methods(["GET", "POST"])
def tokens_page(request: MemberRequest, slug: str) -> HttpResponse:
    """The list, and the one moment when a new token's words are shown."""
    form = TokenForm(request.POST or None)
    words = ""
    if request.method == "POST" and form.is_valid():
        words = _mint(request, form.cleaned_data)
        form = TokenForm()
    rows = Token.objects.filter(workspace=request.workspace, is_installation=False).select_related("created_by__user")
    rows = rows.order_by("revoked_at", "-created_at", "-id")[:_SHOWN]
    context = {"form": form, "words": words, "rows": [_line(row) for row in rows], "page": "settings", "tab": "tokens"}
    return render(request, "workspaces/tokens.html", context, status=201 if words else 200)


@require_POST
def revoke_token(request: MemberRequest, slug: str, id: UUID) -> HttpResponse:
    token = Token.objects.filter(workspace=request.workspace, pk=id, is_installation=False).first()
    if token is None:
        raise NotFound(_("There is no such thing here."))
    tokens.revoke_by(token, by=request.member)
    messages.success(request, _("The token does not work any more."))
    return redirect("workspaces:tokens", slug)


@require_GET
def outbox_page(request: MemberRequest, slug: str) -> HttpResponse:
    letters = outbox.letters_for(request.member)[:_SHOWN]
    return render(request, "workspaces/outbox.html", {"letters": letters, "page": "settings", "tab": "outbox"})


def _mint(request: MemberRequest, wanted: dict[str, Any]) -> str:
    expires_at = datetime.now(UTC) + timedelta(days=wanted["days"]) if wanted["days"] else None
    return tokens.mint_by(request.member, name=wanted["name"], scopes=wanted["scopes"], expires_at=expires_at)[1]


def _line(token: Token) -> dict[str, Any]:
    return {
        "token": token,
        "scopes": [SCOPE_WORDS.get(scope, scope) for scope in token.scopes],
        "is_old": token.expires_at is not None and token.expires_at <= datetime.now(UTC),
    }
