"""What the inspector shows about one part of a map; a fixed number of queries for each kind."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cjm.lib import conditions
from journeys import targets
from journeys.models import JourneyMap, Lane, Stage, StageTarget

from . import emotions, forms, parts
from .drawing import MEASURED
from .models import Card, EmotionPoint, Hypothesis, Opportunity, PainEvidence, PainPoint, TouchpointPlacement


def context_of(map: JourneyMap, noun: parts.Noun, row: Any) -> dict[str, Any]:
    stages = sorted(Stage.objects.living().filter(map=map), key=lambda stage: (stage.rank, str(stage.pk)))
    around = [one.pk for one in parts.neighbours(noun, row)]
    place = around.index(row.pk)
    context: dict[str, Any] = {
        "kind": noun.word,
        "label": noun.label,
        "title": _title(row),
        "row": row,
        "form": noun.form(initial=forms.initial_of(noun.word, row), map=map, auto_id=f"id_{row.pk.hex}_%s"),
        "stages": stages,
        "place": place + 1,
        "of": len(around),
        "earlier": around[place - 1] if place else None,
        "later": around[place + 1] if place + 1 < len(around) else None,
    }
    return context | _about(map, row)


def _title(row: Any) -> str:
    if isinstance(row, TouchpointPlacement):
        return str(row.touchpoint)
    if isinstance(row, EmotionPoint):
        return emotions.names_of(row.labels) or _("Without a name")
    return row.text if isinstance(row, Card) else str(row)


def _about(map: JourneyMap, row: Any) -> dict[str, Any]:
    if isinstance(row, TouchpointPlacement):
        return _about_placement(row)
    if isinstance(row, PainPoint):
        return {"quotes": quotes_of([row]), "quote_form": forms.QuoteForm(), "hypotheses": _guesses(pain=row)}
    if isinstance(row, Opportunity):
        return {"hypotheses": _guesses(opportunity=row)}
    if isinstance(row, Lane):
        return {"stages": []}
    if isinstance(row, Stage):
        return {"targets": _targets(row), "target_form": forms.TargetForm(), "stages": []}
    return {}


def _targets(stage: Stage) -> list[tuple[StageTarget, str]]:
    """Targets with their conditions in words."""
    language = (get_language() or "ru")[:2]
    rows = targets.targets_of(stage)
    return [(row, conditions.to_sentence(row.where, language) if row.where else "") for row in rows]


def _about_placement(placement: TouchpointPlacement) -> dict[str, Any]:
    points = sorted(EmotionPoint.objects.living().filter(stage=placement.stage_id), key=lambda point: (point.rank, str(point.pk)))
    felt = [point for point in points if point.series == EmotionPoint.Series.AS_IS and point.source not in MEASURED]
    mine = next((point for point in felt if point.placement_id == placement.pk), None)
    pains = list(PainPoint.objects.living().filter(placement=placement).order_by("rank", "id"))
    pains = pains or list(PainPoint.objects.living().filter(stage=placement.stage_id).order_by("rank", "id")[:2])
    return {
        "emotions": felt,
        "emotion": mine,
        "pains": pains,
        "quotes": quotes_of(pains),
        "hypotheses": _guesses(placement=placement),
        "gap": _gap(points, placement),
    }


def quotes_of(pains: list[PainPoint]) -> list[PainEvidence]:
    ties = PainEvidence.objects.living().filter(pain__in=pains, evidence__deleted_at__isnull=True)
    return list(ties.select_related("evidence").order_by("created_at", "id"))


def _guesses(**about: Any) -> list[Hypothesis]:
    return list(Hypothesis.objects.living().filter(**about).select_related("owner__user").order_by("created_at", "id"))


def _gap(points: list[EmotionPoint], placement: TouchpointPlacement) -> float | None:
    """How far the experience falls short of what it should be, where both were written down."""
    mine = [point for point in points if point.placement_id == placement.pk and point.source not in MEASURED]
    felt = {point.series: float(point.valence) for point in mine}
    if len(felt) < 2:
        return None
    short = round(felt[EmotionPoint.Series.AS_IS] - felt[EmotionPoint.Series.TO_BE], 1)
    return short if short < 0 else None
