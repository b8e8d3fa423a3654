"""Deeds on a map's parts. Each is one change of the map's log; `seen` is the revision that the writer looked at."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from cjm.lib import ranks
from cjm.lib.refusals import Refusal
from journeys.models import JourneyMap, Lane, Stage
from workspaces import changes
from workspaces.changes import Author, Edit
from workspaces.models import Change, Membership
from workspaces.tenancy import Drawn

from .models import Card, EmotionPoint, Evidence, Opportunity, PainEvidence, PainPoint, Touchpoint, TouchpointPlacement

Values = Mapping[str, Any]
Part = Card | TouchpointPlacement | PainPoint | Opportunity | EmotionPoint
P = TypeVar("P", Card, TouchpointPlacement, PainPoint, Opportunity, EmotionPoint)
R = TypeVar("R", bound=Drawn)
BOUND = Decimal("2")


def map_of(row: Drawn) -> JourneyMap:
    """The map that a part stands on; may query."""
    owner: JourneyMap = row.map if isinstance(row, Stage | Lane) else row.stage.map  # type: ignore[attr-defined]
    return owner


def change_map(map: JourneyMap, values: Values, *, by: Author, seen: int | None = None) -> Change | None:
    return changes.write(map, "map.changed", by=by, edits=[Edit(map, values, seen=seen)])


def add_card(lane: Lane, stage: Stage, text: str, *, by: Author, position: int | None = None, **fields: Any) -> Card:
    _same_map(lane, stage)
    rank, moved = _slot(_siblings(Card, stage, lane=lane), position)
    return _added(stage.map, "card.added", Card(lane=lane, stage=stage, text=text, rank=rank, **fields), moved, by)


def change_card(card: Card, values: Values, *, by: Author, seen: int | None = None) -> Change | None:
    return changes.write(map_of(card), "card.changed", by=by, edits=[Edit(card, values, seen=seen)])


def move_card(
    card: Card, *, lane: Lane, stage: Stage, position: int | None, by: Author, seen: int | None = None
) -> Change | None:
    _same_map(lane, stage)
    return _move(card, "card.moved", stage, position, by, seen, lane=lane)


def delete_card(card: Card, *, by: Author, seen: int | None = None) -> Change | None:
    return _delete(card, "card.deleted", by, seen)


def add_stage(map: JourneyMap, name: str, *, by: Author, position: int | None = None, **fields: Any) -> Stage:
    rank, moved = _slot(_columns(map), position)
    return _added(map, "stage.added", Stage(map=map, name=name, rank=rank, **fields), moved, by)


def change_stage(stage: Stage, values: Values, *, by: Author, seen: int | None = None) -> Change | None:
    return changes.write(stage.map, "stage.changed", by=by, edits=[Edit(stage, values, seen=seen)])


def move_stage(stage: Stage, *, position: int | None, by: Author, seen: int | None = None) -> Change | None:
    rank, moved = _slot(_columns(stage.map), position, leaving=stage)
    return changes.write(stage.map, "stage.moved", by=by, edits=[Edit(stage, {"rank": rank}, seen=seen), *moved])


def delete_stage(stage: Stage, *, by: Author, seen: int | None = None) -> Change | None:
    return changes.write(stage.map, "stage.deleted", by=by, edits=[changes.delete(stage, seen=seen)])


def add_lane(map: JourneyMap, kind: str, *, by: Author, title: str = "", position: int | None = None, **fields: Any) -> Lane:
    rank, moved = _slot(_lanes(map), position)
    return _added(map, "lane.added", Lane(map=map, kind=kind, title=title, rank=rank, **fields), moved, by)


def change_lane(lane: Lane, values: Values, *, by: Author, seen: int | None = None) -> Change | None:
    return changes.write(lane.map, "lane.changed", by=by, edits=[Edit(lane, values, seen=seen)])


def move_lane(lane: Lane, *, position: int | None, by: Author, seen: int | None = None) -> Change | None:
    rank, moved = _slot(_lanes(lane.map), position, leaving=lane)
    return changes.write(lane.map, "lane.moved", by=by, edits=[Edit(lane, {"rank": rank}, seen=seen), *moved])


def hide_lane(lane: Lane, *, is_hidden: bool = True, by: Author, seen: int | None = None) -> Change | None:
    return change_lane(lane, {"is_hidden": is_hidden}, by=by, seen=seen)


def delete_lane(lane: Lane, *, by: Author, seen: int | None = None) -> Change | None:
    return changes.write(lane.map, "lane.deleted", by=by, edits=[changes.delete(lane, seen=seen)])


def add_placement(
    stage: Stage, touchpoint: Touchpoint | str, *, by: Author, position: int | None = None, **fields: Any
) -> TouchpointPlacement:
    """Puts an item of the catalogue on the map; a name not yet in the catalogue makes the item too."""
    item = touchpoint if isinstance(touchpoint, Touchpoint) else _catalogued(touchpoint)
    rank, moved = _slot(_siblings(TouchpointPlacement, stage), position)
    fields.setdefault("owner", item.owner)
    placement = TouchpointPlacement(touchpoint=item, stage=stage, rank=rank, **fields)
    fresh = [changes.create(item)] if item._state.adding else []
    changes.write(stage.map, "placement.added", by=by, edits=[*fresh, changes.create(placement), *moved])
    return placement


def change_placement(
    placement: TouchpointPlacement,
    values: Values,
    *,
    by: Author,
    seen: int | None = None,
    of_item: Values | None = None,
    seen_item: int | None = None,
) -> Change | None:
    """Changes the placement; `of_item` changes the item of the catalogue behind it, on every map."""
    edits = [Edit(placement, values, seen=seen)] if values else []
    if of_item:
        edits.append(Edit(placement.touchpoint, of_item, seen=seen_item))
    return changes.write(map_of(placement), "placement.changed", by=by, edits=edits)


def move_placement(
    placement: TouchpointPlacement, *, stage: Stage, position: int | None, by: Author, seen: int | None = None
) -> Change | None:
    """Moves a touchpoint; its emotion points and pains come along."""
    along: list[Edit] = []
    if stage.pk != placement.stage_id:
        for rows in (EmotionPoint.objects.living(), PainPoint.objects.living()):
            along += [Edit(row, {"stage_id": stage.pk}) for row in rows.filter(placement=placement)]
    return _move(placement, "placement.moved", stage, position, by, seen, along=along)


def delete_placement(placement: TouchpointPlacement, *, by: Author, seen: int | None = None) -> Change | None:
    return _delete(placement, "placement.deleted", by, seen)


def add_emotion(
    stage: Stage, valence: Decimal, *, by: Author, position: int | None = None, labels: Sequence[str] = (), **fields: Any
) -> EmotionPoint:
    rank, moved = _slot(_siblings(EmotionPoint, stage), position)
    point = EmotionPoint(map=stage.map, stage=stage, valence=_bounded(valence), labels=list(labels), rank=rank, **fields)
    return _added(stage.map, "emotion.added", point, moved, by)


def set_emotion(point: EmotionPoint, valence: Decimal, *, by: Author, seen: int | None = None) -> Change | None:
    return change_emotion(point, {"valence": valence}, by=by, seen=seen)


def change_emotion(point: EmotionPoint, values: Values, *, by: Author, seen: int | None = None) -> Change | None:
    if "valence" in values:
        values = {**values, "valence": _bounded(values["valence"])}
    return changes.write(map_of(point), "emotion.changed", by=by, edits=[Edit(point, values, seen=seen)])


def move_emotion(
    point: EmotionPoint, *, stage: Stage, position: int | None, by: Author, seen: int | None = None
) -> Change | None:
    return _move(point, "emotion.moved", stage, position, by, seen)


def delete_emotion(point: EmotionPoint, *, by: Author, seen: int | None = None) -> Change | None:
    return _delete(point, "emotion.deleted", by, seen)


def add_pain(stage: Stage, title: str, *, by: Author, position: int | None = None, **fields: Any) -> PainPoint:
    rank, moved = _slot(_siblings(PainPoint, stage), position)
    fields.setdefault("currency", stage.map.currency)
    return _added(stage.map, "pain.added", PainPoint(stage=stage, title=title, rank=rank, **fields), moved, by)


def change_pain(pain: PainPoint, values: Values, *, by: Author, seen: int | None = None) -> Change | None:
    return changes.write(map_of(pain), "pain.changed", by=by, edits=[Edit(pain, values, seen=seen)])


def move_pain(pain: PainPoint, *, stage: Stage, position: int | None, by: Author, seen: int | None = None) -> Change | None:
    return _move(pain, "pain.moved", stage, position, by, seen)


def delete_pain(pain: PainPoint, *, by: Author, seen: int | None = None) -> Change | None:
    return _delete(pain, "pain.deleted", by, seen)


def add_quote(pain: PainPoint, quote: str, *, by: Author, kind: str = "interview", source: str = "") -> Evidence:
    """Keeps what a customer said and ties it to the pain."""
    evidence = Evidence(quote=quote, kind=kind, source=source)
    tie = PainEvidence(pain=pain, evidence=evidence)
    changes.write(map_of(pain), "pain.quoted", by=by, edits=[changes.create(evidence), changes.create(tie)])
    return evidence


def delete_quote(tie: PainEvidence, *, by: Author) -> Change | None:
    return changes.write(map_of(tie.pain), "pain.unquoted", by=by, edits=[changes.delete(tie)])


def add_opportunity(stage: Stage, how_might_we: str, *, by: Author, position: int | None = None, **fields: Any) -> Opportunity:
    rank, moved = _slot(_siblings(Opportunity, stage), position)
    row = Opportunity(stage=stage, how_might_we=how_might_we, rank=rank, **fields)
    return _added(stage.map, "opportunity.added", row, moved, by)


def change_opportunity(row: Opportunity, values: Values, *, by: Author, seen: int | None = None) -> Change | None:
    return changes.write(map_of(row), "opportunity.changed", by=by, edits=[Edit(row, values, seen=seen)])


def move_opportunity(
    row: Opportunity, *, stage: Stage, position: int | None, by: Author, seen: int | None = None
) -> Change | None:
    return _move(row, "opportunity.moved", stage, position, by, seen)


def delete_opportunity(row: Opportunity, *, by: Author, seen: int | None = None) -> Change | None:
    return _delete(row, "opportunity.deleted", by, seen)


def members_named(map: JourneyMap, id: UUID | str | None) -> Membership | None:
    """A living member of the map's workspace, or nobody."""
    return Membership.objects.filter(workspace_id=map.workspace_id, removed_at__isnull=True, pk=id).first() if id else None


