"""Collections of a map's parts: stages, lanes, cards, placements, emotion points, pains, opportunities, evidence."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework import serializers

from cjm.lib import conditions
from journeys.models import JourneyMap, Lane, Persona, Stage, StageTarget, Step
from touchpoints import emotions
from touchpoints.models import (
    Card,
    EmotionPoint,
    Evidence,
    Hypothesis,
    Opportunity,
    PainEvidence,
    PainPoint,
    Touchpoint,
    TouchpointPlacement,
)
from workspaces import changes
from workspaces.changes import Edit
from workspaces.rest import Collection, Link, MemberLink, StrictSerializer
from workspaces.tenancy import Drawn

from .base import READ_ONLY, MapPart, PlacedSerializer, Texts, check_links, columns, refuse
from .living import living

BY_STAGE: Mapping[str, str] = {"map": "stage__map", "stage": "stage"}


class TargetSerializer(StrictSerializer):
    class Meta:
        model = StageTarget
        fields = ["id", "name", "event", "where", "window_days"]
        read_only_fields = ["id"]

    def validate_where(self, where: Any) -> Any:
        conditions.validate(where)
        return where


class StageSerializer(PlacedSerializer):
    map = Link(JourneyMap)
    counterpart = Link(Stage, required=False, allow_null=True)
    conversion_benchmark = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=1)
    targets = TargetSerializer(many=True, required=False)

    class Meta:
        model = Stage
        fields = [
            "id", "map", "name", "canonical", "rank", "position", "colour", "subtitle", "customer_goal", "company_goal",
            "counterpart", "conversion_benchmark", "targets", "revision", "created_at", "updated_at", "deleted_at",
        ]  # fmt: skip
        read_only_fields = [*READ_ONLY, "rank"]

    def to_representation(self, instance: Any) -> Any:
        drawn = super().to_representation(instance)
        targets = getattr(instance, "living_targets", None)
        if targets is None:
            targets = instance.targets.filter(deleted_at__isnull=True).order_by("created_at", "id")
        return drawn | {"targets": TargetSerializer(targets, many=True).data}


class Stages(MapPart):
    """`targets` given with a stage replace those that it had; they are alternatives."""

    model: ClassVar[type[Stage]] = Stage
    deed = "stage"
    serializer_class = StageSerializer
    filters: ClassVar[Mapping[str, str]] = {"map": "map", "canonical": "canonical"}
    neighbours = ("map",)

    def get_queryset(self) -> Any:
        return super().get_queryset().prefetch_related(living("targets", StageTarget, "living_targets"))

    def _read(self, data: Any, row: Drawn | None = None) -> dict[str, Any]:
        values = super()._read(data, row)
        self.wanted = values.pop("targets", None)
        return values

    def with_new(self, row: Drawn) -> list[Edit]:
        return [changes.create(StageTarget(stage_id=row.pk, **target)) for target in self.wanted or ()]

    def along(self, row: Drawn, values: dict[str, Any]) -> list[Edit]:
        if self.wanted is None:
            return []
        standing = StageTarget.objects.living().filter(stage=row)
        return [*(changes.delete(target) for target in standing), *self.with_new(row)]


class LaneSerializer(PlacedSerializer):
    map = Link(JourneyMap)
    persona = Link(Persona, required=False, allow_null=True)

    class Meta:
        model = Lane
        fields = [
            "id", "map", "kind", "title", "rank", "position", "persona", "is_hidden", "blueprint_zone",
            "revision", "created_at", "updated_at", "deleted_at",
        ]  # fmt: skip
        read_only_fields = [*READ_ONLY, "rank"]


class Lanes(MapPart):
    model: ClassVar[type[Lane]] = Lane
    deed = "lane"
    serializer_class = LaneSerializer
    filters: ClassVar[Mapping[str, str]] = {"map": "map", "kind": "kind"}
    neighbours = ("map",)


_REFERENCES = ("placement", "pain", "opportunity", "hypothesis", "nested_map")


class CardSerializer(PlacedSerializer):
    map = serializers.PrimaryKeyRelatedField[JourneyMap](read_only=True, source="stage.map")
    lane = Link(Lane)
    stage = Link(Stage)
    step = Link(Step, required=False, allow_null=True)
    span = serializers.IntegerField(required=False, min_value=1, max_value=100)
    text = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    placement = Link(TouchpointPlacement, required=False, allow_null=True)
    pain = Link(PainPoint, required=False, allow_null=True)
    opportunity = Link(Opportunity, required=False, allow_null=True)
    hypothesis = Link(Hypothesis, required=False, allow_null=True)
    nested_map = Link(JourneyMap, required=False, allow_null=True)

    class Meta:
        model = Card
        fields = [
            "id", "map", "lane", "stage", "step", "span", "rank", "position", "text", "colour", *_REFERENCES,
            "revision", "created_at", "updated_at", "deleted_at",
        ]  # fmt: skip
        read_only_fields = [*READ_ONLY, "rank"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        held = [name for name in _REFERENCES if attrs.get(name, getattr(self.instance, f"{name}_id", None))]
        if len(held) > 1:
            raise serializers.ValidationError({held[-1]: [_("A card points at one thing at most.")]})
        return attrs


class Cards(MapPart):
    model: ClassVar[type[Card]] = Card
    deed = "card"
    serializer_class = CardSerializer
    filters: ClassVar[Mapping[str, str]] = {**BY_STAGE, "lane": "lane"}
    neighbours = ("stage", "lane")

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("stage")

    def _read(self, data: Any, row: Drawn | None = None) -> dict[str, Any]:
        """`map` may be named beside `stage` and `lane`; it must be theirs."""
        body = dict(data) if isinstance(data, Mapping) else data
        named = body.pop("map", None) if isinstance(body, dict) else None
        values = super()._read(body, row)
        stage = values.get("stage") or getattr(row, "stage", None)
        if named is not None and stage is not None and str(stage.map_id) != str(named).lower():
            raise refuse("map", _("This stage belongs to another map."), code="other_map")
        return values


class PlacementSerializer(PlacedSerializer):
    touchpoint = Link(Touchpoint)
    stage = Link(Stage)
    step = Link(Step, required=False, allow_null=True)
    owner = MemberLink(required=False, allow_null=True)
    expectations = Texts(required=False)
    experience = Texts(required=False)
    barriers = Texts(required=False)
    needs = Texts(required=False)
    systems = Texts(required=False)

    class Meta:
        model = TouchpointPlacement
        fields = [
            "id", "touchpoint", "stage", "step", "rank", "position", "expectations", "experience", "barriers", "needs",
            "customer_action", "customer_thought", "owner", "event", "systems", "process_note", "review_at",
            "revision", "created_at", "updated_at", "deleted_at",
        ]  # fmt: skip
        read_only_fields = [*READ_ONLY, "rank"]


class Placements(MapPart):
    """A touchpoint on a map; moved to another stage it takes its emotion points and pains along."""

    model: ClassVar[type[TouchpointPlacement]] = TouchpointPlacement
    deed = "placement"
    serializer_class = PlacementSerializer
    filters: ClassVar[Mapping[str, str]] = {**BY_STAGE, "touchpoint": "touchpoint", "owner": "owner"}

    def along(self, row: Drawn, values: dict[str, Any]) -> list[Edit]:
        stage = values.get("stage")
        if stage is None or stage.pk == getattr(row, "stage_id", None):
            return []
        rows = [*EmotionPoint.objects.living().filter(placement=row), *PainPoint.objects.living().filter(placement=row)]
        return [Edit(one, {"stage_id": stage.pk}) for one in rows]


class EmotionSerializer(PlacedSerializer):
    map = serializers.PrimaryKeyRelatedField[JourneyMap](read_only=True)
    stage = Link(Stage)
    step = Link(Step, required=False, allow_null=True)
    persona = Link(Persona, required=False, allow_null=True)
    placement = Link(TouchpointPlacement, required=False, allow_null=True)
    valence = serializers.FloatField(min_value=-2, max_value=2)
    labels = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=12)
    confidence = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=100)

    class Meta:
        model = EmotionPoint
        fields = [
            "id", "map", "persona", "stage", "step", "placement", "rank", "position", "series", "valence", "labels", "quote",
            "source", "confidence", "revision", "created_at", "updated_at", "deleted_at",
        ]  # fmt: skip
        read_only_fields = [*READ_ONLY, "rank"]

    def validate_valence(self, value: float) -> Decimal:
        return Decimal(str(round(value, 1)))

    def validate_labels(self, labels: list[str]) -> list[str]:
        return [emotions.code_of(label) for label in labels]


class EmotionPoints(MapPart):
    model: ClassVar[type[EmotionPoint]] = EmotionPoint
    deed = "emotion"
    serializer_class = EmotionSerializer
    filters: ClassVar[Mapping[str, str]] = {
        "map": "map", "stage": "stage", "persona": "persona", "placement": "placement", "series": "series",
    }  # fmt: skip

    def _read(self, data: Any, row: Drawn | None = None) -> dict[str, Any]:
        values = super()._read(data, row)
        return values | ({"map": values["stage"].map} if row is None else {})


class PainSerializer(PlacedSerializer):
    stage = Link(Stage)
    placement = Link(TouchpointPlacement, required=False, allow_null=True)
    severity = serializers.IntegerField(required=False, min_value=1, max_value=5)
    hole = serializers.DictField(required=False)
    monthly_loss = serializers.DecimalField(
        max_digits=16, decimal_places=2, min_value=Decimal(0), required=False, allow_null=True
    )
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)

    class Meta:
        model = PainPoint
        fields = [
            "id", "stage", "placement", "rank", "position", "title", "hole_kind", "severity", "status", "hole", "monthly_loss",
            "currency", "revision", "created_at", "updated_at", "deleted_at",
        ]  # fmt: skip
        read_only_fields = [*READ_ONLY, "rank"]


class PainPoints(MapPart):
    model: ClassVar[type[PainPoint]] = PainPoint
    deed = "pain"
    serializer_class = PainSerializer
    filters: ClassVar[Mapping[str, str]] = {
        **BY_STAGE, "placement": "placement", "status": "status", "hole_kind": "hole_kind",
    }  # fmt: skip

    def _read(self, data: Any, row: Drawn | None = None) -> dict[str, Any]:
        values = super()._read(data, row)
        return values if row is not None else {"currency": values["stage"].map.currency} | values


class OpportunitySerializer(PlacedSerializer):
    stage = Link(Stage)
    pain = Link(PainPoint, required=False, allow_null=True)
    owner = MemberLink(required=False, allow_null=True)
    customer_value = serializers.IntegerField(required=False, min_value=0, max_value=100)
    business_value = serializers.IntegerField(required=False, min_value=0, max_value=100)
    effort = serializers.IntegerField(required=False, min_value=0, max_value=5)

    class Meta:
        model = Opportunity
        fields = [
            "id", "stage", "pain", "rank", "position", "how_might_we", "customer_value", "business_value", "effort", "owner",
            "revision", "created_at", "updated_at", "deleted_at",
        ]  # fmt: skip
        read_only_fields = [*READ_ONLY, "rank"]


class Opportunities(MapPart):
    model: ClassVar[type[Opportunity]] = Opportunity
    deed = "opportunity"
    serializer_class = OpportunitySerializer
    filters: ClassVar[Mapping[str, str]] = {**BY_STAGE, "pain": "pain", "owner": "owner"}


class EvidenceSerializer(StrictSerializer):
    pain = Link(PainPoint, required=False, write_only=True)
    pains = serializers.SerializerMethodField()
    sample_size = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=2_000_000_000)

    class Meta:
        model = Evidence
        fields = [
            "id", "kind", "quote", "source", "url", "collected_at", "in_customer_words", "sample_size", "pain", "pains",
            "revision", "created_at", "updated_at", "deleted_at",
        ]  # fmt: skip
        read_only_fields = READ_ONLY

    def get_pains(self, row: Evidence) -> list[str]:
        ties = getattr(row, "living_ties", None)
        if ties is None:
            ties = row.pain_links.filter(deleted_at__isnull=True).order_by("created_at", "id")
        return [str(tie.pain_id) for tie in ties]


class Evidences(Collection):
    """What was heard or seen; `pain` ties it to a pain, in the log of that pain's map."""

    model: ClassVar[type[Evidence]] = Evidence
    deed = "evidence"
    serializer_class = EvidenceSerializer
    filters: ClassVar[Mapping[str, str]] = {"kind": "kind", "pain": "pain_links__pain"}

    def get_queryset(self) -> Any:
        ties = living("pain_links", PainEvidence, "living_ties")
        return super().get_queryset().prefetch_related(ties).distinct()

    def subject_of(self, row: Drawn) -> Drawn:
        """The map of the first pain that it proves, else the evidence itself."""
        tie = PainEvidence.objects.living().filter(evidence_id=row.pk).select_related("pain__stage__map").order_by("id").first()
        return tie.pain.stage.map if tie else row

    def make(self, data: Any) -> Drawn:
        serializer = self.get_serializer(data=data)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        pain = values.pop("pain", None)
        row = Evidence(**values)
        edits = [changes.create(row)]
        if pain is not None:
            edits.append(changes.create(PainEvidence(pain=pain, evidence=row)))
        subject = pain.stage.map if pain is not None else row
        changes.write(subject, "pain.quoted" if pain else "evidence.created", by=self.author, edits=edits)
        return row

    def change(self, row: Drawn, data: Any, *, seen: int | None) -> None:
        serializer = self.get_serializer(row, data=data, partial=True)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        pain = values.pop("pain", None)
        edits = [Edit(row, columns(Evidence, values), seen)]
        subject = self.subject_of(row)
        if pain is not None:
            if isinstance(subject, JourneyMap):
                check_links(subject, {"pain": pain})
            subject = pain.stage.map
            if not PainEvidence.objects.living().filter(pain=pain, evidence_id=row.pk).exists():
                edits.append(changes.create(PainEvidence(pain=pain, evidence_id=row.pk)))
        changes.write(subject, "evidence.changed", by=self.author, edits=edits)
