"""Reports over REST: ask, fetch, cancel."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from cjm.lib.refusals import NotFound
from workspaces import access

from . import questions
from .models import Report
from .reports.register import KINDS

_ANSWER = OpenApiResponse(description="The figures; 202 with {report, progress} while they are being counted.")


@extend_schema(request={"application/json": {"type": "object"}}, responses={200: _ANSWER, 202: _ANSWER})
@api_view(["POST"])
def ask(request: Request, kind: str) -> Response:
    """Answers a question at once, or says where the answer will stand."""
    if kind not in KINDS:
        raise NotFound(_("There is no such report."))
    question: Any = request.data
    return _response(questions.ask(kind, question))


@extend_schema(responses={200: _ANSWER, 202: _ANSWER, 204: None})
@api_view(["GET", "DELETE"])
def report(request: Request, id: Any) -> Response:
    """A stored answer; DELETE cancels the question."""
    row = access.readable(Report, None, id)
    if request.method == "DELETE":
        questions.cancel(row)
        return Response(status=204)
    return _response(row)


def _response(row: Report) -> Response:
    headers = {"Report": str(row.pk)}
    if row.state == Report.State.DONE:
        return Response(row.answer, headers=headers)
    if row.state == Report.State.FAILED:
        raise questions.refusal_of(row)
    if row.state == Report.State.CANCELLED:
        raise NotFound(_("This question was cancelled."))
    return Response({"report": str(row.pk), "progress": row.progress}, status=202, headers=headers)
