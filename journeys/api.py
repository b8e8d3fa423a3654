"""Collections of what maps are made of: personas, metric definitions, reviews."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework import serializers

from cjm.lib.refusals import Refusal
from workspaces import changes
from workspaces.rest import Collection, Link, MemberLink, StrictSerializer
from workspaces.tenancy import Drawn

from .models import JourneyMap, Metric, Persona, Review

_READ_ONLY = ["id", "revision", "created_at", "updated_at", "deleted_at"]


class _Texts(serializers.ListField):
    child = serializers.CharField(max_length=4000)


class TraitSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    value = serializers.IntegerField(min_value=-100, max_value=100)


class PersonaSerializer(StrictSerializer):
    goals = _Texts(required=False)
    pains = _Texts(required=False)
    motivations = _Texts(required=False)
    information_sources = _Texts(required=False)
    traits = TraitSerializer(many=True, required=False)

    class Meta:
        model = Persona
        fields = [
            "id", "name", "avatar", "job_title", "company_size", "jtbd", "decision_role", "buying_influence", "goals", "pains",
            "motivations", "information_sources", "objections", "selection_criteria", "decision_speed", "quote", "bio", "traits",
            "archived_at", "revision", "created_at", "updated_at", "deleted_at",
        ]  # fmt: skip
        read_only_fields = _READ_ONLY


class Personas(Collection):
    model: ClassVar[type[Persona]] = Persona
    deed = "persona"
    serializer_class = PersonaSerializer
    filters: ClassVar[Mapping[str, str]] = {"map": "map_links__map"}


class MetricSerializer(StrictSerializer):
    parent = Link(Metric, required=False, allow_null=True)  # type: ignore[assignment]
    owner = MemberLink(required=False, allow_null=True)
    tags = _Texts(required=False)
    parameters = serializers.DictField(required=False)
    baseline = serializers.FloatField(required=False, allow_null=True, min_value=-1e15, max_value=1e15)
    target = serializers.FloatField(required=False, allow_null=True, min_value=-1e15, max_value=1e15)

    class Meta:
        model = Metric
        fields = [
            "id", "name", "type", "tags", "unit", "is_better_up", "query", "parameters", "baseline", "target", "parent", "owner",
            "state", "archived_at", "revision", "created_at", "updated_at", "deleted_at",
        ]  # fmt: skip
        read_only_fields = _READ_ONLY


class Metrics(Collection):
    model: ClassVar[type[Metric]] = Metric
    deed = "metric"
    serializer_class = MetricSerializer
    filters: ClassVar[Mapping[str, str]] = {"type": "type", "query": "query", "state": "state", "parent": "parent"}


class ReviewSerializer(StrictSerializer):
    map = Link(JourneyMap)
    reviewer = MemberLink(required=False, allow_null=True)

    class Meta:
        model = Review
        fields = ["id", "map", "kind", "reason", "reviewer", "findings", "done_at", "revision", "created_at", "updated_at",
                  "deleted_at"]  # fmt: skip
        read_only_fields = _READ_ONLY


class Reviews(Collection):
    """A review that is done makes its map fresh: the map's last light or deep review moves forward with it."""

    model: ClassVar[type[Review]] = Review
    deed = "review"
    serializer_class = ReviewSerializer
    filters: ClassVar[Mapping[str, str]] = {"map": "map", "kind": "kind"}

    def subject_of(self, row: Drawn) -> Drawn:
        subject: Drawn = row.map  # type: ignore[attr-defined]
        return subject

    def make(self, data: Any) -> Drawn:
        serializer = self.get_serializer(data=data)
        serializer.is_valid(raise_exception=True)
        row = Review(**serializer.validated_data)
        changes.write(row.map, "review.created", by=self.author, edits=[changes.create(row), *_freshened(row)])
        return row

    def change(self, row: Drawn, data: Any, *, seen: int | None) -> None:
        serializer = self.get_serializer(row, data=data, partial=True)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        review: Review = row  # type: ignore[assignment]
        if values.pop("map", review.map).pk != review.map_id:
            raise Refusal("other_map", _("A review does not go to another map."))
        attributes = {_column(name): getattr(value, "pk", value) for name, value in values.items()}
        for name, value in values.items():
            setattr(review, name, value)
        edits = [changes.Edit(Review.objects.get(pk=review.pk), attributes, seen), *_freshened(review)]
        changes.write(review.map, "review.changed", by=self.author, edits=edits)


def _column(name: str) -> str:
    column: str = Review._meta.get_field(name).attname  # type: ignore[union-attr]
    return column


def _freshened(review: Review) -> list[changes.Edit]:
    """The map's date of its last review of that depth, moved forward by a review that is done."""
    if review.done_at is None:
        return []
    name = "last_deep_review_at" if review.kind == Review.Kind.DEEP else "last_light_review_at"
    last = getattr(review.map, name)
    if last is not None and last >= review.done_at:
        return []
    return [changes.Edit(review.map, {name: review.done_at})]
