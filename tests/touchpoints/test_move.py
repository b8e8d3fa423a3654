"""Adding, moving, deleting; undo and redo, also after somebody else's edit."""

from uuid import uuid4

import pytest
from django.test import Client

from journeys.models import JourneyMap, Lane, Stage
from tests.touchpoints.maps import FRAGMENT, columns, full_map, lane_of, url
from touchpoints.models import Card, EmotionPoint, Opportunity, PainPoint, TouchpointPlacement
from workspaces.models import Membership


@pytest.fixture
def map(owner: Membership) -> JourneyMap:
    return full_map(owner)


@pytest.fixture
def card(map: JourneyMap) -> Card:
    return Card.objects.get(text="Действие 1")


def _texts(stage: Stage) -> list[str]:
    return [card.text for card in sorted(Card.objects.living().filter(stage=stage), key=lambda card: card.rank)]


def test_a_card_moves_to_a_place_in_another_stage(as_bob: Client, map: JourneyMap, card: Card) -> None:
    second = columns(map)[1]
    answer = as_bob.post(url("part_move", map, kind="cards", id=card.pk), {"stage": second.pk, "position": 0}, headers=FRAGMENT)
    assert "Перенесено." in answer.content.decode()
    assert _texts(second) == ["Действие 1", "Действие 2"]
    as_bob.post(url("part_move", map, kind="cards", id=card.pk), {"step": "1"})
    assert _texts(second) == ["Действие 2", "Действие 1"]


def test_a_touchpoint_takes_its_emotions_and_pains_along(as_bob: Client, map: JourneyMap) -> None:
    first, second = columns(map)[:2]
    placement = TouchpointPlacement.objects.get(stage=first)
    pain = PainPoint.objects.get(stage=first)
    as_bob.post(url("part", map, kind="pains", id=pain.pk), {"title": pain.title})
    PainPoint.objects.filter(pk=pain.pk).update(placement=placement)
    as_bob.post(url("part_move", map, kind="placements", id=placement.pk), {"stage": second.pk})
    assert EmotionPoint.objects.get(placement=placement).stage_id == second.pk
    assert PainPoint.objects.get(pk=pain.pk).stage_id == second.pk


def test_stages_and_lanes_change_their_order(as_bob: Client, map: JourneyMap) -> None:
    first = columns(map)[0]
    as_bob.post(url("part_move", map, kind="stages", id=first.pk), {"position": 2})
    assert [stage.name for stage in columns(map)] == ["Решение", "Покупка", "Осознание"]
    lane = lane_of(map, "opportunities")
    as_bob.post(url("part_move", map, kind="lanes", id=lane.pk), {"position": 0})
    assert min(Lane.objects.filter(map=map), key=lambda row: row.rank).kind == "opportunities"


def test_two_hundred_moves_to_one_place_keep_the_order(as_bob: Client, map: JourneyMap) -> None:
    second = columns(map)[1]
    for number in range(40):
        fields = {"text": f"К {number}", "stage": second.pk, "lane": lane_of(map, "actions").pk, "position": 0}
        as_bob.post(url("part_add", map, kind="cards"), fields)
    assert _texts(second) == [f"К {number}" for number in reversed(range(40))] + ["Действие 2"]


@pytest.mark.parametrize("fields", [{"stage": "nonsense"}, {"position": "-1"}, {"step": "5"}])
def test_bad_places_are_refused(as_bob: Client, map: JourneyMap, card: Card, fields: dict[str, str]) -> None:
    assert as_bob.post(url("part_move", map, kind="cards", id=card.pk), fields, headers=FRAGMENT).status_code == 400


def test_a_stage_of_another_map_is_refused(as_bob: Client, owner: Membership, map: JourneyMap, card: Card) -> None:
    foreign = columns(full_map(owner))[0]
    assert (
        as_bob.post(url("part_move", map, kind="cards", id=card.pk), {"stage": foreign.pk}, headers=FRAGMENT).status_code == 400
    )