def _added(map: JourneyMap, deed: str, row: R, moved: Sequence[Edit], by: Author) -> R:
    changes.write(map, deed, by=by, edits=[changes.create(row), *moved])
    return row


def _move(
    row: P, deed: str, stage: Stage, position: int | None, by: Author, seen: int | None, *,
    lane: Lane | None = None, along: Sequence[Edit] = (),
) -> Change | None:  # fmt: skip
    map = map_of(row)
    if stage.map_id != map.pk:
        raise Refusal("other_map", _("This stage belongs to another map."))
    siblings = _siblings(type(row), stage, lane=lane)
    room: list[Edit]
    rank, room = _slot(siblings, position, leaving=row)
    values: dict[str, Any] = {"stage_id": stage.pk, "rank": rank} | ({"lane_id": lane.pk} if lane else {})
    return changes.write(map, deed, by=by, edits=[Edit(row, values, seen=seen), *room, *along])


def _delete(row: Part, deed: str, by: Author, seen: int | None) -> Change | None:
    return changes.write(map_of(row), deed, by=by, edits=[changes.delete(row, seen=seen)])


def _same_map(lane: Lane, stage: Stage) -> None:
    if lane.map_id != stage.map_id:
        raise Refusal("other_map", _("This stage belongs to another map."))


