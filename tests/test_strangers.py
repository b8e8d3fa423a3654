"""Another workspace's ids lead nowhere: over every model, over every route, and in the database itself."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls.converters import UUIDConverter

from cjm.management.commands.migrate import tenant_tables
from journeys.models import JourneyMap
from tests import make, rows
from tests.routes import Route, routes
from workspaces import access, tenancy
from workspaces.models import Invitation, Membership, Token, Workspace
from workspaces.models.people import RANK

ROOT = Path(__file__).resolve().parent.parent
UNSCOPED = {  # modules that may read past the active workspace, each with a reason
    "workspaces/tenancy.py",  # defines it
    "cjm/backup.py",  # a backup holds every workspace
    "workspaces/rest.py",  # an empty queryset where a field wants one before a workspace is known
}
WITH_IDS = [
    route for route in routes() if route.ids and (route.door.startswith("scope:") or route.door.partition("/")[0] in RANK)
]
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def foreign(workspace: Workspace) -> Iterator[dict[Any, Any]]:
    """One row of every model in mallory's workspace."""
    with tenancy.reading(Workspace.objects.get(slug="foreign").pk):
        place = Workspace.objects.get(slug="foreign")
        guest = make.member(place, make.user("guest", pk=rows.NUMBER), "editor", pk=rows.KEY)
        hidden = {"pk": rows.KEY, "workspace": place, "digest": rows.SECRET}
        Token.objects.create(name=rows.SECRET, prefix="foreign", **hidden)
        Invitation.objects.create(email="guest@example.test", expires_at="2099-01-01T00:00:00Z", **hidden)
        made = rows.one_of_each(guest)
    yield made


def snapshot() -> str:
    """Everything that mallory's workspace holds."""
    with tenancy.reading(Workspace.objects.get(slug="foreign").pk):
        return serializers.serialize("json", [row for model in rows.tenant_models() for row in model.objects.order_by("pk")])


def test_a_route_gives_nothing_for_foreign_ids(
    workspace: Workspace, foreign: dict[Any, Any], as_alice: Client, api: Client
) -> None:
    before = snapshot()
    own_map = make.journey_map()
    wrong: list[str] = []
    for route in WITH_IDS:
        client, kind = (api, "application/json") if route.door.startswith("scope:") else (as_alice, FORM)
        for method in ("GET", "POST", "PATCH", "DELETE"):
            for path in _paths(route, own_map):
                answer = client.generic(
                    method, path, "{}" if client is api else "", content_type=kind, headers={"X-Fragment": "1"}
                )
                if answer.status_code == 405:
                    break
                if answer.status_code != 404 or rows.SECRET in answer.content.decode():
                    wrong.append(f"{method} {route.name} {path}: {answer.status_code}")
    assert wrong == []
    assert snapshot() == before


def _paths(route: Route, own_map: JourneyMap) -> set[str]:
    """The route with foreign keys only, and with a foreign key under one's own map."""
    given = {name: rows.KEY if type(route.arguments[name]) is UUIDConverter else rows.NUMBER for name in route.ids}
    beneath = [given | {"map_id": own_map.pk}] if len(given) > 1 and "map_id" in given else []
    return {route.path(**one) for one in [given, *beneath]}


def test_no_row_of_another_workspace_is_readable(workspace: Workspace, owner: Membership, foreign: dict[Any, Any]) -> None:
    for model in rows.tenant_models():
        with pytest.raises(access.NotFound):
            access.readable(model, owner, foreign[model].pk)
        assert not model.objects.filter(pk=foreign[model].pk).exists()


def test_pages_never_name_what_is_foreign(workspace: Workspace, foreign: dict[Any, Any], as_alice: Client, api: Client) -> None:
    for route in routes():
        if route.ids or route.name == "readyz":
            continue
        client = api if route.door.startswith("scope:") else as_alice
        answer = client.get(route.path())
        assert answer.status_code < 500
        assert rows.SECRET not in b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode(
            errors="replace"
        )


def test_without_a_workspace_nothing_is_read(db: None) -> None:
    for model in rows.tenant_models():
        with pytest.raises(tenancy.NoWorkspace):
            model.objects.count()


def test_reading_past_the_workspace_stands_in_listed_modules_only() -> None:
    apps = ("cjm", "workspaces", "journeys", "touchpoints", "customers", "analytics", "experiments", "automations")
    files = [file for app in apps for file in (ROOT / app).rglob("*.py") if "migrations" not in file.parts]
    found = {str(file.relative_to(ROOT)) for file in files if re.search(r"\bunscoped\b|_base_manager", file.read_text())}
    assert found <= UNSCOPED


def test_the_database_itself_hides_foreign_rows(workspace: Workspace, foreign: dict[Any, Any]) -> None:
    assert tenant_tables()
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table in tenant_tables():
            cursor.execute(f'select count(*) from "{table}" where workspace_id <> %s', [workspace.pk])
            assert cursor.fetchone() == (0,), table
            cursor.execute(f'update "{table}" set workspace_id = workspace_id where workspace_id <> %s', [workspace.pk])
            assert cursor.rowcount == 0, table
    with pytest.raises(DatabaseError), transaction.atomic():
        JourneyMap.objects.create(title="smuggled", workspace_id=Workspace.objects.get(slug="foreign").pk)


def test_a_token_never_names_another_workspace(workspace: Workspace, foreign: dict[Any, Any], api: Client) -> None:
    body = json.dumps({"map": str(foreign[JourneyMap].pk), "name": "Мой этап"})
    answer = api.post("/api/v1/stages/", body, content_type="application/json")
    assert answer.status_code == 400
    assert "map" in answer.json()["errors"]
