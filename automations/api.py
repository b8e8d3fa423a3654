"""Test mode: the installation's clock and fresh workspaces. Without CJM_TEST_CLOCK these addresses do not exist."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cjm.lib.refusals import NotFound, Refusal
from workspaces.models import Token

from .draining import drain
from .proving import make_workspace


class TestModeView(APIView):
    """Answers 404 outside test mode."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not settings.TEST_CLOCK:
            raise NotFound(_("There is no such thing here."))


class TestClock(TestModeView):
    @extend_schema(exclude=True)
    def put(self, request: Request) -> Response:
        moment = _moment(_fields(request.data, ("now",)).get("now"))
        return Response({"now": moment, "drained": drain(moment)})


class TestWorkspaces(TestModeView):
    @extend_schema(exclude=True)
    def post(self, request: Request) -> Response:
        made = make_workspace(_fields(request.data, (*_NAMES, "slug")), token=_token(request))
        return Response(made, status=201)


def _token(request: Request) -> Token:
    token: Token = request._request.token  # type: ignore[attr-defined]
    return token


_NAMES = ("timezone", "week_start", "quiet_hours", "caps", "max_lateness", "max_chain_depth", "retry")


def _fields(body: Any, known: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise Refusal("invalid", _("The body must be an object."))
    if unknown := sorted(set(body) - set(known)):
        raise Refusal("invalid", _("Some fields are wrong."), errors={name: [_("This field is not known.")] for name in unknown})
    return body


def _moment(text: Any) -> datetime:
    moment: datetime | None = None
    with suppress(TypeError, ValueError):
        moment = datetime.fromisoformat(text)
    if moment is None or moment.tzinfo is None:
        line = _("A time is ISO 8601 with a zone, such as 2026-03-02T09:00:00Z.")
        raise Refusal("invalid", line, errors={"now": [line]})
    return moment
