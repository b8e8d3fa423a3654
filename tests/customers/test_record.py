"""POST /api/v1/touches/"""

import gzip
import json
from typing import Any

import pytest
from django.test import Client

from cjm.lib import clock
from customers.models import Customer, Identity, RejectedTouch, Score, Touch, TouchBatch, TouchKey
from tests import make
from tests.customers.sending import NOW, post, touch
from workspaces.models import Due, Workspace

URL = "/api/v1/touches/"


@pytest.fixture(autouse=True)
def standing_clock() -> None:
    clock.install(lambda: NOW)


def test_it_works(api: Client, workspace: Workspace) -> None:
    body = {
        "touches": [
            touch(
                "m-1", "c1", event="whitepaper_downloaded", channel="email", touchpoint="guide-1", value="8000.00",
                currency="RUB", anonymous_id=None, score={"metric": "nps", "value": 6}, props={"doc": "guide-1"},
                identify={"email": "a@b.example", "attrs": {"plan": "pro"}},
            )
        ],
        "source": "crm",
        "historical": False,
    }  # fmt: skip
    response = api.post(URL, body, content_type="application/json")
    assert (response.status_code, response.json()) == (201, {"accepted": 1, "repeated": 0, "rejected": []})
    row = Touch.objects.select_related("identity__customer").get()
    assert (row.source, row.touch_id, row.event, row.channel, row.touchpoint) == (
        "crm",
        "m-1",
        "whitepaper_downloaded",
        "email",
        "guide-1",
    )
    assert (str(row.value), row.currency, row.score_metric, row.score_value) == ("8000.00", "RUB", "nps", 6)
    assert (row.props, row.received_at, row.occurred_at.isoformat()) == ({"doc": "guide-1"}, NOW, "2026-03-02T09:00:00+00:00")
    customer = row.identity.customer
    assert (customer.external_id, customer.email, customer.attrs) == ("c1", "a@b.example", {"plan": "pro"})
    assert customer.has_unfolded
    assert Score.objects.get().customer == customer
    assert TouchBatch.objects.get().touches == 1
    assert set(Due.objects.filter(workspace=workspace).values_list("kind", flat=True)) >= {"fold", "sync"}


def test_a_repeat_in_a_later_request_is_counted_and_changes_nothing(api: Client) -> None:
    post(api, touch("m-1", "c1"))
    again = post(api, touch("m-1", "c1", event="other", identify={"email": "new@b.example"}), touch("m-2", "c1"))
    assert again == {"accepted": 1, "repeated": 1, "rejected": []}
    assert Touch.objects.get(touch_id="m-1").event == "signup"
    assert Customer.objects.get().email == ""


def test_a_repeat_within_one_request_is_counted(api: Client) -> None:
    assert post(api, touch("m-1", "c1", event="first"), touch("m-1", "c1", event="second")) == {
        "accepted": 1, "repeated": 1, "rejected": [],
    }  # fmt: skip
    assert Touch.objects.get().event == "first"


def test_the_same_touch_id_of_another_source_is_another_touch(api: Client) -> None:
    post(api, touch("m-1", "c1"), source="crm")
    assert post(api, touch("m-1", "c1"), source="web")["accepted"] == 1


def test_a_repeat_of_an_erased_touch_is_still_known(api: Client) -> None:
    post(api, touch("m-1", "c1"))
    assert api.delete("/api/v1/customers/c1/").status_code == 204
    assert TouchKey.objects.count() == 1
    assert post(api, touch("m-1", "c1")) == {"accepted": 0, "repeated": 1, "rejected": []}
    assert not Identity.objects.exists()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"occurred_at": "yesterday"}, "invalid_time"),
        ({"occurred_at": "2026-03-02T09:00:00"}, "invalid_time"),
        ({"occurred_at": "2026-03-02"}, "invalid_time"),
        ({"occurred_at": 1772442000}, "invalid_time"),
        ({"occurred_at": "1969-12-31T23:59:59Z"}, "invalid_time"),
        ({"occurred_at": "2026-03-03T10:00:01Z"}, "invalid_time"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "invalid_time"),
        ({"colour": "red"}, "unknown_field"),
        ({"score": {"metric": "nps", "value": 6, "mood": 1}}, "unknown_field"),
        ({"identify": {"phone": "1"}}, "unknown_field"),
        ({"event": None}, "invalid_shape"),
        ({"event": 5}, "invalid_shape"),
        ({"customer": None}, "invalid_shape"),
        ({"props": []}, "invalid_shape"),
        ({"event": ""}, "invalid_value"),
        ({"event": "x" * 201}, "invalid_value"),
        ({"customer": "bulk"}, "invalid_value"),
        ({"value": "much"}, "invalid_value"),
        ({"value": "NaN"}, "invalid_value"),
        ({"value": "1e30"}, "invalid_value"),
        ({"value": "1.234"}, "invalid_value"),
        ({"currency": "roubles"}, "invalid_value"),
        ({"score": {"metric": "nps", "value": 11}}, "invalid_value"),
        ({"score": {"metric": "mood", "value": 1}}, "invalid_value"),
        ({"identify": {"email": "nobody"}}, "invalid_value"),
        ({"props": {"name": "\ud800"}}, "invalid_value"),
    ],
)
def test_a_bad_item_is_rejected_with_its_code_and_kept_while_its_neighbours_are_recorded(
    api: Client, fields: dict[str, Any], code: str
) -> None:
    answer = post(api, touch("m-1", "c1"), touch("m-2", "c2") | fields, touch("m-3", "c3"))
    assert (answer["accepted"], answer["repeated"]) == (2, 0)
    assert [(line["index"], line["code"]) for line in answer["rejected"]] == [(1, code)]
    assert answer["rejected"][0]["detail"]
    kept = RejectedTouch.objects.get()
    assert (kept.index, kept.code, kept.item["touch_id"]) == (1, code, "m-2")


