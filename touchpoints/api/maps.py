"""The collections `maps` and `map-templates`, the whole map as one document, export and import."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cjm.lib import ranks
from cjm.lib.refusals import Refusal
from journeys import templates
from journeys.models import JourneyMap, Lane, MapPersona, MapTemplate, Metric, Persona
from touchpoints import exchange, sheet, starting
from workspaces import access, changes
from workspaces.changes import Edit
from workspaces.rest import Collection, Link, MemberLink, StrictSerializer, etag, once
from workspaces.tenancy import Drawn

from . import document
from .base import READ_ONLY, columns, refuse
from .living import living


class MapSerializer(StrictSerializer):
    owner = MemberLink(required=False, allow_null=True)
    north_star = Link(Metric, required=False, allow_null=True)
    derived_from = Link(JourneyMap, required=False, allow_null=True)
    personas = serializers.ListField(child=Link(Persona), required=False, max_length=20, write_only=True)
    template = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=40)
    language = serializers.ChoiceField(choices=["ru", "en"], required=False)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)
    light_review_every_days = serializers.IntegerField(required=False, min_value=1, max_value=3650)
    deep_review_every_days = serializers.IntegerField(required=False, min_value=1, max_value=3650)

    class Meta:
        model = JourneyMap
        fields = [
            "id", "title", "kind", "scenario", "scope_from", "scope_to", "owner", "status", "visibility", "language", "template",
            "derived_from", "personas", "light_review_every_days", "deep_review_every_days", "last_light_review_at",
            "last_deep_review_at", "north_star", "average_cheque", "currency", "version", "archived_at",
            "revision", "created_at", "updated_at", "deleted_at",
        ]  # fmt: skip
        read_only_fields = [*READ_ONLY, "version", "last_light_review_at", "last_deep_review_at"]

    def to_representation(self, instance: Any) -> Any:
        links = getattr(instance, "living_links", None)
        if links is None:
            links = MapPersona.objects.living().filter(map=instance).order_by("order", "created_at", "id")
        return super().to_representation(instance) | {"personas": [str(link.persona_id) for link in links]}


class Maps(Collection):
    """With `template` a map begins as that template, without one with the empty lanes of its kind."""

    model: ClassVar[type[JourneyMap]] = JourneyMap
    deed = "map"
    serializer_class = MapSerializer
    filters: ClassVar[Mapping[str, str]] = {"kind": "kind", "status": "status", "owner": "owner", "derived_from": "derived_from"}

    def get_queryset(self) -> Any:
        return super().get_queryset().prefetch_related(living("persona_links", MapPersona, "living_links", "order"))

    def make(self, data: Any) -> Drawn:
        serializer = self.get_serializer(data=data)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        people, template = values.pop("personas", []), values.pop("template", None)
        if not template:
            return self._fresh(self._empty(JourneyMap(**values), people))
        map = _from_template(template, values, people[0] if people else None, self.author)
        for name in ("title", "kind", "language"):
            values.pop(name, None)
        rest = columns(JourneyMap, values)
        edits = [*([Edit(map, rest)] if rest else []), *_links(map, people[1:], start=1)]
        changes.write(map, "map.changed", by=self.author, edits=edits)
        return self._fresh(map)

    def _fresh(self, map: JourneyMap) -> JourneyMap:
        """The map with what the log has written on it since."""
        row: JourneyMap = JourneyMap.objects.get(pk=map.pk)
        return row

    def change(self, row: Drawn, data: Any, *, seen: int | None) -> None:
        serializer = self.get_serializer(row, data=data, partial=True)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        people = values.pop("personas", None)
        if (values.get("template") or "") != "" and values["template"] != row.template:  # type: ignore[attr-defined]
            raise refuse("template", _("A template is chosen when the map is made."))
        values.pop("template", None)
        edits = [Edit(row, columns(JourneyMap, values), seen)]
        if people is not None:
            standing = {link.persona_id: link for link in MapPersona.objects.living().filter(map=row)}
            edits += [changes.delete(link) for key, link in standing.items() if key not in {one.pk for one in people}]
            edits += _links(row, [one for one in people if one.pk not in standing], start=len(standing))
        changes.write(row, "map.changed", by=self.author, edits=edits)

    def _empty(self, map: JourneyMap, people: list[Persona]) -> JourneyMap:
        lanes = starting.LANES[JourneyMap.Kind(map.kind)]
        rows = [
            Lane(map=map, kind=kind, blueprint_zone=zone, rank=rank)
            for (kind, zone), rank in zip(lanes, ranks.spread(len(lanes)), strict=True)
        ]
        edits = [changes.create(map), *(changes.create(row) for row in rows), *_links(map, people, start=0)]
        changes.write(map, "map.created", by=self.author, edits=edits)
        return map


def _links(map: Any, people: list[Persona], *, start: int) -> list[Edit]:
    return [
        changes.create(MapPersona(map=map, persona=persona, order=place, colour=place % 6 + 1))
        for place, persona in enumerate(people, start)
    ]


@extend_schema(responses=OpenApiTypes.OBJECT, summary="The whole map as one document")
@api_view(["GET"])
def board(request: Request, map_id: Any) -> Response:
    """A constant number of queries, whatever the map's size."""
    map = access.readable(JourneyMap, None, map_id)
    return Response(document.board_of(map), headers={"ETag": f'"{map.version}"'})


