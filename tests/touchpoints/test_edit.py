"""Texts and fields of a map's parts: changed, refused, in conflict."""

import pytest
from django.test import Client

from journeys.models import JourneyMap, StageTarget
from tests.touchpoints.maps import FRAGMENT, columns, full_map, url
from touchpoints.models import Card, EmotionPoint, Evidence, Opportunity, PainEvidence, PainPoint, TouchpointPlacement
from workspaces.models import Change, Membership

KINDS = {
    "cards": (Card, "text"),
    "placements": (TouchpointPlacement, "name"),
    "pains": (PainPoint, "title"),
    "opportunities": (Opportunity, "how_might_we"),
    "emotions": (EmotionPoint, "labels"),
}


@pytest.fixture
def map(owner: Membership) -> JourneyMap:
    return full_map(owner)


@pytest.fixture
def card(map: JourneyMap) -> Card:
    return Card.objects.get(text="Действие 1")


def test_it_works(as_bob: Client, map: JourneyMap, card: Card) -> None:
    answer = as_bob.post(
        url("part", map, kind="cards", id=card.pk), {"text": "Иначе", "revision": card.revision}, headers=FRAGMENT
    )
    assert answer.status_code == 200
    assert "Иначе" in answer.content.decode()
    assert answer["X-Row"] == str(card.pk)
    card.refresh_from_db()
    assert card.text == "Иначе"
    assert Change.objects.get(subject_id=map.pk, deed="card.changed").by.user.email == "bob@example.test"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_shown_and_changed(as_bob: Client, map: JourneyMap, kind: str) -> None:
    model, name = KINDS[kind]
    row = model.objects.order_by("created_at").first()
    address = url("part", map, kind=kind, id=row.pk)
    assert as_bob.get(address, headers=FRAGMENT).status_code == 200
    assert as_bob.get(address).status_code == 200
    assert as_bob.post(address, {name: "Новые слова"}, headers=FRAGMENT).status_code == 200
    assert "Новые слова" in as_bob.get(address).content.decode()


def test_a_stage_and_a_lane_are_changed(as_bob: Client, map: JourneyMap) -> None:
    stage, lane = columns(map)[0], map.lanes.first()
    as_bob.post(url("part", map, kind="stages", id=stage.pk), {"name": "Знакомство", "subtitle": "Лид"})
    as_bob.post(url("part", map, kind="lanes", id=lane.pk), {"title": "Что делает"})
    page = as_bob.get(url("map", map)).content.decode()
    for words in ("Знакомство", "Лид", "Что делает"):
        assert words in page


def test_a_hidden_lane_leaves_the_map_and_comes_back(as_bob: Client, map: JourneyMap) -> None:
    lane = map.lanes.get(kind="actions")
    as_bob.post(url("part", map, kind="lanes", id=lane.pk), {"is_hidden": "1"})
    assert f'id="lane-{lane.pk}"' not in as_bob.get(url("map", map)).content.decode()
    as_bob.post(url("part", map, kind="lanes", id=lane.pk), {"is_hidden": "0"})
    assert f'id="lane-{lane.pk}"' in as_bob.get(url("map", map)).content.decode()


def test_a_stale_edit_shows_both_texts(as_alice: Client, as_bob: Client, map: JourneyMap, card: Card) -> None:
    address = url("part", map, kind="cards", id=card.pk)
    as_alice.post(address, {"text": "Текст Алисы", "revision": card.revision}, headers=FRAGMENT)
    for headers in (FRAGMENT, {}):
        answer = as_bob.post(address, {"text": "Текст Боба", "revision": card.revision}, headers=headers)
        assert answer.status_code == 409
        assert "Текст Алисы" in answer.content.decode()
        assert "Текст Боба" in answer.content.decode()
    card.refresh_from_db()
    assert card.text == "Текст Алисы"


def test_two_names_of_one_touchpoint_are_a_conflict(as_alice: Client, as_bob: Client, map: JourneyMap) -> None:
    placement = TouchpointPlacement.objects.select_related("touchpoint").order_by("created_at").first()
    address, seen = url("part", map, kind="placements", id=placement.pk), placement.touchpoint.revision
    as_alice.post(address, {"name": "Блог", "item_revision": seen}, headers=FRAGMENT)
    answer = as_bob.post(address, {"name": "Журнал", "item_revision": seen}, headers=FRAGMENT)
    assert answer.status_code == 409
    assert "Блог" in answer.content.decode()
    assert f'name="item_revision" value="{seen + 1}"' in answer.content.decode()


def test_different_cells_never_conflict(as_alice: Client, as_bob: Client, map: JourneyMap, card: Card) -> None:
    other = Card.objects.get(text="Действие 2")
    as_alice.post(url("part", map, kind="cards", id=card.pk), {"text": "A", "revision": card.revision}, headers=FRAGMENT)
    answer = as_bob.post(url("part", map, kind="cards", id=other.pk), {"text": "B", "revision": other.revision}, headers=FRAGMENT)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("cards", {"text": ""}),
        ("cards", {"text": "x" * 4001}),
        ("emotions", {"valence": "2.1"}),
        ("emotions", {"valence": "nan"}),
        ("pains", {"severity": "6"}),
        ("placements", {"owner": "not-a-uuid"}),
        ("placements", {"review_at": "31.31.2026"}),
        ("opportunities", {"effort": "-1"}),
    ],
)
def test_bad_input_is_refused_with_words(as_bob: Client, map: JourneyMap, kind: str, fields: dict[str, str]) -> None:
    row = KINDS[kind][0].objects.order_by("created_at").first()
    answer = as_bob.post(url("part", map, kind=kind, id=row.pk), fields, headers=FRAGMENT)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_the_same_text_again_writes_nothing(as_bob: Client, map: JourneyMap, card: Card) -> None:
    as_bob.post(url("part", map, kind="cards", id=card.pk), {"text": card.text})
    assert not Change.objects.filter(deed="card.changed").exists()


