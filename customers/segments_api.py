"""The collection `segments`."""

from typing import Any, ClassVar

from workspaces.rest import Collection, StrictSerializer

from . import segments
from .models import Segment


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
