"""How every REST request is read: tokens, bounded JSON, pages. Apart from `rest`, because DRF's settings load it first."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from rest_framework import exceptions, pagination, parsers, permissions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from cjm.lib.refusals import Refusal

from .models import Token

_NUL = re.compile("\x00")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class TokenAuthentication(BaseAuthentication):
    """The door has judged the token already; this hands it to DRF."""

    def authenticate(self, request: Request) -> tuple[Token, Token] | None:
        token = getattr(request._request, "token", None)
        return (token, token) if token else None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasScope(permissions.BasePermission):
    """Scopes stand in the table of doors; a request without a token passed a public door."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return True


class BoundedJSONParser(parsers.JSONParser):
    """JSON of at most 2 MB and depth 32, without NUL and NaN, whatever the content type says."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        body = stream.read(settings.API_BODY_LIMIT + 1)
        if len(body) > settings.API_BODY_LIMIT:
            raise Refusal("too_large", _("The body is larger than 2 MB."), status=413)
        return read_json(body, refused=_UNSTORABLE)


def read_json(body: bytes, *, refused: re.Pattern[str] = _NUL) -> Any:
    """The document; refuses what the product cannot hold. Ingest judges other text item by item, hence `refused`."""
    try:
        document = json.loads(body or b"{}", parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise Refusal("invalid_json", _("The body is not JSON.")) from error
    _check(document, settings.API_DEPTH_LIMIT, refused)
    return document


def _refuse_constant(word: str) -> Any:
    raise ValueError(word)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _check(value: Any, depth: int, refused: re.Pattern[str]) -> None:
    if depth < 0:
        raise Refusal("too_deep", _("The body is nested deeper than 32 levels."))
    if isinstance(value, str) and refused.search(value):
        raise Refusal("invalid_text", _("Text may not hold a NUL sign or half of a pair of signs."))
    for item in [*value.keys(), *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ():
        _check(item, depth - 1, refused)


class Pages(pagination.CursorPagination):
    """{"next", "previous", "results"}, `?limit=` up to 500."""

    page_size = 100
    page_size_query_param = "limit"
    max_page_size = 500
    offset_cutoff = 1_000_000
    """Rows that were written at one moment are told apart by the offset: a sync of a large import must pass them all."""
    ordering = ("id",)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        try:
            rows: list[Any] | None = super().paginate_queryset(queryset, request, view)
        except (ValueError, OverflowError, ValidationError) as error:
            if self.cursor_query_param not in request.query_params:
                raise
            raise exceptions.NotFound(self.invalid_cursor_message) from error
        return rows

    def get_ordering(self, request: Request, queryset: models.QuerySet[Any], view: Any) -> tuple[str, ...]:
        return ("updated_at", "id") if "updated_since" in request.query_params else ("id",)
