"""Personas: the list, the card, the form."""

from typing import Any

import pytest
from django.test import Client

from journeys.models import MapPersona, Persona
from tests import make
from workspaces.models import Membership, Workspace

LIST = "/w/acme/personas/"
FORM: dict[str, Any] = {
    "name": "Сергей", "job_title": "Директор по продажам", "decision_role": "decision_maker", "jtbd": "Видеть правду",
    "goals": "Видеть воронку\n\n Контролировать работу ", "pains": "Хаос в Excel", "traits": "Осторожность: 60\nТехника: −20",
}  # fmt: skip


def test_it_is_made_and_shown(as_bob: Client, workspace: Workspace) -> None:
    response = as_bob.post(f"{LIST}new/", FORM)
    persona = Persona.objects.get()
    assert response.headers["Location"] == f"{LIST}{persona.pk}/"
    assert persona.goals == ["Видеть воронку", "Контролировать работу"]
    assert persona.traits == [{"name": "Осторожность", "value": 60}, {"name": "Техника", "value": -20}]
    page = as_bob.get(f"{LIST}{persona.pk}/").content.decode()
    for text in ("Директор по продажам", "Финальный подписант", "Хаос в Excel", "Контролировать работу", "−20"):
        assert text in page
    assert "Видеть правду" in as_bob.get(LIST).content.decode()


def test_it_is_changed(as_bob: Client, workspace: Workspace) -> None:
    persona = make.persona("Сергей", goals=["Старое"], traits=[{"name": "Осторожность", "value": 60}])
    page = as_bob.get(f"{LIST}{persona.pk}/edit/").content.decode()
    assert "Осторожность: 60" in page and "Старое" in page
    as_bob.post(f"{LIST}{persona.pk}/edit/", FORM | {"name": "Сергей Д."})
    persona.refresh_from_db()
    assert (persona.name, persona.goals[0], persona.revision) == ("Сергей Д.", "Видеть воронку", 2)


def test_a_stale_form_is_refused(as_bob: Client, workspace: Workspace) -> None:
    persona = make.persona("Сергей")
    as_bob.post(f"{LIST}{persona.pk}/edit/", FORM | {"name": "Первый", "revision": 1})
    response = as_bob.post(f"{LIST}{persona.pk}/edit/", FORM | {"name": "Второй", "revision": 1})
    persona.refresh_from_db()
    assert (response.status_code, persona.name) == (409, "Первый")


@pytest.mark.parametrize("change", [{"name": ""}, {"decision_role": "boss"}, {"traits": "Осторожность"}, {"traits": "А: 101"}])
def test_bad_input_stays_on_the_page(as_bob: Client, workspace: Workspace, change: dict[str, str]) -> None:
    assert as_bob.post(f"{LIST}new/", FORM | change).status_code == 400
    assert not Persona.objects.exists()


def test_deleting_takes_it_off_its_maps(as_bob: Client, owner: Membership) -> None:
    persona, map = make.persona("Сергей"), make.journey_map()
    MapPersona.objects.create(map=map, persona=persona)
    assert as_bob.post(f"{LIST}{persona.pk}/delete/").status_code == 302
    assert not Persona.objects.living().exists()
    assert not MapPersona.objects.living().exists()
    assert as_bob.get(f"{LIST}{persona.pk}/").status_code == 404


def test_readers_look_and_strangers_do_not(as_charlie: Client, as_mallory: Client, workspace: Workspace) -> None:
    persona = make.persona("Сергей")
    assert as_charlie.get(f"{LIST}{persona.pk}/").status_code == 200
    assert as_charlie.post(f"{LIST}{persona.pk}/edit/", FORM).status_code == 403
    assert as_charlie.post(f"{LIST}new/", FORM).status_code == 403
    assert as_mallory.get(f"{LIST}{persona.pk}/").status_code == 404
    assert as_mallory.get(f"/w/foreign/personas/{persona.pk}/").status_code == 404


def test_an_empty_list_says_what_a_persona_is(as_bob: Client, workspace: Workspace) -> None:
    assert "Персона — типичный представитель сегмента" in as_bob.get(LIST).content.decode()