_FORMAT = OpenApiParameter("format", str, enum=list(sheet.FORMATS), description="json is lossless; csv is lanes by stages")


@extend_schema(
    parameters=[_FORMAT], responses={(200, "application/json"): OpenApiTypes.OBJECT, (200, "text/csv"): OpenApiTypes.STR}
)
@api_view(["GET"])
def export(request: Request, map_id: Any) -> HttpResponse:
    """The map as a file."""
    return sheet.answer(access.readable(JourneyMap, None, map_id), request.query_params.get("format", "json"))


class ImportMap(APIView):
    """A document that `export` gave becomes a map of its own."""

    @extend_schema(request=OpenApiTypes.OBJECT, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        if not isinstance(request.data, Mapping):
            raise Refusal("invalid_map", _("Send the document of a map."))
        map = exchange.import_map(request.data, by=request._request.token)  # type: ignore[attr-defined]
        return Response({"id": str(map.pk), "title": map.title, "version": map.version}, status=201, headers={"ETag": etag(map)})

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key")
        return once(request, key, lambda: super(ImportMap, self).dispatch(request)) if key else super().dispatch(request)


class TemplateSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)
    map = Link(JourneyMap)


class MapTemplates(APIView):
    """The product's templates and the workspace's own; a map becomes a template by POST {"title", "map"}."""

    @extend_schema(responses=OpenApiTypes.OBJECT, parameters=[OpenApiParameter("language", str, enum=["ru", "en"])])
    def get(self, request: Request) -> Response:
        language = request.query_params.get("language", "ru")
        listed = [
            {"code": one.code, "title": one.title, "about": one.about, "language": language, "kind": one.payload["map"]["kind"]}
            for one in templates.list_templates(language if language in ("ru", "en") else "ru")
        ]
        own = MapTemplate.objects.order_by("id")
        return Response({"next": None, "previous": None, "results": [*listed, *(_drawn(row) for row in own)]})

    @extend_schema(request=TemplateSerializer, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        serializer = TemplateSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        map = serializer.validated_data["map"]
        payload = exchange.export_map(map)
        row = MapTemplate.objects.create(
            title=serializer.validated_data["title"], kind=map.kind, payload=payload, language=map.language
        )
        return Response(_drawn(row), status=201)


@extend_schema(responses={200: OpenApiTypes.OBJECT, 204: None})
@api_view(["GET", "DELETE"])
def map_template(request: Request, id: Any) -> Response:
    """One template of the workspace."""
    row = access.readable(MapTemplate, None, id)
    if request.method == "DELETE":
        row.delete()
        return Response(status=204)
    return Response(_drawn(row) | {"payload": row.payload})


def _drawn(row: MapTemplate) -> dict[str, Any]:
    return {"code": str(row.pk), "title": row.title, "about": "", "language": row.language, "kind": row.kind}


def _from_template(code: str, values: dict[str, Any], person: Persona | None, by: changes.Author) -> JourneyMap:
    """A map of one of the product's templates, or of the workspace's own (by its id)."""
    if code in templates.LISTED:
        return starting.make_map(
            code,
            by=by,
            title=values["title"],
            kind=values.get("kind", JourneyMap.Kind.CURRENT_STATE),
            language=values.get("language", "ru"),
            persona=person,
        )
    own = _own(code)
    if own is None:
        known = ", ".join(templates.LISTED)
        raise refuse("template", _("There is no such template. The product's own are: %(codes)s.") % {"codes": known})
    return exchange.import_map(own.payload, by=by, title=values["title"])


def _own(code: str) -> MapTemplate | None:
    try:
        row: MapTemplate | None = MapTemplate.objects.filter(pk=UUID(code)).first()
    except ValueError:
        return None
    return row
