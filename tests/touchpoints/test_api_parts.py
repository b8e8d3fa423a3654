"""REST of a map's parts: every write stands in the map's log, keys stay on the map, the manners of the contract."""

from typing import Any

import pytest
from django.test import Client

from journeys.models import JourneyMap, Lane, Stage
from tests import make
from touchpoints.models import Card, EmotionPoint, Hypothesis, PainPoint, TouchpointPlacement
from workspaces import changes
from workspaces.models import Change, Membership

JSON = {"content_type": "application/json"}


@pytest.fixture
def map(workspace: Any) -> JourneyMap:
    return make.journey_map()


@pytest.fixture
def stages(map: JourneyMap) -> list[Stage]:
    return list(Stage.objects.filter(map=map).order_by("rank"))


@pytest.fixture
def lane(map: JourneyMap) -> Lane:
    return Lane.objects.get(map=map, kind="actions")


@pytest.fixture
def other(workspace: Any) -> Stage:
    return Stage.objects.filter(map=make.journey_map("Другая")).order_by("rank").first()


@pytest.fixture
def card(api: Client, map: JourneyMap, stages: list[Stage], lane: Lane) -> Any:
    body = {"map": str(map.pk), "lane": str(lane.pk), "stage": str(stages[0].pk), "text": "Ищет решение"}
    return api.post("/api/v1/cards/", body, **JSON).json()


def put(api: Client, words: str, body: dict[str, Any], *, status: int = 201) -> Any:
    answer = api.post(f"/api/v1/{words}/", body, **JSON)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def patch(api: Client, words: str, id: str, body: dict[str, Any], *, status: int = 200, **headers: str) -> Any:
    answer = api.patch(f"/api/v1/{words}/{id}/", body, headers=headers, **JSON)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_it_works(api: Client, card: Any, map: JourneyMap) -> None:
    assert (card["text"], card["map"], card["revision"]) == ("Ищет решение", str(map.pk), 1)
    answer = api.get(f"/api/v1/cards/{card['id']}/")
    assert answer.headers["ETag"] == '"1"'
    assert answer.json() == card
    assert Change.objects.get(deed="card.added").subject_id == map.pk
    assert JourneyMap.objects.get(pk=map.pk).version == 1


def test_new_cards_stand_in_the_order_of_their_making(api: Client, map: JourneyMap, stages: list[Stage], lane: Lane) -> None:
    items = [{"lane": str(lane.pk), "stage": str(stages[0].pk), "text": str(n)} for n in range(260)]
    answer = api.post("/api/v1/cards/bulk/", {"items": items}, **JSON).json()
    assert {line["status"] for line in answer["results"]} == {201}
    ranked = sorted(Card.objects.all(), key=lambda row: row.rank)
    assert [row.text for row in ranked] == [str(n) for n in range(260)]
    put(api, "cards", {"lane": str(lane.pk), "stage": str(stages[0].pk), "text": "first", "position": 0})
    assert min(Card.objects.all(), key=lambda row: row.rank).text == "first"


def test_a_stale_patch_answers_with_what_stands_there_now(api: Client, card: Any) -> None:
    patch(api, "cards", card["id"], {"text": "Сравнивает"}, **{"If-Match": '"1"'})
    answer = patch(api, "cards", card["id"], {"text": "Ищет"}, status=412, **{"If-Match": '"1"'})
    assert (answer["code"], answer["current"]["text"], answer["current"]["revision"]) == ("stale", "Сравнивает", 2)


def test_a_card_moves_to_the_end_of_another_cell(api: Client, card: Any, stages: list[Stage], lane: Lane) -> None:
    standing = put(api, "cards", {"lane": str(lane.pk), "stage": str(stages[1].pk), "text": "Уже тут"})
    moved = patch(api, "cards", card["id"], {"stage": str(stages[1].pk)})
    assert moved["stage"] == str(stages[1].pk)
    assert moved["rank"] > standing["rank"]


@pytest.mark.parametrize("field", ["stage", "lane"])
def test_a_cell_of_another_map_is_refused(api: Client, card: Any, other: Stage, field: str) -> None:
    key = other.pk if field == "stage" else Lane.objects.filter(map=other.map).first().pk
    answer = patch(api, "cards", card["id"], {field: str(key)}, status=400)
    assert (answer["code"], list(answer["errors"])) == ("other_map", [field])


def test_a_card_is_not_made_across_maps(api: Client, stages: list[Stage], other: Stage, lane: Lane) -> None:
    answer = put(api, "cards", {"lane": str(lane.pk), "stage": str(other.pk), "text": "?"}, status=400)
    assert answer["code"] == "other_map"
    body = {"map": str(other.map_id), "lane": str(lane.pk), "stage": str(stages[0].pk), "text": "?"}
    assert put(api, "cards", body, status=400)["errors"].keys() == {"map"}
    assert Card.objects.count() == 0


