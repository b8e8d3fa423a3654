"""Results of tests over REST: typed counts in, a judged result out, written back on the map."""

from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework import serializers

from analytics.calculators import Arm
from touchpoints.models import Hypothesis
from workspaces import changes
from workspaces.rest import Collection, Link, StrictSerializer
from workspaces.tenancy import Drawn

from .models import Result
from .results import record_result, withdraw_result
from .verdict import Guardrail


class ArmField(serializers.ListField):
    """[converted, people]."""

    child = serializers.IntegerField(min_value=0, max_value=2_000_000_000)

    def __init__(self, **options: Any) -> None:
        super().__init__(min_length=2, max_length=2, **options)


class GuardrailSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=160)
    margin = serializers.FloatField(min_value=0, max_value=1)
    control = ArmField()
    treatment = ArmField()
    is_worse_up = serializers.BooleanField(default=True)


class ResultSerializer(StrictSerializer):
    hypothesis = Link(Hypothesis)
    control = ArmField(write_only=True)
    treatment = ArmField(write_only=True)
    guardrails = GuardrailSerializer(many=True, required=False)
    alpha = serializers.FloatField(required=False, min_value=0.0001, max_value=0.5)
    people_a_month = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=2_000_000_000)
    value_of_one = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=Decimal(0), required=False, allow_null=True
    )

    class Meta:
        model = Result
        fields = [
            "id", "hypothesis", "control", "treatment", "guardrails", "alpha", "people_a_month", "value_of_one", "started_on",
            "ended_on", "note", "is_interim", "effect", "ci_low", "ci_high", "p_value", "relative_lift", "relative_low",
            "relative_high", "monthly_effect", "verdict", "measured_at", "revision", "created_at", "updated_at", "deleted_at",
        ]  # fmt: skip
        read_only_fields = [
            "id", "effect", "ci_low", "ci_high", "p_value", "relative_lift", "relative_low", "relative_high", "monthly_effect",
            "verdict", "measured_at", "revision", "created_at", "updated_at", "deleted_at",
        ]  # fmt: skip

    def to_representation(self, instance: Any) -> Any:
        guardrails = instance.guardrails
        instance.guardrails = []
        drawn = super().to_representation(instance)
        instance.guardrails = guardrails
        return drawn | {
            "control": [instance.control_converted, instance.control_total],
            "treatment": [instance.treatment_converted, instance.treatment_total],
            "guardrails": guardrails,
        }


class Results(Collection):
    """A result is typed once; a wrong one is deleted, which takes its mark off the map too, and typed anew."""

    model: ClassVar[type[Result]] = Result
    deed = "result"
    serializer_class = ResultSerializer
    filters = {"hypothesis": "hypothesis", "map": "hypothesis__map", "verdict": "verdict"}

    def make(self, data: Any) -> Drawn:
        serializer = self.get_serializer(data=data)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        guardrails = [
            Guardrail(line["name"], line["margin"], Arm(*line["control"]), Arm(*line["treatment"]), line["is_worse_up"])
            for line in values.pop("guardrails", ())
        ]
        control, treatment = Arm(*values.pop("control")), Arm(*values.pop("treatment"))
        hypothesis = values.pop("hypothesis")
        return record_result(hypothesis, control=control, treatment=treatment, guardrails=guardrails, by=self.author, **values)

    def change(self, row: Drawn, data: Any, *, seen: int | None) -> None:
        """Only the note may be corrected; counts belong to their verdict."""
        serializer = self.get_serializer(row, data=data, partial=True)
        serializer.is_valid(raise_exception=True)
        if wrong := sorted(set(serializer.validated_data) - {"note"}):
            text = _("A result is not changed: delete it and enter it anew.")
            raise serializers.ValidationError({name: [text] for name in wrong})
        result: Result = row  # type: ignore[assignment]
        edits = [changes.Edit(result, dict(serializer.validated_data), seen)]
        changes.write(result.hypothesis.map, "result.changed", by=self.author, edits=edits)

    def remove(self, row: Drawn) -> None:
        withdraw_result(row, by=self.author)  # type: ignore[arg-type]
