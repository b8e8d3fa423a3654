"""A map as a whole: settings, personas on it, review, archive, deletion."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cjm.lib.clock import now
from journeys import review
from journeys.models import JourneyMap, MapPersona, Review
from tests import make
from workspaces.models import Change, Membership, Workspace


@pytest.fixture
def map(owner: Membership) -> JourneyMap:
    return make.journey_map("B2B", owner=owner)


def address(map: JourneyMap, word: str) -> str:
    return f"/w/acme/maps/{map.pk}/{word}/"


def form(**change: Any) -> dict[str, Any]:
    return {
        "title": "B2B", "kind": "current_state", "scenario": "", "scope_from": "", "scope_to": "", "owner": "", "status": "live",
        "language": "ru", "currency": "RUB", "average_cheque": "", "north_star": "", "light_review_every_days": 14,
        "deep_review_every_days": 90, **change,
    }  # fmt: skip


def test_settings_are_saved_and_logged(as_bob: Client, map: JourneyMap, editor: Membership) -> None:
    response = as_bob.post(
        address(map, "settings"), form(title="B2B SaaS", owner=editor.pk, average_cheque="240000", currency="USD")
    )
    map.refresh_from_db()
    assert response.status_code == 302
    assert (map.title, map.owner, map.average_cheque, map.currency) == ("B2B SaaS", editor, 240000, "USD")
    assert Change.objects.get(subject_id=map.pk).deed == "map.changed"


def test_a_stale_form_is_refused(as_bob: Client, map: JourneyMap) -> None:
    as_bob.post(address(map, "settings"), form(title="Первый", revision=map.revision))
    response = as_bob.post(address(map, "settings"), form(title="Второй", revision=map.revision))
    map.refresh_from_db()
    assert response.status_code == 409
    assert 'value="Второй"' in response.content.decode()
    assert map.title == "Первый"


@pytest.mark.parametrize("change", [{"title": ""}, {"kind": "x"}, {"average_cheque": "-1"}, {"light_review_every_days": 0}])
def test_bad_settings_stay_on_the_page(as_bob: Client, map: JourneyMap, change: dict[str, Any]) -> None:
    assert as_bob.post(address(map, "settings"), form(**change)).status_code == 400


def test_an_owner_of_another_workspace_is_refused(as_bob: Client, map: JourneyMap, mallory: Any) -> None:
    stranger = Membership.objects.get(user=mallory)
    assert as_bob.post(address(map, "settings"), form(owner=stranger.pk)).status_code == 400


@pytest.mark.parametrize("word", ["settings", "review", "archive", "restore", "delete", "future"])
def test_readers_and_strangers_change_nothing(as_charlie: Client, as_mallory: Client, map: JourneyMap, word: str) -> None:
    assert as_charlie.post(address(map, word), form()).status_code == 403
    assert as_mallory.post(address(map, word), form()).status_code == 404
    assert as_mallory.post(address(map, word).replace("acme", "foreign"), form(typed="B2B")).status_code == 404


def test_a_review_makes_the_map_fresh(as_bob: Client, map: JourneyMap, editor: Membership) -> None:
    JourneyMap.objects.filter(pk=map.pk).update(created_at=now() - timedelta(days=200))
    map.refresh_from_db()
    assert review.freshness_of(map).age == "stale"
    as_bob.post(address(map, "review"), {"kind": "light", "findings": "Тарифы сменились"})
    map.refresh_from_db()
    assert review.freshness_of(map).age == "stale"  # the deep one is still long overdue
    as_bob.post(address(map, "review"), {"kind": "deep"})
    map.refresh_from_db()
    assert review.freshness_of(map).age == "fresh"
    assert [(one.kind, one.reviewer, one.findings) for one in Review.objects.order_by("created_at")] == [
        ("light", editor, "Тарифы сменились"),
        ("deep", editor, ""),
    ]


@pytest.mark.parametrize(("days", "age"), [(13, "fresh"), (14, "due"), (27, "due"), (28, "stale")])
def test_a_map_ages_by_its_cadence(days: int, age: str) -> None:
    start = now()
    map = JourneyMap(created_at=start)
    found = review.freshness_of(map, at=start + timedelta(days=days))
    assert (found.age, found.next_at, found.next_kind) == (age, start + timedelta(days=14), "light")


def test_an_unknown_review_is_refused(as_bob: Client, map: JourneyMap) -> None:
    assert as_bob.post(address(map, "review"), {"kind": "glance"}).status_code == 400


def test_the_archive_gives_a_map_back(as_bob: Client, map: JourneyMap) -> None:
    as_bob.post(address(map, "archive"))
    map.refresh_from_db()
    assert (map.status, map.archived_at is None) == ("archived", False)
    as_bob.post(address(map, "restore"))
    map.refresh_from_db()
    assert (map.status, map.archived_at) == ("live", None)


def test_deleting_takes_the_title(as_bob: Client, map: JourneyMap) -> None:
    assert as_bob.post(address(map, "delete"), {"typed": "b2b"}).status_code == 400
    assert JourneyMap.objects.living().exists()
    assert as_bob.post(address(map, "delete"), {"typed": " B2B "}).status_code == 302
    assert not JourneyMap.objects.living().exists()
    assert as_bob.get(address(map, "settings")).status_code == 404


def test_personas_come_go_and_change_places(as_bob: Client, map: JourneyMap, workspace: Workspace) -> None:
    anna, boris = make.persona("Анна"), make.persona("Борис")

    def post(persona: Any, do: str = "add") -> int:
        return as_bob.post(f"/w/acme/personas/{persona.pk}/maps/", {"map": map.pk, "do": do, "from": "map"}).status_code

    def there() -> list[str]:
        links = MapPersona.objects.living().filter(map=map).select_related("persona").order_by("order")
        return [link.persona.name for link in links]

    assert [post(anna), post(boris), post(anna)] == [302, 302, 400]
    assert there() == ["Анна", "Борис"]
    post(boris, "first")
    assert there() == ["Борис", "Анна"]
    post(boris, "remove")
    assert there() == ["Анна"]
    post(boris)
    assert there() == ["Анна", "Борис"]
