"""The whole map as one JSON document, read in a constant number of queries."""

from collections.abc import Iterable
from typing import Any

from journeys.api import PersonaSerializer
from journeys.models import JourneyMap, Lane, Persona, Stage, StageTarget
from touchpoints.models import (
    Card,
    Channel,
    EmotionPoint,
    Evidence,
    Hypothesis,
    Opportunity,
    PainEvidence,
    PainPoint,
    Touchpoint,
    TouchpointPlacement,
)

from . import parts
from .catalogue import ChannelSerializer, TouchpointSerializer
from .hypotheses import HypothesisSerializer
from .living import living


def board_of(map: JourneyMap) -> dict[str, Any]:
    """{"id", "title", "kind", "version", "stages", "lanes", "cards", …}: each list in the order of the map."""
    stages = _ranked(Stage.objects.living().filter(map=map).prefetch_related(living("targets", StageTarget, "living_targets")))
    place = {stage.pk: number for number, stage in enumerate(stages)}
    placements = _staged(TouchpointPlacement.objects.living().filter(stage__in=place), place)
    items = list(Touchpoint.objects.filter(pk__in={one.touchpoint_id for one in placements}).order_by("created_at", "id"))
    channels = Channel.objects.filter(pk__in={one.channel_id for one in items if one.channel_id}).order_by("created_at", "id")
    pains = _staged(PainPoint.objects.living().filter(stage__in=place), place)
    heard = Evidence.objects.living().filter(pain_links__pain__in=pains, pain_links__deleted_at__isnull=True).distinct()
    people = Persona.objects.living().filter(map_links__map=map, map_links__deleted_at__isnull=True)
    cards = Card.objects.living().filter(stage__in=place, lane__deleted_at__isnull=True).select_related("stage")
    return {
        **_own(map),
        "personas": PersonaSerializer(people.order_by("map_links__order", "id"), many=True).data,
        "stages": parts.StageSerializer(stages, many=True).data,
        "lanes": parts.LaneSerializer(_ranked(Lane.objects.living().filter(map=map)), many=True).data,
        "cards": parts.CardSerializer(_staged(cards, place), many=True).data,
        "channels": ChannelSerializer(channels, many=True).data,
        "touchpoints": TouchpointSerializer(items, many=True).data,
        "placements": parts.PlacementSerializer(placements, many=True).data,
        "emotion_points": parts.EmotionSerializer(
            _staged(EmotionPoint.objects.living().filter(map=map, stage__in=place), place), many=True
        ).data,
        "pain_points": parts.PainSerializer(pains, many=True).data,
        "evidence": parts.EvidenceSerializer(
            heard.prefetch_related(living("pain_links", PainEvidence, "living_ties")).order_by("created_at", "id"), many=True
        ).data,
        "opportunities": parts.OpportunitySerializer(
            _staged(Opportunity.objects.living().filter(stage__in=place), place), many=True
        ).data,
        "hypotheses": HypothesisSerializer(
            Hypothesis.objects.living().filter(map=map).order_by("created_at", "id"), many=True
        ).data,
    }


def _own(map: JourneyMap) -> dict[str, Any]:
    names = ("title", "kind", "scenario", "status", "language", "currency", "version", "revision")
    return {"id": str(map.pk)} | {name: getattr(map, name) for name in names}


def _ranked(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: (row.rank, str(row.pk)))


def _staged(rows: Iterable[Any], place: dict[Any, int]) -> list[Any]:
    return sorted(rows, key=lambda row: (place[row.stage_id], row.rank, str(row.pk)))
