"""REST of whole maps: templates, the board as one document, export and import."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from journeys.models import JourneyMap, Lane, Stage
from tests import make
from touchpoints import editing, starting
from workspaces.models import Membership

JSON = {"content_type": "application/json"}
URL = "/api/v1/maps/"


@pytest.fixture
def full(workspace: Any, editor: Membership) -> JourneyMap:
    return starting.make_map("b2b-saas-crm", by=editor, title="CRM")


def post(api: Client, body: Any, *, url: str = URL, status: int = 201) -> Any:
    answer = api.post(url, body, **JSON)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_it_works(api: Client, workspace: Any) -> None:
    made = post(api, {"title": "Пустая", "kind": "service_blueprint"})
    assert (made["title"], made["version"], made["template"]) == ("Пустая", 1, "")
    kinds = {row.kind for row in Lane.objects.filter(map_id=made["id"])}
    assert {"actions", "backstage", "systems"} <= kinds
    assert api.get(f"{URL}{made['id']}/").json() == made


def test_a_map_begins_as_a_template(api: Client, workspace: Any) -> None:
    codes = [row["code"] for row in api.get("/api/v1/map-templates/").json()["results"]]
    assert {"b2b-8", "b2b-saas-crm", "online-school-7"} <= set(codes)
    persona = post(api, {"name": "Анна"}, url="/api/v1/personas/")
    made = post(api, {"title": "Школа", "template": "online-school-7", "personas": [persona["id"]], "average_cheque": "5000.00"})
    assert (made["title"], made["personas"], made["average_cheque"]) == ("Школа", [persona["id"]], "5000.00")
    assert Stage.objects.filter(map_id=made["id"]).count() == 7
    assert list(post(api, {"title": "?", "template": "none"}, status=400)["errors"]) == ["template"]


def test_a_map_becomes_a_template_of_the_workspace(api: Client, full: JourneyMap) -> None:
    code = post(api, {"title": "Наша CRM", "map": str(full.pk)}, url="/api/v1/map-templates/")["code"]
    made = post(api, {"title": "Вторая", "template": code})
    assert Stage.objects.filter(map_id=made["id"]).count() == Stage.objects.filter(map=full).count()
    assert api.get(f"/api/v1/map-templates/{code}/").json()["payload"]["format"]
    assert api.delete(f"/api/v1/map-templates/{code}/").status_code == 204
    assert api.get(f"/api/v1/map-templates/{code}/").status_code == 404


def test_settings_change_with_if_match(api: Client, full: JourneyMap) -> None:
    url = f"{URL}{full.pk}/"
    tag = api.get(url).headers["ETag"]
    changed = api.patch(url, {"title": "CRM 2", "status": "archived", "personas": []}, headers={"If-Match": tag}, **JSON)
    assert (changed.status_code, changed.json()["title"], changed.json()["personas"]) == (200, "CRM 2", [])
    stale = api.patch(url, {"title": "CRM 3"}, headers={"If-Match": tag}, **JSON)
    assert (stale.status_code, stale.json()["current"]["title"]) == (412, "CRM 2")
    assert api.patch(url, {"version": 9, "colour": 1}, **JSON).json()["errors"].keys() == {"colour"}


def test_the_board_is_one_document(api: Client, full: JourneyMap) -> None:
    board = api.get(f"{URL}{full.pk}/board/").json()
    assert (board["id"], board["title"], board["kind"]) == (str(full.pk), "CRM", "current_state")
    assert [stage["canonical"] for stage in board["stages"]][:3] == ["awareness", "consideration", "decision"]
    assert board["stages"][0]["targets"]
    lanes, stages = ({row["id"] for row in board[name]} for name in ("lanes", "stages"))
    assert board["cards"]
    assert all(card["lane"] in lanes and card["stage"] in stages and "step" in card and card["text"] for card in board["cards"])
    assert {row["touchpoint"] for row in board["placements"]} == {row["id"] for row in board["touchpoints"]}
    assert board["emotion_points"]
    assert {"pain_points", "opportunities", "hypotheses", "personas", "channels", "evidence"} <= board.keys()


def test_the_board_takes_the_same_queries_whatever_its_size(api: Client, full: JourneyMap, editor: Membership) -> None:
    url = f"{URL}{full.pk}/board/"
    stage = Stage.objects.filter(map=full).first()
    editing.add_quote(editing.add_pain(stage, "Боль", by=editor), "Больно", by=editor)
    api.get(url)  # the first request of a token notes when it was used
    with CaptureQueriesContext(connection) as small:
        api.get(url)
    lane = Lane.objects.get(map=full, kind="actions")
    for number in range(20):
        editing.add_card(lane, stage, f"Шаг {number}", by=editor)
        editing.add_placement(stage, f"Точка {number}", by=editor)
        editing.add_quote(editing.add_pain(stage, f"Боль {number}", by=editor), "Больно", by=editor)
    with CaptureQueriesContext(connection) as large:
        assert len(api.get(url).json()["evidence"]) == 21
    assert len(large) == len(small)


def test_import_of_an_export_is_the_same_map(api: Client, full: JourneyMap) -> None:
    exported = api.get(f"{URL}{full.pk}/export/", {"format": "json"})
    assert "attachment" in exported.headers["Content-Disposition"]
    made = post(api, exported.json(), url=f"{URL}import/")
    again = api.get(f"{URL}{made['id']}/export/").json()
    assert again == exported.json()
    assert made["id"] != str(full.pk)


def test_the_sheet_holds_stages_by_lanes_and_no_formula(api: Client, full: JourneyMap, editor: Membership) -> None:
    lane = Lane.objects.get(map=full, kind="actions")
    first = min(Stage.objects.filter(map=full), key=lambda row: row.rank)
    editing.add_card(lane, first, "=HYPERLINK(1)", by=editor, position=0)
    answer = api.get(f"{URL}{full.pk}/export/", {"format": "csv"}, headers={"Accept-Language": "ru"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][1:] == [row.name for row in sorted(Stage.objects.filter(map=full), key=lambda row: row.rank)]
    actions = next(row for row in rows if "HYPERLINK" in row[1])
    assert actions[1].startswith("'=")
    assert any("Блог" in row[1] for row in rows)


@pytest.mark.parametrize("format", ["xlsx", "pdf", "exe"])
def test_other_formats_are_refused_in_words(api: Client, full: JourneyMap, format: str) -> None:
    answer = api.get(f"{URL}{full.pk}/export/", {"format": format})
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_format")


@pytest.mark.parametrize("body", [[], {}, {"format": "cjm.map"}, {"format": "cjm.map", "version": 1, "map": {"title": 1}}])
def test_a_broken_document_makes_no_map(api: Client, workspace: Any, body: Any) -> None:
    assert api.post(f"{URL}import/", body, **JSON).status_code == 400
    assert JourneyMap.objects.count() == 0


def test_the_same_key_imports_once(api: Client, full: JourneyMap) -> None:
    document = api.get(f"{URL}{full.pk}/export/").json()
    ids = [api.post(f"{URL}import/", document, headers={"Idempotency-Key": "k"}, **JSON).json()["id"] for _ in range(2)]
    assert ids[0] == ids[1]
    assert JourneyMap.objects.count() == 2


def test_a_review_freshens_the_map(api: Client, full: JourneyMap) -> None:
    body = {"map": str(full.pk), "kind": "deep", "reason": "scheduled_deep", "done_at": "2026-11-20T10:00:00Z"}
    review = post(api, body, url="/api/v1/reviews/")
    assert api.get(f"{URL}{full.pk}/").json()["last_deep_review_at"].startswith("2026-11-20T10:00:00")
    api.patch(f"/api/v1/reviews/{review['id']}/", {"done_at": "2026-11-21T10:00:00Z"}, **JSON)
    assert api.get(f"{URL}{full.pk}/").json()["last_deep_review_at"].startswith("2026-11-21")


def test_another_workspace_s_map_does_not_exist(full: JourneyMap, mallory: Any) -> None:
    place = Membership.objects.get(user=mallory).workspace
    stranger = Client(headers={"Authorization": f"Bearer {make.token(place)}"})
    for path in ("", "board/", "export/"):
        assert stranger.get(f"{URL}{full.pk}/{path}").status_code == 404
    answer = stranger.post(URL, {"title": "?", "derived_from": str(full.pk)}, **JSON)
    assert answer.json()["errors"].keys() == {"derived_from"}
