"""Touches: recording, looking up, what was rejected."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cjm.lib.clock import now
from cjm.lib.refusals import Refusal
from customers.limits import spend
from customers.models import Identity, RejectedTouch, Touch
from customers.recording import Receipt, record_touches, replay_rejected
from customers.shapes import MOST_ITEMS
from workspaces import access

from .base import View, draw_touch, fields_of, refuse
from .parsing import IngestParser

_FILTERS = [OpenApiParameter(name, str) for name in ("touch_id", "customer", "source", "event", "cursor", "limit")]


class Touches(View):
    parser_classes = [IngestParser]

    @extend_schema(parameters=_FILTERS, responses=OpenApiTypes.OBJECT, summary="Recorded touches, in the order of arrival")
    def get(self, request: Request) -> Response:
        return self.page(request, _wanted(request), draw_touch)

    @extend_schema(request=OpenApiTypes.OBJECT, responses={201: OpenApiTypes.OBJECT}, summary="Record up to 1,000 touches")
    def post(self, request: Request) -> Response:
        body = fields_of(request.data, known=("touches", "source", "historical"))
        items, source = _items(body.get("touches")), _source(body.get("source", "api"))
        historical = body.get("historical", False)
        if not isinstance(historical, bool):
            raise refuse("historical", _("This is true or false."))
        spend(self.workspace_id, len(items))
        receipt = record_touches(self.workspace_id, items, source=source, historical=historical, now=now())
        return Response(_draw_receipt(receipt), status=201)


class Rejected(View):
    @extend_schema(responses=OpenApiTypes.OBJECT, summary="Items that could not be recorded")
    def get(self, request: Request) -> Response:
        rows = RejectedTouch.objects.all()
        if (source := request.query_params.get("source")) is not None:
            rows = rows.filter(source=source)
        return self.page(request, rows, _draw_rejected)


class Replay(View):
    @extend_schema(
        request=OpenApiTypes.OBJECT, responses=OpenApiTypes.OBJECT, summary="Record a rejected item, corrected or as it is"
    )
    def post(self, request: Request, id: int) -> Response:
        row = access.readable(RejectedTouch, None, id)
        body = fields_of(request.data, known=("item",))
        return Response(_draw_receipt(replay_rejected(row, item=body.get("item", row.item), now=now())))


def _items(items: Any) -> list[Any]:
    if not isinstance(items, list):
        raise refuse("touches", _("Send “touches”: a list of at most 1,000."))
    if len(items) > MOST_ITEMS:
        raise Refusal("too_many", _("Send at most 1,000 touches in one request."))
    return items


def _source(source: Any) -> str:
    if not isinstance(source, str) or not 0 < len(source) <= 120 or not source.isprintable():
        raise refuse("source", _("A source is a text of 1 to 120 signs."))
    return source


def _wanted(request: Request) -> QuerySet[Touch]:
    rows: QuerySet[Touch] = Touch.objects.select_related("identity__customer")
    for name in ("touch_id", "source", "event"):
        if (word := request.query_params.get(name)) is not None:
            rows = rows.filter(**{name: word})
    if (word := request.query_params.get("customer")) is not None:
        customer = Identity.objects.filter(kind=Identity.Kind.CUSTOMER, value=word).values("customer")
        rows = rows.filter(identity__customer__in=customer)
    return rows


def _draw_receipt(receipt: Receipt) -> dict[str, Any]:
    return {"accepted": receipt.accepted, "repeated": receipt.repeated, "rejected": receipt.rejected}


def _draw_rejected(row: RejectedTouch) -> dict[str, Any]:
    names = ("source", "index", "item", "code", "detail", "at", "replayed_at")
    return {"id": row.pk} | {name: getattr(row, name) for name in names}