def _catalogued(name: str) -> Touchpoint:
    name = name.strip()
    if not name:
        raise Refusal("empty_name", _("Give the touchpoint a name."), errors={"text": [_("Give the touchpoint a name.")]})
    known = Touchpoint.objects.living().select_related("owner").filter(name__iexact=name).order_by("created_at", "id").first()
    item: Touchpoint = known or Touchpoint(name=name)
    return item


def _bounded(valence: Decimal) -> Decimal:
    return max(-BOUND, min(BOUND, Decimal(str(valence)))).quantize(Decimal("0.1"))


def _siblings(model: type[P], stage: Stage, *, lane: Lane | None = None) -> list[P]:
    rows = model.objects.living().filter(stage=stage)
    return _ordered(rows.filter(lane=lane) if lane else rows)


def _columns(map: JourneyMap) -> list[Stage]:
    return _ordered(Stage.objects.living().filter(map=map))


def _lanes(map: JourneyMap) -> list[Lane]:
    return _ordered(Lane.objects.living().filter(map=map))


def _ordered(rows: Any) -> list[Any]:
    return sorted(rows, key=lambda row: (row.rank, str(row.pk)))


def _slot(siblings: Sequence[Any], position: int | None, *, leaving: Drawn | None = None) -> tuple[str, list[Edit]]:
    """A rank at that place among the siblings (None: at the end), and the edits that make room where ranks have run together."""
    others = [row for row in siblings if leaving is None or row.pk != leaving.pk]
    place = len(others) if position is None else max(0, min(position, len(others)))
    before = others[place - 1].rank if place else None
    after = others[place].rank if place < len(others) else None
    if after is None or (before or "") < after:
        rank = ranks.between(before, after)
        if len(rank) <= 40:
            return rank, []
    spread = ranks.spread(len(others) + 1)
    mine = spread.pop(place)
    return mine, [Edit(row, {"rank": rank}) for row, rank in zip(others, spread, strict=True)]


def place_among(siblings: Sequence[Any], position: int | None, *, leaving: Drawn | None = None) -> tuple[str, list[Edit]]:
    """A rank at that place among rows of one cell in any order (None: at the end), and the edits that make room for it."""
    return _slot(_ordered(siblings), position, leaving=leaving)