def test_the_loss_of_a_pain_is_counted_from_its_inputs(as_bob: Client, map: JourneyMap) -> None:
    pain = PainPoint.objects.get(title="Барьер 1")
    as_bob.post(url("part", map, kind="pains", id=pain.pk), {"n": "100", "c_ref": "8", "c_obs": "4", "value": "100000"})
    pain.refresh_from_db()
    assert pain.monthly_loss == 400_000


def test_quotes_are_added_and_taken_away(as_bob: Client, map: JourneyMap) -> None:
    pain = PainPoint.objects.get(title="Барьер 1")
    address = url("quotes", map, pain_id=pain.pk)
    as_bob.post(address, {"quote": "«Непонятно»", "kind": "call", "source": "Запись 7"})
    assert "«Непонятно»" in as_bob.get(url("part", map, kind="pains", id=pain.pk)).content.decode()
    tie = PainEvidence.objects.get(evidence=Evidence.objects.get(quote="«Непонятно»"))
    stranger_pain = PainPoint.objects.get(title="Барьер 2")
    assert as_bob.post(url("quotes", map, pain_id=stranger_pain.pk), {"remove": tie.pk}).status_code == 404
    as_bob.post(address, {"remove": tie.pk})
    assert "«Непонятно»" not in as_bob.get(url("part", map, kind="pains", id=pain.pk)).content.decode()
    assert as_bob.post(address, {"quote": ""}, headers=FRAGMENT).status_code == 400


def test_target_events_are_added_and_taken_away(as_bob: Client, map: JourneyMap) -> None:
    first, second = columns(map)[:2]
    address = url("targets", map, stage_id=first.pk)
    as_bob.post(address, {"event": "trial.started", "field": "plan", "operator": "eq", "value": "pro"})
    target = StageTarget.objects.get(stage=first, event="trial.started")
    assert target.where == {"field": "props.plan", "op": "eq", "value": "pro"}
    assert "«pro»" in as_bob.get(url("part", map, kind="stages", id=first.pk)).content.decode()
    assert as_bob.post(url("targets", map, stage_id=second.pk), {"remove": target.pk}).status_code == 404
    as_bob.post(address, {"remove": target.pk})
    target.refresh_from_db()
    assert target.deleted_at
    assert as_bob.post(address, {"event": " "}, headers=FRAGMENT).status_code == 400


def test_a_number_in_a_condition_is_a_number(as_bob: Client, map: JourneyMap) -> None:
    stage = columns(map)[0]
    as_bob.post(
        url("targets", map, stage_id=stage.pk), {"event": "order", "field": "props.total", "operator": "gte", "value": "12,5"}
    )
    assert StageTarget.objects.get(event="order").where["value"] == 12.5


def test_the_title_is_changed(as_bob: Client, map: JourneyMap) -> None:
    as_bob.post(url("map_change", map), {"title": "Другой путь", "revision": map.revision})
    stale = as_bob.post(url("map_change", map), {"title": "Третий", "revision": map.revision}, headers=FRAGMENT)
    assert stale.status_code == 409
    assert "Другой путь" in stale.content.decode()
    assert as_bob.post(url("map_change", map), {"title": ""}, headers=FRAGMENT).status_code == 400


def test_the_map_leaves_as_a_file(as_charlie: Client, as_mallory: Client, map: JourneyMap) -> None:
    answer = as_charlie.get(url("map_export", map))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.json()["map"]["title"] == "Путь"
    assert as_mallory.get(url("map_export", map)).status_code == 404


def test_readers_and_strangers_change_nothing(as_charlie: Client, as_mallory: Client, map: JourneyMap, card: Card) -> None:
    pain, stage = PainPoint.objects.first(), columns(map)[0]
    addresses = [
        url("part", map, kind="cards", id=card.pk),
        url("part_add", map, kind="cards"),
        url("part_move", map, kind="cards", id=card.pk),
        url("part_delete", map, kind="cards", id=card.pk),
        url("quotes", map, pain_id=pain.pk),
        url("targets", map, stage_id=stage.pk),
        url("map_change", map),
        url("map_undo", map),
        url("map_redo", map),
    ]
    for address in addresses:
        assert as_charlie.post(address, {"text": "x", "title": "x"}).status_code == 403
        assert as_mallory.post(address, {"text": "x"}).status_code == 404
        assert as_mallory.post(address.replace("/acme/", "/foreign/"), {"text": "x"}).status_code == 404
    assert as_charlie.get(addresses[0]).status_code == 200


def test_a_part_of_another_map_is_not_found(as_bob: Client, owner: Membership, map: JourneyMap, card: Card) -> None:
    other = full_map(owner)
    assert as_bob.get(url("part", other, kind="cards", id=card.pk)).status_code == 404
    assert as_bob.post(url("part_delete", other, kind="cards", id=card.pk)).status_code == 404
    assert as_bob.get(url("part", map, kind="nonsense", id=card.pk)).status_code == 404
