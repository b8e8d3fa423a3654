"""What the collections of this app share: keys that stay on one map, places in an order, upserts by code."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cjm.lib.refusals import Refusal
from journeys.models import JourneyMap, Lane, Stage, Step
from touchpoints import editing
from touchpoints.models import Hypothesis
from workspaces import changes
from workspaces.changes import Edit
from workspaces.rest import Collection, StrictSerializer, etag
from workspaces.tenancy import Drawn

READ_ONLY = ["id", "revision", "created_at", "updated_at", "deleted_at"]


class Texts(serializers.ListField):
    """A list of texts."""

    child = serializers.CharField(max_length=4000)


class PlacedSerializer(StrictSerializer):
    """A part with a place among its neighbours: `rank` tells it, `position` (from 0) asks for it."""

    position = serializers.IntegerField(required=False, write_only=True, min_value=0)


class MapPart(Collection):
    """Parts of a map: every write is a change of the map's log, and no key leads to another map."""

    neighbours: ClassVar[tuple[str, ...]] = ("stage",)

    def subject_of(self, row: Drawn) -> Drawn:
        return editing.map_of(row)

    def make(self, data: Any) -> Drawn:
        values = self._read(data)
        position = values.pop("position", None)
        row = self.model(**values)
        map = editing.map_of(row)
        check_links(map, values)
        edits = self._placed(row, position) if self.neighbours else []
        changes.write(map, f"{self.deed}.added", by=self.author, edits=[changes.create(row), *self.with_new(row), *edits])
        return row

    def change(self, row: Drawn, data: Any, *, seen: int | None) -> None:
        values = self._read(data, row)
        position = values.pop("position", None)
        map = editing.map_of(row)
        check_links(map, values)
        if "map" in values and values["map"].pk != map.pk:
            raise refuse("map", _("A part does not go to another map."), code="other_map")
        edits = self.along(row, values)
        if self.neighbours and (position is not None or self._leaves(row, values)):
            target = self.model(**{name: values.get(name, getattr(row, name)) for name in self.neighbours})
            edits += self._placed(target, position, leaving=row)
            values["rank"] = target.rank  # type: ignore[attr-defined]
        edits.insert(0, Edit(row, columns(self.model, values), seen))
        changes.write(map, f"{self.deed}.changed", by=self.author, edits=edits)

    def along(self, row: Drawn, values: dict[str, Any]) -> list[Edit]:
        """Other rows that a change of this one takes along; may take values out."""
        return []

    def with_new(self, row: Drawn) -> list[Edit]:
        """Other rows that are made with this one."""
        return []

    def _read(self, data: Any, row: Drawn | None = None) -> dict[str, Any]:
        serializer = self.get_serializer(data=data) if row is None else self.get_serializer(row, data=data, partial=True)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def _placed(self, row: Any, position: int | None, *, leaving: Drawn | None = None) -> list[Edit]:
        around = {name: getattr(row, name) for name in self.neighbours}
        row.rank, moved = editing.place_among(list(self.model.objects.living().filter(**around)), position, leaving=leaving)
        return moved

    def _leaves(self, row: Drawn, values: Mapping[str, Any]) -> bool:
        return any(name in values and values[name].pk != getattr(row, f"{name}_id") for name in self.neighbours)


class ByCode(Collection):
    """Items with a `code` of the outer system's choosing."""

    @action(detail=False, methods=["put"], url_path="by-external-id/(?P<external_id>[^/]+)")
    def by_external_id(self, request: Request, external_id: str) -> Response:
        """Makes the item with this code, or changes it where there is one."""
        body = dict(request.data) if isinstance(request.data, Mapping) else request.data
        if isinstance(body, dict) and body.setdefault("code", external_id) != external_id:
            raise refuse("code", _("The body names another item than the address."))
        with transaction.atomic():
            row = self.model.objects.living().filter(code=external_id).order_by("created_at", "id").first()
            is_new = row is None
            if row is None:
                row = self.make(body)
            else:
                if wanted := request.headers.get("If-Match"):
                    self.check_match(wanted, row)
                self.change(row, body, seen=None)
        row = self.model.objects.get(pk=row.pk)
        return Response(self.get_serializer(row).data, status=201 if is_new else 200, headers={"ETag": etag(row)})


def check_links(map: JourneyMap, values: Mapping[str, Any]) -> None:
    """Refuses a key that leads to another map."""
    for name, row in values.items():
        if isinstance(row, Drawn) and name != "map" and (owner := _map_id(row)) is not None and owner != map.pk:
            raise refuse(name, _("This stands on another map."), code="other_map")


def columns(model: type[Drawn], values: Mapping[str, Any]) -> dict[str, Any]:
    """Validated values by the names of their columns."""
    return {
        model._meta.get_field(name).attname: getattr(value, "pk", value)  # type: ignore[union-attr]
        for name, value in values.items()
    }


def refuse(field: str, text: str, *, code: str = "invalid") -> Refusal:
    return Refusal(code, text, errors={field: [text]})


def _map_id(row: Drawn) -> Any:
    if isinstance(row, Stage | Lane | Hypothesis):
        return row.map_id
    if isinstance(row, Step):
        return row.stage.map_id
    stage: Stage | None = getattr(row, "stage", None)
    return stage.map_id if stage is not None else None
