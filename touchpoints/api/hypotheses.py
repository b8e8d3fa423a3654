"""The collection `hypotheses`: the status moves with a reason, the effect comes from results only."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework import serializers

from journeys.models import JourneyMap, Metric, Stage
from touchpoints import hypotheses
from touchpoints.models import Hypothesis, Opportunity, PainPoint, TouchpointPlacement
from workspaces.rest import Collection, Link, MemberLink, StrictSerializer
from workspaces.tenancy import Drawn

from .base import READ_ONLY, columns, refuse

_MOVED = ("status", "reason", "dissent")


class HypothesisSerializer(StrictSerializer):
    map = Link(JourneyMap)
    stage = Link(Stage, required=False, allow_null=True)
    placement = Link(TouchpointPlacement, required=False, allow_null=True)
    pain = Link(PainPoint, required=False, allow_null=True)
    opportunity = Link(Opportunity, required=False, allow_null=True)
    owner = MemberLink()
    metric = Link(Metric)
    baseline = serializers.FloatField(required=False, allow_null=True, min_value=-1e12, max_value=1e12)
    expected_lift = serializers.FloatField(min_value=-1e12, max_value=1e12)

    class Meta:
        model = Hypothesis
        fields = [
            "id", "map", "stage", "placement", "pain", "opportunity", "statement", "outcome", "because", "owner", "metric",
            "baseline", "expected_lift", "lift_kind", "verification_method", "complexity", "groups", "stopping_rule", "premortem",
            "status", "reason", "dissent", "verdict", "effect", "effect_low", "effect_high", "monthly_effect", "sample_share",
            "is_guardrail_breached", "due_at", "decided_at", "implemented_at",
            "revision", "created_at", "updated_at", "deleted_at",
        ]  # fmt: skip
        read_only_fields = [
            *READ_ONLY, "verdict", "effect", "effect_low", "effect_high", "monthly_effect", "sample_share",
            "is_guardrail_breached", "decided_at", "implemented_at",
        ]  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if self.instance is None and attrs.get("status", Hypothesis.Status.IN_PROGRESS) != Hypothesis.Status.IN_PROGRESS:
            raise serializers.ValidationError({"status": [_("A new hypothesis is in work.")]})
        return attrs


class Hypotheses(Collection):
    """PATCH {"status", "reason"} moves a hypothesis; "dissent" signs one over a breached guardrail."""

    model: ClassVar[type[Hypothesis]] = Hypothesis
    deed = "hypothesis"
    serializer_class = HypothesisSerializer
    filters: ClassVar[Mapping[str, str]] = {
        "map": "map", "stage": "stage", "placement": "placement", "pain": "pain", "status": "status", "verdict": "verdict",
        "owner": "owner",
    }  # fmt: skip

    def subject_of(self, row: Drawn) -> Drawn:
        subject: Drawn = row.map  # type: ignore[attr-defined]
        return subject

    def make(self, data: Any) -> Drawn:
        serializer = self.get_serializer(data=data)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        for name in _MOVED:
            values.pop(name, None)
        return hypotheses.add_hypothesis(values.pop("map"), values.pop("statement"), by=self.author, **values)

    def change(self, row: Drawn, data: Any, *, seen: int | None) -> None:
        serializer = self.get_serializer(row, data=data, partial=True)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        move = {name: values.pop(name) for name in _MOVED if name in values}
        hypothesis: Hypothesis = row  # type: ignore[assignment]
        if "map" in values and values.pop("map").pk != hypothesis.map_id:
            raise refuse("map", _("A part does not go to another map."), code="other_map")
        with transaction.atomic():
            if values:
                hypotheses.change_hypothesis(hypothesis, columns(Hypothesis, values), by=self.author, seen=seen)
            if move.get("status", hypothesis.status) != hypothesis.status:
                hypotheses.move_hypothesis(
                    hypothesis,
                    move["status"],
                    by=self.author,
                    reason=move.get("reason", ""),
                    dissent=move.get("dissent", ""),
                    seen=None if values else seen,
                )
