"""The live stream of a map and who is on it."""

import asyncio
import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import Client

from journeys.models import JourneyMap
from tests import make
from tests.touchpoints.maps import columns, url
from touchpoints import editing, presence, streaming
from workspaces import live, tenancy
from workspaces.models import Membership, Workspace


@pytest.fixture
def map(workspace: Workspace) -> JourneyMap:
    return make.journey_map("Путь")


def test_a_reader_may_listen_and_a_stranger_may_not(
    as_charlie: Client, as_mallory: Client, client: Client, map: JourneyMap
) -> None:
    assert as_mallory.get(url("events", map)).status_code == 404
    assert client.get(f"/api/v1/maps/{map.pk}/events/").status_code == 401


def test_being_here_is_told_to_the_others(as_bob: Client, map: JourneyMap, editor: Membership) -> None:
    assert as_bob.post(url("presence", map), {"cell": "cell-1"}).status_code == 204
    assert [(person["member"], person["cell"]) for person in presence.listed(map)] == [(str(editor.pk), "cell-1")]
    as_bob.post(url("presence", map), {"leaving": "1"})
    assert presence.listed(map) == []


def test_a_reader_is_seen_and_a_stranger_is_not(as_charlie: Client, as_mallory: Client, map: JourneyMap) -> None:
    as_charlie.post(url("presence", map), {"cell": "x" * 500})
    assert as_mallory.post(url("presence", map), {"cell": "cell-1"}).status_code == 404
    assert [person["name"] for person in presence.listed(map)] == ["Charlie"]
    assert len(presence.listed(map)[0]["cell"]) == 120
    as_charlie.post(url("presence", map), {"leaving": "1"})


@pytest.mark.django_db(transaction=True)
def test_what_was_missed_comes_first_and_then_what_happens(transactional_db: None) -> None:
    place, person = make.workspace("Acme"), make.user("alice")
    member = make.member(place, person, "owner")
    with tenancy.writing(place.pk):
        map = make.journey_map("Путь")
        editing.add_pain(columns(map)[0], "Раньше", by=member)
    events = asyncio.run(_listen(place, map, member))
    assert [event["deed"] for event in events if "deed" in event] == ["pain.added", "pain.added"]
    assert [event["version"] for event in events if "version" in event] == [1, 2]
    assert events[-1] == {"people": []}


async def _listen(place: Workspace, map: JourneyMap, member: Membership) -> list[dict[str, Any]]:
    stream = streaming.stream(map, after=0)
    seen = [_event(await anext(stream)) for _index in range(2)]  # the retry line and what was missed
    await sync_to_async(_add)(place, map, member)
    seen.append(_event(await asyncio.wait_for(anext(stream), 10)))
    live.publish(f"{place.pk}:journeys.journeymap:{map.pk}", {"people": []})
    seen.append(_event(await asyncio.wait_for(anext(stream), 10)))
    await stream.aclose()  # type: ignore[attr-defined]
    await sync_to_async(connections.close_all)()
    return seen


def _add(place: Workspace, map: JourneyMap, member: Membership) -> None:
    with tenancy.writing(place.pk):
        editing.add_pain(columns(map)[1], "Сейчас", by=member)


def _event(line: bytes) -> dict[str, Any]:
    text = line.decode().partition("data: ")[2].strip()
    found: dict[str, Any] = json.loads(text) if text else {}
    return found