def test_unknown_fields_and_missing_ones_are_named(api: Client, lane: Lane) -> None:
    answer = put(api, "cards", {"lane": str(lane.pk), "colr": "red"}, status=400)
    assert answer["errors"].keys() == {"colr"}
    assert put(api, "cards", {"lane": str(lane.pk), "text": "?"}, status=400)["errors"].keys() == {"stage"}


def test_a_deleted_card_is_gone_but_leaves_a_tombstone(api: Client, card: Any) -> None:
    assert api.delete(f"/api/v1/cards/{card['id']}/", headers={"If-Match": '"9"'}).status_code == 412
    assert api.delete(f"/api/v1/cards/{card['id']}/").status_code == 204
    assert api.get(f"/api/v1/cards/{card['id']}/").status_code == 404
    assert api.get("/api/v1/cards/").json()["results"] == []
    listed = api.get("/api/v1/cards/", {"updated_since": card["created_at"]}).json()["results"]
    assert listed[0]["deleted_at"] is not None


def test_filters_narrow_a_list(api: Client, card: Any, stages: list[Stage], other: Stage) -> None:
    def found(**query: Any) -> int:
        return len(api.get("/api/v1/cards/", query).json()["results"])

    assert found(stage=stages[0].pk) == found(map=stages[0].map_id) == 1
    assert found(stage=stages[1].pk) == found(map=other.map_id) == 0
    assert api.get("/api/v1/cards/", {"stage": "x"}).json()["code"] == "invalid_filter"


def test_the_same_key_makes_one_card(api: Client, stages: list[Stage], lane: Lane) -> None:
    body = {"lane": str(lane.pk), "stage": str(stages[0].pk), "text": "Раз"}
    once = [api.post("/api/v1/cards/", body, headers={"Idempotency-Key": "k"}, **JSON).json() for _ in range(2)]
    assert once[0] == once[1]
    assert Card.objects.count() == 1


def test_undo_in_the_browser_does_not_reach_what_a_program_did(card: Any, map: JourneyMap, editor: Membership) -> None:
    assert changes.undoable(map, by=editor) is None


def test_stages_carry_their_targets(api: Client, map: JourneyMap) -> None:
    targets = [{"event": "paid", "where": {"prop": "props.plan", "op": "eq", "value": "pro"}}, {"event": "invoice"}]
    body = {"map": str(map.pk), "name": "Адвокация", "canonical": "advocacy", "targets": targets[1:], "position": 0}
    stage = put(api, "stages", body)
    assert [target["event"] for target in stage["targets"]] == ["invoice"]
    first = min(Stage.objects.filter(map=map), key=lambda row: row.rank)
    assert str(first.pk) == stage["id"]
    changed = patch(api, "stages", stage["id"], {"targets": [{"event": "a"}, {"event": "b"}]})
    assert [target["event"] for target in changed["targets"]] == ["a", "b"]
    listed = api.get("/api/v1/stages/", {"map": map.pk, "canonical": "advocacy"}).json()["results"]
    assert [target["event"] for target in listed[0]["targets"]] == ["a", "b"]
    assert patch(api, "stages", stage["id"], {"targets": [{"event": "a", "where": {"op": "nonsense"}}]}, status=400)


def test_a_part_does_not_change_its_map(api: Client, lane: Lane, other: Stage) -> None:
    assert patch(api, "lanes", str(lane.pk), {"map": str(other.map_id)}, status=400)["code"] == "other_map"


def test_a_placement_takes_its_feelings_and_pains_along(api: Client, stages: list[Stage]) -> None:
    touchpoint = put(api, "touchpoints", {"name": "Демо"})
    body = {"touchpoint": touchpoint["id"], "stage": str(stages[0].pk), "expectations": ["Честно"], "barriers": []}
    placement = put(api, "placements", body)
    put(
        api, "emotion-points", {"stage": str(stages[0].pk), "placement": placement["id"], "valence": -1.25, "labels": ["anxiety"]}
    )
    put(api, "pain-points", {"stage": str(stages[0].pk), "placement": placement["id"], "title": "Долго", "severity": 4})
    patch(api, "placements", placement["id"], {"stage": str(stages[2].pk)})
    assert {EmotionPoint.objects.get().stage, PainPoint.objects.get().stage} == {stages[2]}
    assert float(EmotionPoint.objects.get().valence) in (-1.2, -1.3)
    assert TouchpointPlacement.objects.get().expectations == ["Честно"]


