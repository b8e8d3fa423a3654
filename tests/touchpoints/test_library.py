"""The library: channels of the taxonomy, touchpoints with their places, archive, search."""

from typing import Any

import pytest
from django.test import Client

from journeys.models import Stage
from tests import make
from touchpoints import editing, library
from touchpoints.models import Channel, Touchpoint
from workspaces.models import Change, Membership

URL = "/w/acme/library/"


@pytest.fixture
def touchpoint(workspace: Any, editor: Membership) -> Touchpoint:
    return library.add_touchpoint("Страница тарифов", by=editor, code="pricing")


def page(client: Client, url: str = URL) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_works(as_bob: Client, workspace: Any, editor: Membership) -> None:
    page(as_bob)
    channel = Channel.objects.get(code="support_chat")
    assert (channel.name, channel.group) == ("Чат поддержки", "human")
    body = {"name": "Чат", "channel": str(channel.pk), "control": "partial", "owner": str(editor.pk), "code": "chat"}
    assert as_bob.post(f"{URL}new/", body).status_code == 302
    row = Touchpoint.objects.get()
    assert (row.name, row.channel, row.control, row.owner) == ("Чат", channel, "partial", editor)
    assert "Чат поддержки" in page(as_bob)


def test_channels_are_preloaded_once_and_in_the_workspace_s_language(workspace: Any, editor: Membership) -> None:
    assert library.preload_channels(by=editor, language="en") == 28
    assert library.preload_channels(by=editor, language="ru") == 0
    assert Channel.objects.get(code="faq").name == "FAQ"
    assert {row.group for row in Channel.objects.all()} == {"digital", "human", "product"}


def test_a_reader_preloads_nothing(as_charlie: Client, workspace: Any) -> None:
    page(as_charlie)
    assert Channel.objects.count() == 0
    assert as_charlie.post(f"{URL}new/", {"name": "Чат"}).status_code == 403


def test_the_same_name_stands_once(as_bob: Client, touchpoint: Touchpoint) -> None:
    answer = as_bob.post(f"{URL}new/", {"name": "страница ТАРИФОВ", "control": "full"})
    assert answer.status_code == 409
    assert "уже есть" in answer.content.decode()
    assert Touchpoint.objects.count() == 1


def test_a_new_name_is_told_to_every_map_that_uses_it(as_bob: Client, touchpoint: Touchpoint, editor: Membership) -> None:
    maps = [make.journey_map("Первая"), make.journey_map("Вторая"), make.journey_map("Третья")]
    for map in maps[:2]:
        editing.add_placement(Stage.objects.filter(map=map).first(), touchpoint, by=editor)
    assert "Первая" in page(as_bob, f"{URL}{touchpoint.pk}/")
    body = {"name": "Тарифы", "control": "full", "code": "pricing", "revision": "1"}
    assert as_bob.post(f"{URL}{touchpoint.pk}/", body).status_code == 302
    told = Change.objects.filter(deed="touchpoint.changed")
    assert {change.subject_id for change in told} == {touchpoint.pk, maps[0].pk, maps[1].pk}
    assert as_bob.post(f"{URL}{touchpoint.pk}/", body | {"name": "Ещё"}).status_code == 409


def test_search_folds_the_case_of_russian(as_bob: Client, touchpoint: Touchpoint) -> None:
    assert "Страница тарифов" in page(as_bob, f"{URL}?q=ТАРИФ")
    assert "Страница тарифов" not in page(as_bob, f"{URL}?q=звонок")
    assert "Ничего не нашлось" in page(as_bob, f"{URL}?q=звонок")


def test_an_archived_one_is_put_aside_and_comes_back(as_bob: Client, touchpoint: Touchpoint) -> None:
    as_bob.post(f"{URL}{touchpoint.pk}/archive/", {"archived": "1"})
    assert "Страница тарифов" not in page(as_bob)
    assert "Страница тарифов" in page(as_bob, f"{URL}?archived=1")
    as_bob.post(f"{URL}{touchpoint.pk}/archive/", {"archived": "0"})
    assert "Страница тарифов" in page(as_bob)


def test_one_that_stands_on_a_map_is_not_deleted(as_bob: Client, touchpoint: Touchpoint, editor: Membership) -> None:
    placement = editing.add_placement(Stage.objects.filter(map=make.journey_map()).first(), touchpoint, by=editor)
    assert as_bob.post(f"{URL}{touchpoint.pk}/delete/").status_code == 409
    editing.delete_placement(placement, by=editor)
    assert as_bob.post(f"{URL}{touchpoint.pk}/delete/").status_code == 302
    assert "Страница тарифов" not in page(as_bob)


def test_a_stranger_finds_nothing(as_mallory: Client, touchpoint: Touchpoint) -> None:
    assert as_mallory.get(URL).status_code == 404
    assert as_mallory.get(f"/w/foreign/library/{touchpoint.pk}/").status_code == 404
    assert as_mallory.post(f"/w/foreign/library/{touchpoint.pk}/archive/", {"archived": "1"}).status_code == 404


def test_an_outer_system_keeps_its_items_by_code(api: Client, workspace: Any) -> None:
    url = "/api/v1/touchpoints/by-external-id/pricing%2Fpage/"
    made = api.put(url, {"name": "Тарифы"}, content_type="application/json")
    assert (made.status_code, made.json()["code"]) == (201, "pricing/page")
    again = api.put(url, {"name": "Цены"}, content_type="application/json")
    assert (again.status_code, again.json()["id"], again.json()["name"]) == (200, made.json()["id"], "Цены")
    wrong = api.put(url, {"name": "Цены", "code": "other"}, content_type="application/json")
    assert wrong.json()["errors"].keys() == {"code"}


def test_channels_over_rest(api: Client, workspace: Any) -> None:
    made = api.post("/api/v1/channels/", {"name": "Почта", "group": "digital"}, content_type="application/json")
    assert made.status_code == 201
    touchpoint = {"name": "Письмо", "channel": made.json()["id"]}
    assert api.post("/api/v1/touchpoints/", touchpoint, content_type="application/json").json()["channel"] == made.json()["id"]
    wrong = api.post("/api/v1/channels/", {"name": "?", "group": "air"}, content_type="application/json")
    assert wrong.json()["errors"].keys() == {"group"}
