"""What this app's plain collections share."""

from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from cjm.lib.refusals import Conflict
from workspaces.models import Token
from workspaces.rest import once
from workspaces.rest_defaults import Pages


class View(APIView):
    """A view whose POSTs take an Idempotency-Key and whose lists are cut by a cursor."""

    serializer_class: type[serializers.BaseSerializer[Any]]

    @property
    def author(self) -> Token:
        token: Token = self.request._request.token  # type: ignore[attr-defined]
        return token

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key")
        if request.method != "POST" or not key:
            return super().dispatch(request, *args, **kwargs)
        return once(request, key, lambda: super(View, self).dispatch(request, *args, **kwargs))

    def page(self, request: Request, rows: Any, *, newest_first: bool = False) -> Any:
        pages = _Newest() if newest_first else Pages()
        found: Any = pages.paginate_queryset(rows, request, view=self) or ()
        return pages.get_paginated_response(self.serializer_class(found, many=True).data)


class _Newest(Pages):
    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        return ("id",) if "updated_since" in request.query_params else ("-id",)


def tag_of(body: Any) -> str:
    """The ETag of something without a revision: a digest of what is shown."""
    return f'"{salted_hmac("etag", repr(sorted(body.items()))).hexdigest()[:16]}"'


def check_match(request: Request, body: Any) -> None:
    """412 with the current object where the writer saw another state of it."""
    wanted = request.headers.get("If-Match")
    if wanted and not {word.strip().removeprefix("W/") for word in wanted.split(",")} & {"*", tag_of(body)}:
        raise Conflict("stale", _("Somebody changed this before you."), current=body, status=412)
