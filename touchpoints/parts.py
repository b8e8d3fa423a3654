"""The register of what can be edited on a map: its word in addresses, its form, its deeds."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid5

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from cjm.lib.refusals import NotFound, Refusal
from journeys.models import JourneyMap, Lane, Stage
from workspaces import access
from workspaces.changes import Author
from workspaces.models import Membership
from workspaces.tenancy import Drawn

from . import editing, emotions, forms
from .models import Card, EmotionPoint, Opportunity, PainPoint, TouchpointPlacement

Deed = Callable[..., Any]


@dataclass(frozen=True)
class Noun:
    """One kind of part; `main` is the field that is edited in place."""

    word: str
    label: Any
    model: type[Drawn]
    form: type[forms.PartForm]
    main: str
    change: Deed
    move: Deed
    delete: Deed


NOUNS = {
    noun.word: noun
    for noun in (
        Noun("cards", _l("Card"), Card, forms.CardForm, "text", editing.change_card, editing.move_card, editing.delete_card),
        Noun(
            "placements",
            _l("Touchpoint"),
            TouchpointPlacement,
            forms.PlacementForm,
            "name",
            editing.change_placement,
            editing.move_placement,
            editing.delete_placement,
        ),
        Noun(
            "pains", _l("Pain"), PainPoint, forms.PainForm, "title", editing.change_pain, editing.move_pain, editing.delete_pain
        ),
        Noun(
            "opportunities",
            _l("Opportunity"),
            Opportunity,
            forms.OpportunityForm,
            "how_might_we",
            editing.change_opportunity,
            editing.move_opportunity,
            editing.delete_opportunity,
        ),
        Noun(
            "emotions",
            _l("Emotion"),
            EmotionPoint,
            forms.EmotionForm,
            "valence",
            editing.change_emotion,
            editing.move_emotion,
            editing.delete_emotion,
        ),
        Noun(
            "stages", _l("Stage"), Stage, forms.StageForm, "name", editing.change_stage, editing.move_stage, editing.delete_stage
        ),
        Noun("lanes", _l("Lane"), Lane, forms.LaneForm, "title", editing.change_lane, editing.move_lane, editing.delete_lane),
    )
}


def noun_of(word: str) -> Noun:
    if word not in NOUNS:
        raise NotFound(_("There is no such page."))
    return NOUNS[word]


def part_of(map: JourneyMap, noun: Noun, member: Membership | None, id: Any) -> Any:
    """The living row of this map."""
    row: Any = access.readable(noun.model, member, id)
    if editing.map_of(row).pk != map.pk:
        raise NotFound(_("There is no such thing here."))
    return row


@transaction.atomic
def add(map: JourneyMap, noun: Noun, fields: dict[str, Any], *, by: Author) -> Drawn:
    """Puts something new on the map from the fields of an AddForm; the same `once` again gives the same row."""
    once = fields.get("once")
    if once is None:
        return _add(map, noun, fields, {}, by=by)
    JourneyMap.objects.select_for_update().filter(pk=map.pk).exists()  # repeats wait here for the first
    key = uuid5(map.pk, str(once))
    known: Drawn | None = noun.model.objects.filter(pk=key).first()
    return known or _add(map, noun, fields, {"id": key}, by=by)


def _add(map: JourneyMap, noun: Noun, fields: dict[str, Any], key: dict[str, Any], *, by: Author) -> Drawn:
    stage, text, place = fields.get("stage"), fields["text"].strip(), fields.get("position")
    if noun.word == "lanes":
        return editing.add_lane(map, fields["kind"] or Lane.Kind.TEXT, by=by, title=text[:120], position=place, **key)
    if not text and noun.word != "emotions":
        raise Refusal("empty", _("Type something first."), errors={"text": [_("Type something first.")]})
    if noun.word == "stages":
        return editing.add_stage(map, text[:120], by=by, position=place, **key)
    if stage is None:
        raise Refusal("no_stage", _("Choose a stage of this map."), errors={"stage": [_("Choose a stage of this map.")]})
    return _add_at(stage, noun, text, fields, key, by=by)


def _add_at(stage: Stage, noun: Noun, text: str, fields: dict[str, Any], key: dict[str, Any], *, by: Author) -> Drawn:
    place = fields.get("position")
    if noun.word == "cards":
        if fields.get("lane") is None:
            raise Refusal("no_lane", _("Choose a lane of this map."), errors={"lane": [_("Choose a lane of this map.")]})
        return editing.add_card(fields["lane"], stage, text, by=by, position=place, **key)
    if noun.word == "placements":
        return editing.add_placement(stage, text[:160], by=by, position=place, **key)
    if noun.word == "pains":
        return editing.add_pain(stage, text[:300], by=by, position=place, placement=fields.get("placement"), **key)
    if noun.word == "opportunities":
        return editing.add_opportunity(stage, text[:300], by=by, position=place, **key)
    words = [emotions.code_of(word) for word in text.split(",") if word.strip()]
    persona, beside = fields.get("persona"), fields.get("placement")
    valence = Decimal(fields.get("valence") or 0)
    return editing.add_emotion(stage, valence, by=by, position=place, labels=words, persona=persona, placement=beside, **key)


def change(noun: Noun, row: Any, values: dict[str, Any], *, by: Author, seen: int | None, seen_item: int | None = None) -> Any:
    """Changes a part; what belongs to the catalogue behind a placement goes there."""
    if noun.word != "placements":
        return noun.change(row, values, by=by, seen=seen)
    of_item = {name: values.pop(name) for name in forms.PlacementForm.OF_ITEM if name in values}
    return editing.change_placement(row, values, by=by, seen=seen, of_item=of_item, seen_item=seen_item)


def move(noun: Noun, row: Any, to: dict[str, Any], *, by: Author, seen: int | None) -> Any:
    """Moves a part to a stage, a lane and a place; what is not said stays."""
    place = to.get("position")
    if to.get("step"):
        place = max(0, place_of(noun, row) + to["step"])
    if noun.word in ("stages", "lanes"):
        return noun.move(row, position=place, by=by, seen=seen)
    where: dict[str, Any] = {"stage": to.get("stage") or row.stage, "position": place}
    if noun.word == "cards":
        where["lane"] = to.get("lane") or row.lane
    return noun.move(row, by=by, seen=seen, **where)


def place_of(noun: Noun, row: Any) -> int:
    """The part's place among its neighbours, from 0."""
    return [one.pk for one in neighbours(noun, row)].index(row.pk)


def neighbours(noun: Noun, row: Any) -> list[Any]:
    """The parts that share its cell, in order; one query."""
    rows: Any = noun.model.objects.living()
    if noun.word in ("stages", "lanes"):
        rows = rows.filter(map_id=row.map_id)
    else:
        rows = rows.filter(stage_id=row.stage_id)
        rows = rows.filter(lane_id=row.lane_id) if noun.word == "cards" else rows
    return sorted(rows, key=lambda one: (one.rank, str(one.pk)))