@pytest.mark.parametrize("name", ["touch_id", "event", "occurred_at", "customer"])
def test_a_required_field_that_is_missing_is_an_invalid_shape(api: Client, name: str) -> None:
    item = touch("m-1", "c1")
    del item[name]
    assert [line["code"] for line in post(api, item)["rejected"]] == ["invalid_shape"]


@pytest.mark.parametrize("item", ["text", 5, None, []])
def test_an_item_that_is_no_object_is_kept_as_well(api: Client, item: Any) -> None:
    assert post(api, item, touch("m-1", "c1"))["rejected"][0]["code"] == "invalid_shape"
    assert RejectedTouch.objects.get().item == item


@pytest.mark.parametrize("at", ["1970-01-01T00:00:00Z", "2026-03-03T10:00:00Z", "2026-03-02T12:00:00+03:00"])
def test_times_at_the_edges_are_taken(api: Client, at: str) -> None:
    assert post(api, touch("m-1", "c1", occurred_at=at))["accepted"] == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"touches": {}}, "invalid"),
        ({}, "invalid"),
        ([], "invalid"),
        ({"touches": [], "mood": 1}, "invalid"),
        ({"touches": [], "historical": "no"}, "invalid"),
        ({"touches": [], "source": ""}, "invalid"),
        ({"touches": [touch("m", "c")] * 1001}, "too_many"),
    ],
)
def test_a_bad_request_records_nothing(api: Client, body: Any, code: str) -> None:
    response = api.post(URL, body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, code)
    assert not Touch.objects.exists()


