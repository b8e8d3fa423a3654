"""The manners of every REST collection, on the collection of tasks."""

import json
from base64 import b64encode
from typing import Any

import pytest
from django.test import Client

from cjm.lib.clock import now
from customers.models import Customer
from tests import make
from workspaces import tenancy
from workspaces.models import Membership, Task, Workspace

URL = "/api/v1/tasks/"


def post(api: Client, body: Any, **headers: str) -> Any:
    return api.post(URL, json.dumps(body), content_type="application/json", headers=headers)


def patch(api: Client, id: str, body: Any, **headers: str) -> Any:
    return api.patch(f"{URL}{id}/", json.dumps(body), content_type="application/json", headers=headers)


def test_it_works(api: Client, editor: Membership) -> None:
    made = post(api, {"title": "Позвонить", "assignee": str(editor.pk), "due_at": "2026-12-01T09:00:00+03:00"})
    assert made.status_code == 201
    body = made.json()
    assert (body["due_at"], body["assignee"]) == ("2026-12-01T06:00:00Z", str(editor.pk))
    got = api.get(f"{URL}{body['id']}/")
    assert got.json() == body
    assert got["ETag"] == made["ETag"] == '"1"'
    changed = patch(api, body["id"], {"title": "Написать"})
    assert (changed.json()["title"], changed["ETag"]) == ("Написать", '"2"')
    assert api.delete(f"{URL}{body['id']}/").status_code == 204
    assert api.get(f"{URL}{body['id']}/").status_code == 404


def test_unknown_fields_are_refused(api: Client) -> None:
    answer = post(api, {"title": "x", "colour": "red"})
    assert answer.status_code == 400
    assert set(answer.json()) == {"detail", "code", "errors"}
    assert list(answer.json()["errors"]) == ["colour"]


def test_a_missing_field_is_named(api: Client) -> None:
    assert list(post(api, {}).json()["errors"]) == ["title"]


@pytest.mark.parametrize("body", ["[]", "3", '"text"', "null", "{", "\ufeff{}", '{"title": NaN}', '{"title": 1e999}', "["])
def test_a_body_that_is_no_object_is_refused(api: Client, body: str) -> None:
    answer = api.post(URL, body, content_type="application/json")
    assert answer.status_code == 400
    assert "code" in answer.json()


def test_what_cannot_be_stored_is_refused(api: Client) -> None:
    for text in ("a\\u0000b", "\\ud800"):
        assert api.post(URL, f'{{"title": "{text}"}}', content_type="application/json").json()["code"] == "invalid_text"


def test_a_deep_body_is_refused(api: Client) -> None:
    assert post(api, {"title": "x", "source": json.loads("[" * 40 + "]" * 40)}).json()["code"] == "too_deep"
    assert api.post(URL, "[" * 100_000, content_type="application/json").status_code == 400


def test_a_large_body_is_refused(api: Client) -> None:
    assert post(api, {"title": "x" * (2 * 1024 * 1024)}).status_code == 413


def test_a_stale_write_gets_the_current_object(api: Client) -> None:
    made = post(api, {"title": "Раз"}).json()
    patch(api, made["id"], {"title": "Два"}, **{"If-Match": '"1"'})
    for stale in (
        patch(api, made["id"], {"title": "Три"}, **{"If-Match": '"1"'}),
        api.delete(f"{URL}{made['id']}/", headers={"If-Match": '"1"'}),
    ):
        assert stale.status_code == 412
        assert stale.json()["current"] == api.get(f"{URL}{made['id']}/").json()
    assert patch(api, made["id"], {"title": "Три"}, **{"If-Match": 'W/"0", "2"'}).status_code == 200
    assert patch(api, made["id"], {"title": "Четыре"}, **{"If-Match": "*"}).status_code == 200


def test_a_repeated_post_gets_the_first_answer(api: Client) -> None:
    first, second = (post(api, {"title": "Раз"}, **{"Idempotency-Key": "k-1"}) for _turn in range(2))
    assert (first.status_code, first.json(), first["ETag"]) == (second.status_code, second.json(), second["ETag"])
    assert Task.objects.count() == 1
    other = post(api, {"title": "Два"}, **{"Idempotency-Key": "k-1"})
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    wrong = [post(api, {"nothing": 1}, **{"Idempotency-Key": "k-2"}) for _turn in range(2)]
    assert [answer.status_code for answer in wrong] == [400, 400]
    assert post(api, {"title": "x"}, **{"Idempotency-Key": "k" * 201}).status_code == 400


def test_an_idempotency_key_is_of_one_workspace(api: Client) -> None:
    post(api, {"title": "Раз"}, **{"Idempotency-Key": "k-1"})
    stranger = Client(headers={"Authorization": f"Bearer {make.token(Workspace.objects.get(slug='foreign'))}"})
    assert post(stranger, {"title": "Два"}, **{"Idempotency-Key": "k-1"}).status_code == 201


def test_lists_are_cut_by_a_cursor(api: Client) -> None:
    for number in range(5):
        post(api, {"title": str(number)})
    seen: list[str] = []
    page = f"{URL}?limit=2"
    while page:
        body = api.get(page).json()
        assert set(body) == {"next", "previous", "results"}
        seen += [row["title"] for row in body["results"]]
        page = body["next"]
    assert seen == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("address", [URL, "/api/v1/customers/", "/api/v1/touches/", "/api/v1/companies/", "/api/v1/audit/"])