@pytest.mark.parametrize(
    ("kind", "model"),
    [
        ("cards", Card),
        ("placements", TouchpointPlacement),
        ("pains", PainPoint),
        ("opportunities", Opportunity),
        ("emotions", EmotionPoint),
    ],
)
def test_every_kind_is_added_once_and_deleted(as_bob: Client, map: JourneyMap, kind: str, model: type[Card]) -> None:
    before = model.objects.living().count()
    stage, lane, once = columns(map)[0], lane_of(map, "actions"), uuid4()
    fields = {"text": "Свежее", "stage": stage.pk, "lane": lane.pk, "valence": "1.5", "once": once}
    first = as_bob.post(url("part_add", map, kind=kind), fields, headers=FRAGMENT)
    second = as_bob.post(url("part_add", map, kind=kind), fields, headers=FRAGMENT)
    assert first["X-Row"] == second["X-Row"]
    assert model.objects.living().count() == before + 1
    answer = as_bob.post(url("part_delete", map, kind=kind, id=first["X-Row"]), headers=FRAGMENT)
    assert "Удалено." in answer.content.decode()
    assert model.objects.living().count() == before


def test_stages_and_lanes_are_added(as_bob: Client, map: JourneyMap) -> None:
    as_bob.post(url("part_add", map, kind="stages"), {"text": "Возврат"})
    as_bob.post(url("part_add", map, kind="lanes"), {"kind": "needs", "text": "Нужды"})
    page = as_bob.get(url("map", map)).content.decode()
    assert "Возврат" in page
    assert "Нужды" in page


@pytest.mark.parametrize(
    ("kind", "missing"), [("cards", "text"), ("cards", "stage"), ("cards", "lane"), ("placements", "text"), ("pains", "stage")]
)
def test_half_a_thing_is_refused(as_bob: Client, map: JourneyMap, kind: str, missing: str) -> None:
    fields = {"text": "Слова", "stage": columns(map)[0].pk, "lane": lane_of(map, "actions").pk}
    del fields[missing]
    answer = as_bob.post(url("part_add", map, kind=kind), fields, headers=FRAGMENT)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_a_known_touchpoint_is_not_made_twice(as_bob: Client, map: JourneyMap) -> None:
    for stage in columns(map)[:2]:
        as_bob.post(url("part_add", map, kind="placements"), {"text": "Поддержка", "stage": stage.pk})
    assert len(set(TouchpointPlacement.objects.filter(touchpoint__name="Поддержка").values_list("touchpoint_id"))) == 1


def test_undo_and_redo_bring_a_deleted_stage_back_and_away(as_bob: Client, map: JourneyMap) -> None:
    stage = columns(map)[0]
    as_bob.post(url("part_delete", map, kind="stages", id=stage.pk))
    assert "Действие 1" not in as_bob.get(url("map", map)).content.decode()
    as_bob.post(url("map_undo", map))
    assert "Действие 1" in as_bob.get(url("map", map)).content.decode()
    as_bob.post(url("map_redo", map))
    assert stage.name not in [one.name for one in columns(map)]


def test_undo_takes_back_ones_own_deed_only(as_alice: Client, as_bob: Client, map: JourneyMap, card: Card) -> None:
    other = Card.objects.get(text="Действие 2")
    as_bob.post(url("part", map, kind="cards", id=card.pk), {"text": "Боб"})
    as_alice.post(url("part", map, kind="cards", id=other.pk), {"text": "Алиса"})
    as_bob.post(url("map_undo", map))
    card.refresh_from_db()
    other.refresh_from_db()
    assert (card.text, other.text) == ("Действие 1", "Алиса")


def test_undo_does_not_take_somebody_elses_work_back(as_alice: Client, as_bob: Client, map: JourneyMap, card: Card) -> None:
    as_bob.post(url("part", map, kind="cards", id=card.pk), {"text": "Боб"})
    as_alice.post(url("part", map, kind="cards", id=card.pk), {"text": "Алиса"})
    answer = as_bob.post(url("map_undo", map), headers=FRAGMENT)
    assert answer.status_code == 409
    card.refresh_from_db()
    assert card.text == "Алиса"


def test_nothing_to_undo_is_said_in_words(as_bob: Client, map: JourneyMap) -> None:
    for path in ("map_undo", "map_redo"):
        answer = as_bob.post(url(path, map), headers=FRAGMENT)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.content.decode()