@pytest.mark.parametrize(
    ("words", "body", "field"),
    [
        ("emotion-points", {"valence": 2.1}, "valence"),
        ("emotion-points", {"valence": 1, "labels": "joy"}, "labels"),
        ("pain-points", {"title": "?", "severity": 6}, "severity"),
        ("pain-points", {"title": "?", "hole_kind": "crack"}, "hole_kind"),
        ("opportunities", {"how_might_we": "?", "effort": 9}, "effort"),
        ("placements", {"touchpoint": "0190f0f0-0000-7000-8000-000000000000"}, "touchpoint"),
    ],
)
def test_bad_values_name_their_field(api: Client, stages: list[Stage], words: str, body: dict[str, Any], field: str) -> None:
    answer = put(api, words, {"stage": str(stages[0].pk), **body}, status=400)
    assert list(answer["errors"]) == [field]


def test_evidence_is_tied_to_a_pain_in_the_log_of_its_map(api: Client, stages: list[Stage], map: JourneyMap) -> None:
    pain = put(api, "pain-points", {"stage": str(stages[0].pk), "title": "Дорого"})
    evidence = put(api, "evidence", {"kind": "interview", "quote": "Не понял цену", "pain": pain["id"]})
    assert evidence["pains"] == [pain["id"]]
    assert Change.objects.get(deed="pain.quoted").subject_id == map.pk
    found = api.get("/api/v1/evidence/", {"pain": pain["id"]}).json()["results"]
    assert [row["id"] for row in found] == [evidence["id"]]
    loose = put(api, "evidence", {"quote": "Сама по себе"})
    assert patch(api, "evidence", loose["id"], {"pain": pain["id"]})["pains"] == [pain["id"]]


def _hypothesis(map: JourneyMap, metric: str, owner: Membership, **more: Any) -> dict[str, Any]:
    body = {"map": str(map.pk), "statement": "Настроим за 48 часов", "metric": metric, "owner": str(owner.pk)}
    return body | {"expected_lift": 0.15, "lift_kind": "points", "verification_method": "ab_test"} | more


def test_a_hypothesis_moves_by_patch_with_a_reason(api: Client, map: JourneyMap, editor: Membership) -> None:
    metric = put(api, "metrics", {"name": "Активация", "unit": "%"})["id"]
    row = put(api, "hypotheses", _hypothesis(map, metric, editor))
    assert row["status"] == "in_progress"
    assert patch(api, "hypotheses", row["id"], {"status": "implemented", "reason": "!"}, status=409)["code"] == "wrong_move"
    assert patch(api, "hypotheses", row["id"], {"status": "rejected"}, status=400)["errors"].keys() == {"reason"}
    assert patch(api, "hypotheses", row["id"], {"status": "rejected", "reason": "Дорого"})["reason"] == "Дорого"
    found = api.get("/api/v1/hypotheses/", {"status": "rejected", "map": map.pk}).json()["results"]
    assert [one["id"] for one in found] == [row["id"]]


@pytest.mark.parametrize("missing", ["metric", "owner", "expected_lift", "verification_method"])
def test_no_metric_no_hypothesis(api: Client, map: JourneyMap, editor: Membership, missing: str) -> None:
    body = _hypothesis(map, put(api, "metrics", {"name": "Активация"})["id"], editor)
    del body[missing]
    assert list(put(api, "hypotheses", body, status=400)["errors"]) == [missing]
    assert Hypothesis.objects.count() == 0


def test_an_owner_from_elsewhere_does_not_exist(api: Client, map: JourneyMap, mallory: Any, editor: Membership) -> None:
    metric = put(api, "metrics", {"name": "Активация"})["id"]
    foreign = Membership.objects.get(user=mallory)
    assert list(put(api, "hypotheses", _hypothesis(map, metric, foreign), status=400)["errors"]) == ["owner"]


COLLECTIONS = [
    "personas", "maps", "stages", "lanes", "cards", "channels", "touchpoints", "placements", "emotion-points", "pain-points",
    "opportunities", "evidence", "hypotheses", "metrics", "reviews", "results",
]  # fmt: skip


@pytest.mark.parametrize("words", COLLECTIONS)
def test_a_reading_token_reads_and_does_not_write(workspace: Any, words: str) -> None:
    reader = Client(headers={"Authorization": f"Bearer {make.token(workspace, 'read')}"})
    assert reader.get(f"/api/v1/{words}/").json() == {"next": None, "previous": None, "results": []}
    assert reader.post(f"/api/v1/{words}/", {}, **JSON).status_code == 403
    assert Client().get(f"/api/v1/{words}/").status_code == 401


def test_another_workspace_s_card_does_not_exist(card: Any, mallory: Any, stages: list[Stage]) -> None:
    place = Membership.objects.get(user=mallory).workspace
    stranger = Client(headers={"Authorization": f"Bearer {make.token(place)}"})
    url = f"/api/v1/cards/{card['id']}/"
    assert [stranger.get(url).status_code, stranger.patch(url, {}, **JSON).status_code, stranger.delete(url).status_code] == [
        404
    ] * 3
    answer = stranger.post("/api/v1/pain-points/", {"stage": str(stages[0].pk), "title": "?"}, **JSON)
    assert answer.json()["errors"].keys() == {"stage"}