@pytest.mark.parametrize("inside", ["p=abc", "p=%00", "o=x", "r=x", "p=9999-99-99"])
def test_a_cursor_that_nobody_gave_is_a_404(api: Client, address: str, inside: str) -> None:
    cursor = b64encode(inside.encode()).decode()
    for query in ({"cursor": cursor}, {"cursor": cursor, "updated_since": "2020-01-01T00:00:00Z"}, {"cursor": "nonsense"}):
        assert api.get(address, query).status_code == 404


def test_a_sync_passes_more_than_a_thousand_rows_of_one_moment(api: Client) -> None:
    items = [{"external_id": f"c{number}"} for number in range(1000)]
    for part in (items, [{"external_id": "last one"}, *({"external_id": f"d{number}"} for number in range(600))]):
        assert api.post("/api/v1/customers/bulk/", {"items": part}, content_type="application/json").status_code == 200
    Customer.objects.update(updated_at=now())
    seen: set[str] = set()
    page, pages = "/api/v1/customers/?limit=500&updated_since=2020-01-01T00:00:00Z", 0
    while page and pages < 10:
        body = api.get(page).json()
        seen |= {row["external_id"] for row in body["results"]}
        page, pages = body["next"], pages + 1
    assert (len(seen), pages) == (1601, 4)


def test_a_client_syncs_with_tombstones(api: Client) -> None:
    kept, gone = post(api, {"title": "Раз"}).json(), post(api, {"title": "Два"}).json()
    api.delete(f"{URL}{gone['id']}/")
    rows = {row["id"]: row["deleted_at"] for row in api.get(f"{URL}?updated_since=2020-01-01T00:00:00Z").json()["results"]}
    assert rows[kept["id"]] is None
    assert rows[gone["id"]] is not None
    assert [row["id"] for row in api.get(URL).json()["results"]] == [kept["id"]]
    assert api.get(f"{URL}?updated_since=2099-01-01T00:00:00Z").json()["results"] == []
    for wrong in (
        "yesterday",
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-02-30T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
    ):
        assert api.get(f"{URL}?updated_since={wrong}").json()["code"] == "invalid_time"
        assert api.get(f"/api/v1/customers/?updated_since={wrong}").status_code == 400


def test_a_filter_narrows_and_a_wrong_one_is_refused(api: Client, editor: Membership) -> None:
    post(api, {"title": "Боба", "assignee": str(editor.pk)})
    post(api, {"title": "Ничья"})
    assert [row["title"] for row in api.get(f"{URL}?assignee={editor.pk}").json()["results"]] == ["Боба"]
    assert api.get(f"{URL}?assignee=bob").json()["code"] == "invalid_filter"


def test_a_member_of_another_workspace_is_no_assignee(api: Client) -> None:
    foreign = Membership.objects.get(workspace__slug="foreign")
    assert list(post(api, {"title": "x", "assignee": str(foreign.pk)}).json()["errors"]) == ["assignee"]


def test_bulk_answers_each_item(api: Client) -> None:
    body = {"items": [{"title": "Раз"}, {"titel": "Два"}, 3]}
    results = api.post(f"{URL}bulk/", json.dumps(body), content_type="application/json").json()["results"]
    assert [(row["index"], row["status"], row["errors"] is None) for row in results] == [
        (0, 201, True),
        (1, 400, False),
        (2, 400, False),
    ]
    assert Task.objects.count() == 1
    for wrong in ({}, {"items": "x"}, {"items": [{}] * 1001}, []):
        assert api.post(f"{URL}bulk/", json.dumps(wrong), content_type="application/json").status_code == 400


def test_foreign_and_missing_are_the_same(api: Client) -> None:
    with tenancy.writing(Workspace.objects.get(slug="foreign").pk):
        foreign = Task.objects.create(title="Чужая")
    answers = [api.get(f"{URL}{id}/").json() for id in (foreign.pk, "01900000-0000-7000-8000-000000000000")]
    assert answers[0] == answers[1]
    assert answers[0]["code"] == "not_found"


def test_a_wrong_method_is_405(api: Client) -> None:
    assert api.put(URL, "{}", content_type="application/json").status_code == 405


def test_the_401_names_the_scheme(client: Client, db: None) -> None:
    answer = client.get(URL)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_errors_speak_the_language_of_the_request(api: Client) -> None:
    english = api.get(f"{URL}01900000-0000-7000-8000-000000000000/", headers={"Accept-Language": "en"}).json()["detail"]
    russian = api.get(f"{URL}01900000-0000-7000-8000-000000000000/", headers={"Accept-Language": "ru"}).json()["detail"]
    assert (english, russian) == ("There is no such thing here.", "Здесь такого нет.")


def test_a_write_stands_in_the_audit_under_its_token(api: Client) -> None:
    post(api, {"title": "Раз"})
    row = api.get("/api/v1/audit/").json()["results"][0]
    assert (row["deed"], row["by"], row["token"] is not None) == ("task.created", None, True)