def test_a_body_with_nul_is_refused(api: Client) -> None:
    response = api.post(URL, {"touches": [touch("m-1", "c\x001")]}, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid_text")


def test_a_body_over_the_limit_is_refused(api: Client) -> None:
    response = api.post(URL, {"touches": [touch("m-1", "c1", props={"x": "y" * 5_300_000})]}, content_type="application/json")
    assert response.status_code == 413


def test_a_gzipped_body_is_unpacked_up_to_the_limit(api: Client) -> None:
    body = gzip.compress(json.dumps({"touches": [touch("m-1", "c1", props={"x": "y" * 3_000_000})]}).encode())
    assert api.post(URL, body, content_type="application/json", headers={"Content-Encoding": "gzip"}).status_code == 201
    bomb = gzip.compress(b"[" * 50_000_000)
    assert api.post(URL, bomb, content_type="application/json").status_code == 413
    assert api.post(URL, body[:500], content_type="application/json").status_code == 400


def test_a_browser_whose_customer_s_name_is_taken_already_joins_them(api: Client) -> None:
    api.post("/api/v1/customers/", {"external_id": "anonymous:b1", "name": "Anna"}, content_type="application/json")
    assert post(api, touch("m-1", None, anonymous_id="b1"))["accepted"] == 1
    assert Touch.objects.get().identity.customer.name == "Anna"


def test_a_browser_without_a_name_becomes_a_nameless_customer(api: Client) -> None:
    post(api, touch("m-1", None, anonymous_id="b1"))
    customer = Customer.objects.get()
    assert (customer.external_id, customer.is_anonymous) == ("anonymous:b1", True)
    assert api.get("/api/v1/customers/anonymous:b1/").json()["external_id"] == "anonymous:b1"


def test_a_touch_with_both_names_gives_the_browser_s_history_to_the_customer(api: Client) -> None:
    post(api, touch("m-1", None, anonymous_id="b1"), touch("m-2", "c1"))
    post(api, touch("m-3", "c1", anonymous_id="b1"), touch("m-4", None, anonymous_id="b1"))
    assert Customer.objects.filter(deleted_at__isnull=True).get().external_id == "c1"
    listed = api.get(f"{URL}?customer=c1").json()["results"]
    assert [line["touch_id"] for line in listed] == ["m-1", "m-2", "m-3", "m-4"]


def test_a_browser_that_belongs_to_somebody_stays_theirs(api: Client) -> None:
    post(api, touch("m-1", "c1", anonymous_id="b1"))
    post(api, touch("m-2", "c2", anonymous_id="b1"))
    post(api, touch("m-3", None, anonymous_id="b1"))
    assert Touch.objects.get(touch_id="m-3").identity.customer.external_id == "c1"
    assert Touch.objects.get(touch_id="m-2").identity.customer.external_id == "c2"


def test_identify_merges_key_by_key_and_null_takes_away(api: Client) -> None:
    post(api, touch("m-1", "c1", identify={"name": "Анна", "attrs": {"plan": "trial", "age": 3}, "consent": {"email": True}}))
    post(api, touch("m-2", "c1", identify={"attrs": {"plan": "pro", "age": None}, "timezone": "Mars/Base"}))
    row = Customer.objects.get()
    assert (row.name, row.attrs, row.consent, row.timezone) == ("Анна", {"plan": "pro"}, {"email": True}, "")


def test_the_order_of_ids_is_the_order_of_the_request(api: Client) -> None:
    post(api, *[touch(f"m-{number}", f"c{number % 3}") for number in range(50)])
    assert list(Touch.objects.order_by("pk").values_list("touch_id", flat=True)) == [f"m-{number}" for number in range(50)]


def test_the_source_is_api_unless_it_is_given(api: Client) -> None:
    api.post(URL, {"touches": [touch("m-1", "c1")]}, content_type="application/json")
    assert Touch.objects.get().source == "api"


def test_the_number_of_queries_does_not_grow_with_the_touches(api: Client, django_assert_max_num_queries: Any) -> None:
    post(api, touch("warm", "c0"))
    with django_assert_max_num_queries(40):
        few = _count(api, 5, "a")
    with django_assert_max_num_queries(40):
        many = _count(api, 500, "b")
    assert many == few


def _count(api: Client, size: int, name: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    items = [
        touch(f"{name}-{number}", f"{name}{number}", score={"metric": "nps", "value": 5}, identify={"name": "N"})
        for number in range(size)
    ]
    with CaptureQueriesContext(connection) as seen:
        post(api, *items)
    return len(
        [
            line
            for line in seen
            if not line["sql"].startswith(('UPDATE "customers_customer" set', 'update "customers_customer" set'))
        ]
    )


def test_an_idempotency_key_gives_the_first_answer_again(api: Client) -> None:
    body = {"touches": [touch("m-1", "c1")], "source": "crm"}
    first = api.post(URL, body, content_type="application/json", headers={"Idempotency-Key": "k"})
    again = api.post(URL, body, content_type="application/json", headers={"Idempotency-Key": "k"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == {"accepted": 1, "repeated": 0, "rejected": []}
    other = api.post(URL, body | {"source": "web"}, content_type="application/json", headers={"Idempotency-Key": "k"})
    assert other.status_code == 409


def test_above_the_rate_it_answers_429_with_retry_after(api: Client, settings: Any) -> None:
    settings.TOUCHES_PER_SECOND = 1
    settings.TOUCHES_BURST = 3
    post(api, *[touch(f"m-{number}", "c1") for number in range(3)])
    response = api.post(URL, {"touches": [touch("m-9", "c1")]}, content_type="application/json")
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) >= 1
    assert not Touch.objects.filter(touch_id="m-9").exists()


def test_a_token_without_the_scope_is_refused_and_a_missing_one_too(workspace: Workspace, client: Client) -> None:
    body = json.dumps({"touches": [touch("m-1", "c1")]})
    reader = {"Authorization": f"Bearer {make.token(workspace, 'read')}"}
    assert client.post(URL, body, content_type="application/json", headers=reader).status_code == 403
    assert client.post(URL, body, content_type="application/json").status_code == 401
    writer = {"Authorization": f"Bearer {make.token(workspace, 'ingest')}"}
    assert client.post(URL, body, content_type="application/json", headers=writer).status_code == 201
    assert client.get(URL, headers=writer).status_code == 403


def test_a_stranger_s_workspace_sees_and_shares_nothing(api: Client, workspace: Workspace) -> None:
    post(api, touch("m-1", "c1"))
    foreign = Client(headers={"Authorization": f"Bearer {make.token(Workspace.objects.get(slug='foreign'))}"})
    assert post(foreign, touch("m-1", "c1"))["accepted"] == 1
    assert len(foreign.get(URL).json()["results"]) == 1
    assert len(api.get(URL).json()["results"]) == 1


def test_the_list_is_filtered_and_paged(api: Client) -> None:
    post(api, *[touch(f"m-{number}", f"c{number % 2}", event=f"e{number % 3}") for number in range(6)], source="crm")
    assert [line["touch_id"] for line in api.get(f"{URL}?touch_id=m-3").json()["results"]] == ["m-3"]
    assert [line["touch_id"] for line in api.get(f"{URL}?customer=c0&event=e0").json()["results"]] == ["m-0"]
    assert api.get(f"{URL}?source=web").json()["results"] == []
    page = api.get(f"{URL}?limit=4").json()
    assert len(page["results"]) == 4
    assert [line["touch_id"] for line in api.get(page["next"]).json()["results"]] == ["m-4", "m-5"]
    line = page["results"][0]
    assert (line["customer"], line["source"], line["occurred_at"], line["score"]) == ("c0", "crm", "2026-03-02T09:00:00Z", None)
