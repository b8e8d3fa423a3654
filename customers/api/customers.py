"""Customers: upserts, lists, stages, merging, erasing, journeys."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cjm.lib.clock import now
from cjm.lib.refusals import Conflict, Refusal
from customers import staging
from customers.erasure import erase_customer
from customers.identity import find_customer, merge_customers
from customers.inserting import for_update
from customers.journey import journey_of
from customers.models import Customer
from customers.recording import upsert_customers
from customers.shapes import MOST_ITEMS
from workspaces import due

from .base import OVERLAP, View, draw_customer, draw_touch, etag, fields_of, moment, refuse

_LIST = [OpenApiParameter(name, str) for name in ("external_id", "email", "updated_since", "cursor", "limit")]
_OBJECT: dict[str, Any] = {"request": OpenApiTypes.OBJECT, "responses": OpenApiTypes.OBJECT}


class Customers(View):
    @extend_schema(parameters=_LIST, responses=OpenApiTypes.OBJECT, summary="Customers; updated_since shows tombstones too")
    def get(self, request: Request) -> Response:
        since = request.query_params.get("updated_since")
        rows = Customer.objects.select_related("company", "merged_into")
        rows = rows.filter(updated_at__gte=moment(since, "updated_since") - OVERLAP) if since else rows.living()
        for name in ("external_id", "email"):
            if (word := request.query_params.get(name)) is not None:
                rows = rows.filter(**{name: word})
        return self.page(request, rows, draw_customer, ordering=("updated_at", "id") if since else ("id",))

    @extend_schema(**_OBJECT, summary="Make or complete one customer")
    def post(self, request: Request) -> Response:
        return _upsert_one(self, request.data)


class Bulk(View):
    @extend_schema(**_OBJECT, summary="Make or complete up to 1,000 customers by external_id")
    def post(self, request: Request) -> Response:
        items = fields_of(request.data, known=("items",)).get("items")
        if not isinstance(items, list) or len(items) > MOST_ITEMS:
            raise refuse("items", _("Send “items”: a list of at most 1,000."))
        return Response({"results": upsert_customers(self.workspace_id, items, now=now())})


class Merge(View):
    @extend_schema(**_OBJECT, summary="Merge the source into the target")
    def post(self, request: Request) -> Response:
        body = fields_of(request.data, known=("source", "target"), required=("source", "target"))
        if not all(isinstance(body[name], str) for name in ("source", "target")):
            raise refuse("source", _("A customer is named by its external_id."))
        return Response(draw_customer(merge_customers(body["source"], body["target"], now=now())))


class OneCustomer(View):
    """By external id or alias; a PUT makes the customer where there is none."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, external_id: str) -> Response:
        return _drawn(find_customer(external_id))

    @extend_schema(**_OBJECT)
    def put(self, request: Request, external_id: str) -> Response:
        return self._write(request, external_id)

    @extend_schema(**_OBJECT)
    def patch(self, request: Request, external_id: str) -> Response:
        find_customer(external_id)
        return self._write(request, external_id)

    @extend_schema(responses={204: None}, summary="Erase the person everywhere")
    def delete(self, request: Request, external_id: str) -> Response:
        with transaction.atomic():
            customer = find_customer(external_id)
            _check_match(request, customer)
            erase_customer(customer, now=now())
        return Response(status=204)

    def _write(self, request: Request, external_id: str) -> Response:
        if not isinstance(request.data, dict) or request.data.get("external_id", external_id) != external_id:
            raise refuse("external_id", _("The body names another customer than the address."))
        with transaction.atomic():
            if request.headers.get("If-Match"):
                _check_match(request, find_customer(external_id))
            return _upsert_one(self, request.data | {"external_id": external_id})


class Stage(View):
    @extend_schema(**_OBJECT, summary="Put the customer on a stage of a live map")
    def put(self, request: Request, external_id: str) -> Response:
        body = fields_of(request.data, known=("map", "stage"), required=("map", "stage"))
        with transaction.atomic():
            stage = staging.find_stage(body["map"], str(body["stage"]))
            customer = for_update(Customer.objects.filter(pk=find_customer(external_id).pk)).get()
            staging.set_stage(customer, stage.map_id, stage, now=now())
            due.mark(self.workspace_id, "sync")
        return Response({"customer": customer.external_id, "map": stage.map_id, "stage": stage.canonical, "stage_id": stage.pk})


class Journey(View):
    @extend_schema(responses=OpenApiTypes.OBJECT, summary="What a customer went through")
    def get(self, request: Request, external_id: str) -> Response:
        customer = find_customer(external_id)
        journey = journey_of(customer, now=now(), settings=self.workspace.settings)
        drawn = [draw_touch(touch) for touch in journey.touches]
        return Response(
            {
                "customer": draw_customer(customer),
                "first_touch": draw_touch(journey.first_touch) if journey.first_touch else None,
                "touches": drawn,
                "touches_total": journey.touches_total,
                "visits": journey.visits,
                "current_stage": journey.current_stage,
                "engagement": journey.engagement,
            }
        )


def _upsert_one(view: View, data: Any) -> Response:
    answer = upsert_customers(view.workspace_id, [data], now=now())[0]
    if answer["status"] == 400:
        raise Refusal("invalid", _("Some fields are wrong."), errors=answer["errors"])
    return _drawn(Customer.objects.select_related("company").get(pk=answer["id"]), status=answer["status"])


def _drawn(customer: Customer, status: int = 200) -> Response:
    return Response(draw_customer(customer), status=status, headers={"ETag": etag(customer)})


def _check_match(request: Request, customer: Customer) -> None:
    wanted = request.headers.get("If-Match")
    if wanted and wanted not in ("*", etag(customer)):
        current = {name: str(value) for name, value in draw_customer(customer).items()}
        raise Conflict("stale", _("Somebody changed this before you."), current=current, status=412)
