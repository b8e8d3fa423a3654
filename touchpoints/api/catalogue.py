"""Collections of the library: channels and touchpoints."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers

from touchpoints import library
from touchpoints.models import Channel, Touchpoint
from workspaces import changes
from workspaces.rest import Link, MemberLink, StrictSerializer
from workspaces.tenancy import Drawn

from .base import READ_ONLY, ByCode, columns


class ChannelSerializer(StrictSerializer):
    class Meta:
        model = Channel
        fields = ["id", "name", "code", "group", "direction", "is_owned", "archived_at", "revision", "created_at", "updated_at",
                  "deleted_at"]  # fmt: skip
        read_only_fields = READ_ONLY


class Channels(ByCode):
    model: ClassVar[type[Channel]] = Channel
    deed = "channel"
    serializer_class = ChannelSerializer
    filters: ClassVar[Mapping[str, str]] = {"group": "group", "code": "code"}


class TouchpointSerializer(StrictSerializer):
    channel = Link(Channel, required=False, allow_null=True)
    owner = MemberLink(required=False, allow_null=True)
    description = serializers.CharField(required=False, allow_blank=True, max_length=4000)

    class Meta:
        model = Touchpoint
        fields = ["id", "name", "code", "channel", "control", "default_stage", "owner", "description", "icon", "archived_at",
                  "revision", "created_at", "updated_at", "deleted_at"]  # fmt: skip
        read_only_fields = READ_ONLY


class Touchpoints(ByCode):
    model: ClassVar[type[Touchpoint]] = Touchpoint
    deed = "touchpoint"
    serializer_class = TouchpointSerializer
    filters: ClassVar[Mapping[str, str]] = {"channel": "channel", "code": "code", "owner": "owner", "control": "control"}

    def change(self, row: Drawn, data: Any, *, seen: int | None) -> None:
        serializer = self.get_serializer(row, data=data, partial=True)
        serializer.is_valid(raise_exception=True)
        values = columns(Touchpoint, serializer.validated_data)
        library.write_item(row, "touchpoint.changed", changes.Edit(row, values, seen), by=self.author)  # type: ignore[arg-type]

    def remove(self, row: Drawn) -> None:
        library.delete_touchpoint(row, by=self.author)  # type: ignore[arg-type]
