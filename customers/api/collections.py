"""The plain collections of this app: segments, companies, scores."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cjm.lib.clock import now
from cjm.lib.refusals import NotFound, Refusal
from customers import segments
from customers.companies import upsert_companies
from customers.models import Company, Score, Segment
from customers.scores import record_score
from customers.shapes import MOST_ITEMS
from workspaces import access
from workspaces.rest import Collection, StrictSerializer

from .base import OVERLAP, View, fields_of, moment, refuse

_OBJECT: dict[str, Any] = {"request": OpenApiTypes.OBJECT, "responses": OpenApiTypes.OBJECT}


class SegmentSerializer(StrictSerializer):
    class Meta:
        model = Segment
        fields = ["id", "name", "description", "rule", "revision", "created_at", "updated_at", "deleted_at"]
        read_only_fields = ["id", "revision", "created_at", "updated_at", "deleted_at"]

    def validate_rule(self, rule: Any) -> Any:
        segments.check_rule(rule)
        return rule


class Segments(Collection):
    model: ClassVar[type[Segment]] = Segment
    deed = "segment"
    serializer_class = SegmentSerializer


class Companies(View):
    @extend_schema(
        parameters=[OpenApiParameter(name, str) for name in ("external_id", "updated_since", "cursor", "limit")],
        responses=OpenApiTypes.OBJECT,
        summary="Companies of customers",
    )
    def get(self, request: Request) -> Response:
        since = request.query_params.get("updated_since")
        rows: QuerySet[Company] = Company.objects.all()
        rows = rows.filter(updated_at__gte=moment(since, "updated_since") - OVERLAP) if since else rows.filter(deleted_at=None)
        if (word := request.query_params.get("external_id")) is not None:
            rows = rows.filter(external_id=word)
        return self.page(request, rows, draw_company, ordering=("updated_at", "id") if since else ("id",))

    @extend_schema(**_OBJECT, summary="Make or complete one company")
    def post(self, request: Request) -> Response:
        return _upsert_company(self, request.data)


class CompaniesBulk(View):
    @extend_schema(**_OBJECT, summary="Make or complete up to 1,000 companies by external_id")
    def post(self, request: Request) -> Response:
        items = fields_of(request.data, known=("items",)).get("items")
        if not isinstance(items, list) or len(items) > MOST_ITEMS:
            raise refuse("items", _("Send “items”: a list of at most 1,000."))
        return Response({"results": upsert_companies(self.workspace_id, items, now=now())})


class OneCompany(View):
    """By external id; a PUT makes the company where there is none."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, external_id: str) -> Response:
        row = Company.objects.filter(external_id=external_id, deleted_at=None).first()
        if row is None:
            raise NotFound(_("There is no such company."))
        return Response(draw_company(row))

    @extend_schema(**_OBJECT)
    def put(self, request: Request, external_id: str) -> Response:
        if not isinstance(request.data, dict) or request.data.get("external_id", external_id) != external_id:
            raise refuse("external_id", _("The body names another company than the address."))
        return _upsert_company(self, request.data | {"external_id": external_id})


class Scores(View):
    @extend_schema(
        parameters=[OpenApiParameter(name, str) for name in ("customer", "metric", "cursor", "limit")],
        responses=OpenApiTypes.OBJECT,
        summary="Answers to surveys, in the order of arrival",
    )
    def get(self, request: Request) -> Response:
        rows: QuerySet[Score] = Score.objects.select_related("customer", "touch")
        for name, lookup in (("customer", "customer__external_id"), ("metric", "metric")):
            if (word := request.query_params.get(name)) is not None:
                rows = rows.filter(**{lookup: word})
        return self.page(request, rows, draw_score)

    @extend_schema(request=OpenApiTypes.OBJECT, responses={201: OpenApiTypes.OBJECT}, summary="Record an answer")
    def post(self, request: Request) -> Response:
        body = fields_of(
            request.data, known=("customer", "metric", "value", "comment", "at"), required=("customer", "metric", "value")
        )
        return Response(draw_score(record_score(self.workspace_id, body, now=now())), status=201)


class OneScore(View):
    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, id: int) -> Response:
        return Response(draw_score(access.readable(Score, None, id)))


def draw_company(row: Company) -> dict[str, Any]:
    names = ("id", "external_id", "name", "attrs", "created_at", "updated_at", "deleted_at")
    return {name: getattr(row, name) for name in names}


def draw_score(row: Score) -> dict[str, Any]:
    """A score with its customer and touch loaded."""
    names = ("id", "metric", "value", "comment", "at")
    touch = row.touch.touch_id if row.touch else None
    return {name: getattr(row, name) for name in names} | {"customer": row.customer.external_id, "touch_id": touch}


def _upsert_company(view: View, data: Any) -> Response:
    answer = upsert_companies(view.workspace_id, [data], now=now())[0]
    if answer["status"] == 400:
        raise Refusal("invalid", _("Some fields are wrong."), errors=answer["errors"])
    return Response(draw_company(Company.objects.get(pk=answer["id"])), status=answer["status"])
