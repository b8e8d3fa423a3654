"""Who gets in where. Every route stands in one table: route name → door; a route that is not there answers 403.

Page doors: "public", "signed_in", or a role ("viewer" … "owner"); "viewer/editor" = reading/writing methods.
API doors: "scope:read/write" (reading/writing methods; alternatives by "|"), "installation", "public".
"""

import zoneinfo
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cjm.lib.refusals import Forbidden, NotFound, Refusal
from cjm.problems import answer
from workspaces import tenancy
from workspaces.models import Membership, Workspace
from workspaces.requests import DoorRequest
from workspaces.tokens import find_token

SAFE = ("GET", "HEAD", "OPTIONS")
Get = Callable[[DoorRequest], HttpResponse]


class LanguageMiddleware:
    """The person's own language, else their cookie, else the browser's, else Russian."""

    def __init__(self, get_response: Get) -> None:
        self.get_response = get_response

    def __call__(self, request: DoorRequest) -> HttpResponse:
        language = getattr(request.user, "language", "") if request.path[:5] not in ("/api/", "/v1/t") else ""
        language = language or translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class DoorMiddleware:
    """Resolves the workspace, activates it for the whole request and holds the route against the table."""

    def __init__(self, get_response: Get) -> None:
        from cjm.urls import DOORS

        self.get_response = get_response
        self.doors = DOORS

    def __call__(self, request: DoorRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return answer(request, Refusal("bad_request", _("This request could not be read.")))
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        door = self.doors.get(match.view_name)
        if door is None and match.namespaces[:1] in ([], ["account"], ["mfa"]) and match.route.startswith("accounts/"):
            door = "public"
        try:
            if door is None:
                raise Forbidden(_("Your role does not allow this."))
            with self._enter(request, match, door) as redirect:
                return redirect or self.get_response(request)
        except Refusal as refusal:
            return answer(request, refusal)

    def process_exception(self, request: DoorRequest, exception: Exception) -> HttpResponse | None:
        """Answers inside the open workspace, so that what the view had saved stays saved."""
        return answer(request, exception) if isinstance(exception, Refusal) else None

    def _enter(self, request: DoorRequest, match: ResolverMatch, door: str) -> AbstractContextManager[HttpResponse | None]:
        request.member = None
        request.token = None
        if door.startswith("scope:") or door == "installation":
            return self._enter_by_token(request, door)
        if door == "public":
            return nullcontext()
        if not request.user.is_authenticated:
            return nullcontext(redirect_to_login(request.get_full_path()))
        if door == "signed_in":
            return nullcontext()
        return self._enter_as_member(request, match, door)

    def _enter_by_token(self, request: DoorRequest, door: str) -> AbstractContextManager[None]:
        kind, _space, words = request.headers.get("Authorization", "").partition(" ")
        token = find_token(words.strip()) if kind.lower() == "bearer" else None
        if token is None:
            raise Refusal("not_authenticated", _("Send a valid token as “Authorization: Bearer cjm_…”."), status=401)
        request.token = token
        request.workspace = token.workspace
        if door == "installation":
            if not token.is_installation:
                raise Forbidden(_("This takes the installation's own token."))
        elif not set(token.scopes) & set(_for_method(door.removeprefix("scope:"), request).split("|")):
            raise Forbidden(_("This token lacks the scope for it."), code="missing_scope")
        return tenancy.reading(token.workspace_id)

    def _enter_as_member(self, request: DoorRequest, match: ResolverMatch, door: str) -> AbstractContextManager[None]:
        member = (
            Membership.objects.select_related("workspace", "user")
            .filter(workspace__slug=match.kwargs.get("slug", ""), user_id=request.user.pk, removed_at__isnull=True)
            .first()
        )
        if member is None:
            raise NotFound(_("There is no such page."))
        if not member.may(_for_method(door, request)):
            raise Forbidden(_("Your role does not allow this."))
        request.member = member
        request.workspace = member.workspace
        return _inside(member.workspace)


@contextmanager
def _inside(workspace: Workspace) -> Iterator[None]:
    """The workspace is active and times are shown in its zone."""
    with timezone.override(zoneinfo.ZoneInfo(workspace.timezone)), tenancy.reading(workspace.pk):
        yield


def _for_method(door: str, request: DoorRequest) -> str:
    reading, _slash, writing = door.partition("/")
    return reading if request.method in SAFE or not writing else writing
