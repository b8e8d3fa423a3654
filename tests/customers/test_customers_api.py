"""Customers over REST: upserts, merging, stages, journeys, erasing; segments, companies, scores."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from automations import folding
from cjm.lib import clock
from customers.models import Company, Customer, Identity, RejectedTouch, Score, StageVisit, Touch
from journeys.models import JourneyMap, Stage
from tests import make
from tests.customers.sending import NOW, post, touch
from workspaces.models import Workspace

URL = "/api/v1/customers/"


@pytest.fixture(autouse=True)
def standing_clock() -> None:
    clock.install(lambda: NOW)


def bulk(api: Client, *items: Any) -> list[dict[str, Any]]:
    response = api.post(f"{URL}bulk/", {"items": list(items)}, content_type="application/json")
    assert response.status_code == 200, response.content
    results: list[dict[str, Any]] = response.json()["results"]
    return results


def merge(api: Client, source: str, target: str) -> Any:
    return api.post(f"{URL}merge/", {"source": source, "target": target}, content_type="application/json")


@pytest.fixture
def shop(workspace: Workspace) -> JourneyMap:
    row = make.journey_map()
    for stage, code in zip(row.stages.order_by("rank"), ("awareness", "decision", "purchase"), strict=True):
        stage.canonical = code
        stage.save(update_fields=["canonical"])
    return row


ANNA = {
    "external_id": "c1", "email": "a@b.example", "name": "Анна", "timezone": "Europe/Moscow",
    "created_at": "2026-01-05T09:00:00Z",
    "attrs": {"plan": "trial", "age": 3}, "consent": {"email": True}, "company": {"external_id": "acme", "name": "ACME"},
}  # fmt: skip


def test_bulk_works(api: Client) -> None:
    assert [(line["index"], line["status"], line["errors"]) for line in bulk(api, ANNA)] == [(0, 201, None)]
    row = api.get(f"{URL}c1/").json()
    assert (row["name"], row["email"], row["timezone"], row["created_at"]) == (
        "Анна",
        "a@b.example",
        "Europe/Moscow",
        "2026-01-05T09:00:00Z",
    )
    assert row["company"] == {"external_id": "acme", "name": "ACME"}


def test_a_second_upsert_keeps_what_is_absent_and_merges_keys(api: Client) -> None:
    bulk(api, ANNA)
    results = bulk(api, {"external_id": "c1", "attrs": {"plan": "pro", "age": None}, "consent": {"sms": False}})
    assert [line["status"] for line in results] == [200]
    row = Customer.objects.get()
    assert (row.name, row.attrs, row.consent) == ("Анна", {"plan": "pro"}, {"email": True, "sms": False})


def test_each_item_is_answered_for_itself(api: Client) -> None:
    results = bulk(
        api,
        ANNA,
        {"external_id": "bulk"},
        {"name": "x"},
        ANNA | {"mood": 1},
        "text",
        {"external_id": "c2", "timezone": "Mars"},
        ANNA,
    )
    assert [line["status"] for line in results] == [201, 400, 400, 400, 400, 201, 200]
    assert all(bool(line["errors"]) == (line["status"] == 400) for line in results)
    assert results[3]["errors"].keys() == {"mood"}
    assert results[0]["id"] == results[6]["id"]


@pytest.mark.parametrize("body", [{}, {"items": {}}, {"items": [ANNA] * 1001}, {"items": [], "mood": 1}])
def test_a_bad_bulk_is_refused_whole(api: Client, body: Any) -> None:
    response = api.post(f"{URL}bulk/", body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


def test_bulk_takes_a_constant_number_of_queries(api: Client) -> None:
    bulk(api, ANNA)
    counts = []
    for size in (5, 300):
        items = [
            ANNA | {"external_id": f"{size}-{number}", "company": {"external_id": f"{number}", "name": "N"}}
            for number in range(size)
        ]
        with CaptureQueriesContext(connection) as seen:
            bulk(api, *items)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_path_holds_any_external_id_percent_encoded(api: Client) -> None:
    bulk(api, {"external_id": "a/b c?d", "name": "N"})
    assert api.get(f"{URL}a%2Fb%20c%3Fd/").json()["name"] == "N"
    assert api.put(f"{URL}by-external-id/a%2Fb%20c%3Fd/", {"name": "M"}, content_type="application/json").status_code == 200
    assert Customer.objects.get().name == "M"


def test_a_stale_write_is_a_412_with_what_stands(api: Client) -> None:
    bulk(api, ANNA)
    tag = api.get(f"{URL}c1/").headers["ETag"]
    clock.install(lambda: NOW + timedelta(seconds=1))
    assert api.patch(f"{URL}c1/", {"name": "B"}, content_type="application/json", headers={"If-Match": tag}).status_code == 200
    stale = api.patch(f"{URL}c1/", {"name": "C"}, content_type="application/json", headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["current"]["name"]) == (412, "B")


def test_the_list_syncs_with_tombstones(api: Client) -> None:
    bulk(api, ANNA, ANNA | {"external_id": "c2"})
    clock.install(lambda: NOW + timedelta(minutes=5))
    api.delete(f"{URL}c2/")
    assert [line["external_id"] for line in api.get(URL).json()["results"]] == ["c1"]
    changed = api.get(URL, {"updated_since": (NOW + timedelta(minutes=4)).isoformat()}).json()["results"]
    assert [(line["external_id"], bool(line["deleted_at"])) for line in changed] == [(None, True)]


def test_merging_joins_names_touches_visits_and_facts(api: Client, workspace: Workspace, shop: JourneyMap) -> None:
    bulk(
        api, {"external_id": "old", "email": "o@x.example", "attrs": {"a": 1, "b": 1}}, {"external_id": "new", "attrs": {"a": 2}}
    )
    post(api, touch("m-1", "old", event="stage-1", occurred_at="2026-02-01T00:00:00Z"))
    post(api, touch("m-2", "new", event="stage-2", occurred_at="2026-02-02T00:00:00Z"))
    folding.fold_all(workspace.pk)
    answer = merge(api, "old", "new")
    assert (answer.status_code, answer.json()["email"], answer.json()["attrs"]) == (200, "o@x.example", {"a": 2, "b": 1})
    assert api.get(f"{URL}old/").json()["external_id"] == "new"
    assert len(api.get("/api/v1/touches/?customer=new").json()["results"]) == 2
    visits = StageVisit.objects.order_by("entered_at").values_list("stage__name", "entry", "customer__external_id")
    assert list(visits) == [("Осознание", "forward", "new"), ("Решение", "forward", "new")]
    assert post(api, touch("m-3", "old"))["accepted"] == 1
    assert Touch.objects.get(touch_id="m-3").identity.customer.external_id == "new"
    assert merge(api, "old", "new").status_code == 409
    assert merge(api, "old", "nobody").status_code == 404
    assert api.post(f"{URL}merge/", {"source": 1}, content_type="application/json").status_code == 400


def test_a_stage_is_set_by_hand_by_code_or_id(api: Client, workspace: Workspace, shop: JourneyMap) -> None:
    bulk(api, ANNA)
    stage = Stage.objects.get(canonical="purchase")
    for word in ("decision", str(stage.pk)):
        assert (
            api.put(f"{URL}c1/stage/", {"map": str(shop.pk), "stage": word}, content_type="application/json").status_code == 200
        )
    assert api.get(f"{URL}c1/journey/").json()["current_stage"] == "purchase"
    assert StageVisit.objects.filter(is_by_hand=True).count() == 2
    for body in ({"map": str(shop.pk), "stage": "mood"}, {"map": "x", "stage": "decision"}):
        assert api.put(f"{URL}c1/stage/", body, content_type="application/json").status_code == 404
    assert api.put(f"{URL}c1/stage/", {"map": str(shop.pk)}, content_type="application/json").status_code == 400


def test_the_journey_counts_touches_that_nobody_has_folded_yet(api: Client, shop: JourneyMap) -> None:
    post(
        api,
        touch("m-2", "c1", event="stage-2", occurred_at="2026-02-02T00:00:00Z"),
        touch("m-1", "c1", event="stage-1", occurred_at="2026-02-01T00:00:00Z"),
        touch("m-3", "c1", event="stage-1", occurred_at="2026-02-03T00:00:00Z"),
    )
    journey = api.get(f"{URL}c1/journey/").json()
    assert journey["first_touch"]["touch_id"] == "m-1"
    assert [line["touch_id"] for line in journey["touches"]] == ["m-1", "m-2", "m-3"]
    assert [(visit["stage"], visit["entry"]) for visit in journey["visits"]] == [
        ("awareness", "forward"),
        ("decision", "forward"),
        ("awareness", "return"),
    ]
    assert journey["current_stage"] == "awareness"
    points = sum(line["points"] for line in journey["engagement"]["contributions"])
    assert journey["engagement"]["score"] == pytest.approx(points) and points > 0


def test_erasing_leaves_no_trace_of_the_person(api: Client, workspace: Workspace, shop: JourneyMap) -> None:
    bulk(api, ANNA, {"external_id": "c2"})
    post(
        api,
        touch("m-1", "c1", event="stage-1", score={"metric": "nps", "value": 9}, props={"secret": "s"}),
        touch("m-2", "c1", occurred_at="bad"),
    )
    folding.fold_all(workspace.pk)
    merge(api, "c2", "c1")
    assert api.delete(f"{URL}c1/").status_code == 204
    assert not any(model.objects.exists() for model in (Touch, Score, StageVisit, Identity, RejectedTouch))
    for row in Customer.objects.all():
        assert (row.name, row.email, row.attrs, row.consent, row.company) == ("", "", {}, {}, None)
        assert row.external_id not in ("c1", "c2")
    assert api.get(f"{URL}c1/").status_code == 404
    assert api.delete(f"{URL}c1/").status_code == 404


def test_a_stranger_s_customers_are_a_404(workspace: Workspace, api: Client) -> None:
    bulk(api, ANNA)
    foreign = Client(headers={"Authorization": f"Bearer {make.token(Workspace.objects.get(slug='foreign'))}"})
    for address in ("c1/", "c1/journey/"):
        assert foreign.get(URL + address).status_code == 404
    assert foreign.delete(f"{URL}c1/").status_code == 404
    assert merge(foreign, "c1", "c1").status_code == 404


def test_a_reading_token_writes_nothing(workspace: Workspace, api: Client) -> None:
    bulk(api, ANNA)
    reader = Client(headers={"Authorization": f"Bearer {make.token(workspace, 'read')}"})
    assert reader.get(f"{URL}c1/").status_code == 200
    assert reader.delete(f"{URL}c1/").status_code == 403
    assert reader.post(f"{URL}bulk/", {"items": [ANNA]}, content_type="application/json").status_code == 403


def test_rejected_touches_are_listed_and_replayed_corrected(api: Client) -> None:
    post(api, touch("m-1", "c1", occurred_at="yesterday"))
    kept = api.get("/api/v1/touches/rejected/").json()["results"][0]
    assert (kept["code"], kept["item"]["touch_id"], kept["source"]) == ("invalid_time", "m-1", "crm")
    address = f"/api/v1/touches/rejected/{kept['id']}/replay/"
    again = api.post(address, {}, content_type="application/json").json()
    assert (again["accepted"], again["rejected"][0]["code"]) == (0, "invalid_time")
    fixed = api.post(address, {"item": touch("m-1", "c1")}, content_type="application/json")
    assert fixed.json() == {"accepted": 1, "repeated": 0, "rejected": []}
    assert api.post(address, {"item": touch("m-1", "c1")}, content_type="application/json").status_code == 409


def test_segments_by_rest(api: Client) -> None:
    rule = {"field": "customer.attrs.plan", "op": "eq", "value": "pro"}
    made = api.post("/api/v1/segments/", {"name": "Pro", "rule": rule}, content_type="application/json")
    assert (made.status_code, made.json()["rule"]) == (201, rule)
    assert api.post("/api/v1/segments/", {"name": "All", "rule": None}, content_type="application/json").status_code == 201
    bad = api.post(
        "/api/v1/segments/",
        {"name": "Bad", "rule": {"field": "touch.event", "op": "eq", "value": "x"}},
        content_type="application/json",
    )
    assert bad.status_code == 400
    assert [line["name"] for line in api.get("/api/v1/segments/").json()["results"]] == ["Pro", "All"]
    address = f"/api/v1/segments/{made.json()['id']}/"
    changed = api.patch(address, {"name": "Paying"}, content_type="application/json", headers={"If-Match": made.headers["ETag"]})
    assert changed.json()["name"] == "Paying"
    assert api.delete(address, headers={"If-Match": made.headers["ETag"]}).status_code == 412
    assert api.delete(address).status_code == 204
    assert api.get(address).status_code == 404


def test_companies_by_rest(api: Client) -> None:
    made = api.post(
        "/api/v1/companies/", {"external_id": "acme", "name": "ACME", "attrs": {"size": 5}}, content_type="application/json"
    )
    assert (made.status_code, made.json()["attrs"]) == (201, {"size": 5})
    again = api.put(
        "/api/v1/companies/by-external-id/acme/", {"attrs": {"size": None, "city": "Омск"}}, content_type="application/json"
    )
    assert (again.status_code, again.json()["name"], again.json()["attrs"]) == (200, "ACME", {"city": "Омск"})
    results = api.post(
        "/api/v1/companies/bulk/", {"items": [{"external_id": "b"}, {"name": "x"}]}, content_type="application/json"
    ).json()["results"]
    assert [line["status"] for line in results] == [201, 400]
    assert [line["external_id"] for line in api.get("/api/v1/companies/").json()["results"]] == ["acme", "b"]
    assert api.get("/api/v1/companies/nothing/").status_code == 404
    assert Company.objects.count() == 2


def test_scores_by_rest(api: Client) -> None:
    bulk(api, ANNA)
    made = api.post(
        "/api/v1/scores/", {"customer": "c1", "metric": "nps", "value": 9, "comment": "Да"}, content_type="application/json"
    )
    assert (made.status_code, made.json()["customer"], made.json()["at"]) == (201, "c1", "2026-03-02T10:00:00Z")
    assert api.get(f"/api/v1/scores/{made.json()['id']}/").json()["comment"] == "Да"
    assert len(api.get("/api/v1/scores/?customer=c1&metric=nps").json()["results"]) == 1
    for body in (
        {"customer": "c1", "metric": "nps", "value": 11},
        {"customer": "c1", "metric": "nps"},
        {"metric": "mood", "customer": "c1", "value": 1},
    ):
        assert api.post("/api/v1/scores/", body, content_type="application/json").status_code == 400
    assert (
        api.post("/api/v1/scores/", {"customer": "x", "metric": "nps", "value": 1}, content_type="application/json").status_code
        == 404
    )
