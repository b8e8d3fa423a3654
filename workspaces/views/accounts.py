"""The person's own pages: sign-in link, language, account, a new workspace, an accepted invitation."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from workspaces import founding, invitations, signin_links
from workspaces.forms import ProfileForm, WorkspaceForm
from workspaces.models import Workspace
from workspaces.requests import DoorRequest

_YEAR = 365 * 24 * 3600


@require_GET
def signin(request: DoorRequest, words: str) -> HttpResponse:
    """Spends the link and signs its person in."""
    user = signin_links.use_signin_link(words)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("front")


@require_POST
def language(request: DoorRequest) -> HttpResponse:
    """Remembers the language: with the person, and in a cookie for the pages before sign-in."""
    code = request.POST.get("language", "")
    response = HttpResponseRedirect(_safe_next(request))
    if code in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=_YEAR, samesite="Lax", secure=request.is_secure())
        if request.user.is_authenticated:
            request.user.language = code
            request.user.save(update_fields=["language"])
    return response


@require_http_methods(["GET", "POST"])
def profile(request: DoorRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(request.user.language):
            messages.success(request, _("Saved."))
        return redirect("workspaces:profile")
    return render(request, "workspaces/profile.html", {"form": form})


@require_http_methods(["GET", "POST"])
def new(request: DoorRequest) -> HttpResponse:
    """Makes a workspace; its language is the person's own."""
    blank = Workspace(default_language=translation.get_language()[:2] if translation.get_language() else "ru")
    form = WorkspaceForm(request.POST or None, instance=blank)
    if request.method == "POST" and form.is_valid():
        member = founding.found_workspace(request.user, **form.cleaned_data)
        return redirect(home_of(member.workspace))
    return render(request, "workspaces/new.html", {"form": form})


@require_http_methods(["GET", "POST"])
def join(request: DoorRequest, words: str) -> HttpResponse:
    """The page behind an invitation: a stranger signs up or in first and comes back here."""
    invitation = invitations.find(words)
    if request.method == "POST" and request.user.is_authenticated:
        member = invitations.accept(words, user=request.user)
        messages.success(request, _("You are a member of “%(name)s” now.") % {"name": member.workspace.name})
        return redirect(home_of(member.workspace))
    return render(request, "workspaces/join.html", {"invitation": invitation, "here": request.path})


def home_of(workspace: Workspace) -> str:
    return f"/w/{workspace.slug}/"


def _safe_next(request: DoorRequest) -> str:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse("front")
