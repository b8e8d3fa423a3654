"""The installation's clock and fresh workspaces for checkers."""

from typing import Any

import pytest
from django.test import Client

from cjm.lib import clock
from customers.models import Customer, StageVisit
from tests import make
from tests.customers.sending import post, touch
from workspaces import clock as stored_clock
from workspaces import tenancy
from workspaces.models import Membership, Token, Workspace

CLOCK, PLACES = "/api/v1/test/clock/", "/api/v1/test/workspaces/"
NOW = "2026-03-02T09:00:00Z"


@pytest.fixture
def test_mode(settings: Any) -> None:
    settings.TEST_CLOCK = True
    stored_clock.install()


@pytest.fixture
def installation(workspace: Workspace, owner: Membership) -> Client:
    words = make.token(workspace)
    Token.objects.filter(workspace=workspace).update(is_installation=True)
    return Client(headers={"Authorization": f"Bearer {words}"})


def put(client: Client, body: Any) -> Any:
    return client.put(CLOCK, body, content_type="application/json")


def test_the_clock_stands_where_it_is_put_and_may_go_back(api: Client, test_mode: None) -> None:
    assert put(api, {"now": NOW}).json() == {"now": NOW, "drained": 0}
    assert clock.now().isoformat() == "2026-03-02T09:00:00+00:00"
    assert put(api, {"now": "2025-01-01T03:00:00+03:00"}).status_code == 200
    assert clock.now().isoformat() == "2025-01-01T00:00:00+00:00"


def test_touches_are_judged_by_it_and_folded_when_it_moves(api: Client, workspace: Workspace, test_mode: None) -> None:
    make.journey_map()
    put(api, {"now": NOW})
    answer = post(
        api,
        touch("m-1", "c1", event="stage-1", occurred_at="2026-03-02T08:00:00Z"),
        touch("m-2", "c1", occurred_at="2026-03-04T08:00:00Z"),
    )
    assert [line["code"] for line in answer["rejected"]] == ["invalid_time"]
    assert not StageVisit.objects.exists()
    assert put(api, {"now": "2026-03-02T09:01:00Z"}).json()["drained"] == 1
    assert StageVisit.objects.get().stage.name == "Осознание"
    assert not Customer.objects.filter(has_unfolded=True).exists()


@pytest.mark.parametrize("body", [{}, {"now": "noon"}, {"now": "2026-03-02T09:00:00"}, {"now": 5}, {"now": NOW, "mood": 1}, []])
def test_a_moment_that_cannot_be_read_is_refused(api: Client, test_mode: None, body: Any) -> None:
    assert put(api, body).status_code == 400


def test_a_fresh_workspace_has_a_token_and_a_live_map_of_all_stages(installation: Client, test_mode: None) -> None:
    body = {
        "slug": "proof", "timezone": "Europe/Moscow", "week_start": "sunday", "max_lateness": "PT72H", "max_chain_depth": 5,
        "quiet_hours": {"start": "21:00", "end": "09:00", "applies_to": ["marketing"]},
        "caps": [{"do": "email", "limit": 1, "per": "P7D"}], "retry": {"max_attempts": 4, "backoff": ["PT1M"]},
    }  # fmt: skip
    made = installation.post(PLACES, body, content_type="application/json")
    assert made.status_code == 201
    answer = made.json()
    assert answer.keys() == {"id", "slug", "token", "map"}
    place = Workspace.objects.get(slug="proof")
    assert (place.timezone, place.week_start, place.settings["retry"]["max_attempts"]) == ("Europe/Moscow", "sunday", 4)
    program = Client(headers={"Authorization": f"Bearer {answer['token']}"})
    assert post(program, touch("m-1", "c1", occurred_at="2026-03-02T08:00:00Z"))["accepted"] == 1
    for code in ("awareness", "advocacy"):
        staged = program.put(
            "/api/v1/customers/c1/stage/", {"map": answer["map"], "stage": code}, content_type="application/json"
        )
        assert staged.status_code == 200
    with tenancy.reading(place.pk):
        assert StageVisit.objects.filter(exited_at__isnull=True).get().stage.canonical == "advocacy"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"slug": "acme"}, 409), ({"slug": "a b"}, 400), ({}, 400), ({"slug": "x", "timezone": "Mars"}, 400),
        ({"slug": "x", "week_start": "friday"}, 400), ({"slug": "x", "mood": 1}, 400), ([], 400),
    ],
)  # fmt: skip
def test_a_bad_workspace_is_refused(installation: Client, test_mode: None, body: Any, status: int) -> None:
    assert installation.post(PLACES, body, content_type="application/json").status_code == status


def test_only_the_installation_s_token_makes_workspaces(api: Client, test_mode: None) -> None:
    assert api.post(PLACES, {"slug": "x"}, content_type="application/json").status_code == 403


def test_outside_test_mode_there_is_nothing(api: Client, installation: Client, workspace: Workspace) -> None:
    assert put(api, {"now": NOW}).status_code == 404
    assert installation.post(PLACES, {"slug": "x"}, content_type="application/json").status_code == 404


def test_a_token_without_admin_moves_no_clock(workspace: Workspace, test_mode: None) -> None:
    writer = Client(headers={"Authorization": f"Bearer {make.token(workspace, 'read', 'write', 'ingest')}"})
    assert put(writer, {"now": NOW}).status_code == 403
