"""The only place where a refusal becomes a page or JSON: {"detail", "code", "errors"}."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from cjm.lib.refusals import Conflict, Refusal

logger = logging.getLogger(__name__)


def wants_json(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/", "/v1/", "/batch/"))


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """JSON for programs, a fragment for htmx, a page for people."""
    if wants_json(request):
        headers = {"WWW-Authenticate": "Bearer"} if refusal.status == 401 else None
        return JsonResponse(body_of(refusal), status=refusal.status, json_dumps_params={"ensure_ascii": False}, headers=headers)
    context = {"refusal": refusal, "status": refusal.status}
    if isinstance(refusal, Conflict):
        context["current"] = refusal.current
    is_fragment = bool(getattr(request, "htmx", False)) or request.headers.get("X-Fragment")
    template = "ui/_refusal.html" if is_fragment else "ui/refusal.html"
    return render(request, template, context, status=refusal.status)


def body_of(refusal: Refusal) -> dict[str, Any]:
    body: dict[str, Any] = {"detail": str(refusal.text), "code": refusal.code, **refusal.data}
    if refusal.errors:
        body["errors"] = {field: [str(line) for line in lines] for field, lines in refusal.errors.items()}
    return body


def api_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exceptions in the product's one shape; None lets a bug fly."""
    if isinstance(error, Refusal):
        return Response(body_of(error), status=error.status)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    headers = {}
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    if isinstance(error, exceptions.ValidationError):
        body = {"detail": _("Some fields are wrong."), "code": "invalid", "errors": _flat(error.detail)}
    else:
        codes = error.get_codes()
        body = {"detail": str(error.detail), "code": codes if isinstance(codes, str) else "invalid"}
    return Response(body, status=error.status_code, headers=headers)


def _flat(detail: Any, path: str = "") -> dict[str, list[str]]:
    if isinstance(detail, dict):
        out: dict[str, list[str]] = {}
        for key, value in detail.items():
            out.update(_flat(value, f"{path}.{key}" if path else str(key)))
        return out
    if isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        out = {}
        for index, item in enumerate(detail):
            out.update(_flat(item, f"{path}.{index}" if path else str(index)))
        return out
    lines = detail if isinstance(detail, list) else [detail]
    return {path or "non_field_errors": [str(line) for line in lines]} if lines else {}


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, Refusal("not_found", _("There is no such page."), status=404))


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, Refusal("forbidden", _("Your role does not allow this."), status=403))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, Refusal("bad_request", _("This request could not be read."), status=400))


def broken(request: HttpRequest) -> HttpResponse:
    text = _("Something broke on our side. Nothing that was saved is lost; try again in a minute.")
    return answer(request, Refusal("broken", text, status=500))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = _("This page is too old or was opened elsewhere. Reload it and try again.")
    return answer(request, Refusal("csrf", text, status=403))
