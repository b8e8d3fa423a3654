"""From a template to a map."""

from typing import Any

import pytest
from django.test import Client

from journeys import templates
from journeys.models import JourneyMap, Lane, MapPersona, Persona, Stage, StageTarget
from tests import make
from touchpoints import starting
from touchpoints.exchange import export_map
from touchpoints.models import EmotionPoint, Touchpoint
from workspaces.models import Membership, Workspace

NEW = "/w/acme/maps/new/"
FORM: dict[str, Any] = {
    "template": "b2b-saas-crm",
    "title": "",
    "kind": "current_state",
    "persona": "",
    "persona_name": "",
    "language": "ru",
}


def test_it_works(as_bob: Client, editor: Membership) -> None:
    response = as_bob.post(NEW, FORM)
    map = JourneyMap.objects.get()
    assert response.headers["Location"] == f"/w/acme/maps/{map.pk}/"
    assert (map.title, map.owner, map.language, map.currency) == ("B2B SaaS CRM", editor, "ru", "RUB")
    assert MapPersona.objects.get(map=map).persona.name == "Сергей"
    assert Stage.objects.filter(map=map).count() == 6


def test_the_page_offers_every_template(as_bob: Client, workspace: Workspace) -> None:
    page = as_bob.get(NEW, {"template": "b2b-8"}).content.decode()
    assert [f"?template={code}" in page for code in templates.LISTED] == [True] * 4
    assert 'placeholder="B2B, восемь этапов"' in page


def test_it_takes_a_persona_of_the_library(as_bob: Client, workspace: Workspace) -> None:
    anna = make.persona("Анна", goals=["Больше заявок"])
    as_bob.post(NEW, FORM | {"persona": anna.pk, "title": "Выбор каналов"})
    map = JourneyMap.objects.get(title="Выбор каналов")
    assert [link.persona for link in MapPersona.objects.filter(map=map)] == [anna]
    assert Persona.objects.count() == 1
    assert set(EmotionPoint.objects.filter(map=map).values_list("persona", flat=True)) == {anna.pk}


def test_it_makes_a_new_persona(as_bob: Client, workspace: Workspace) -> None:
    as_bob.post(NEW, FORM | {"persona_name": "Закупщик"})
    assert [persona.name for persona in Persona.objects.all()] == ["Закупщик"]


def test_a_reader_makes_nothing(as_charlie: Client, workspace: Workspace) -> None:
    assert as_charlie.post(NEW, FORM).status_code == 403
    assert not JourneyMap.objects.exists()


@pytest.mark.parametrize("change", [{"kind": "process"}, {"language": "de"}, {"persona": "5"}, {"title": "К" * 201}])
def test_bad_input_stays_on_the_page(as_bob: Client, workspace: Workspace, change: dict[str, str]) -> None:
    assert as_bob.post(NEW, FORM | change).status_code == 400
    assert not JourneyMap.objects.exists()


def test_an_unknown_template_is_not_found(as_bob: Client, workspace: Workspace) -> None:
    assert as_bob.post(NEW, FORM | {"template": "../x"}).status_code == 404
    assert as_bob.get("/w/acme/maps/templates/nothing/").status_code == 404


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("code", [*templates.LISTED, templates.BLANK_DAY])
def test_every_template_is_a_map_in_both_languages(editor: Membership, code: str, language: str) -> None:
    template = templates.find_template(code, language)
    map = starting.make_map(code, by=editor, language=language, kind=template.payload["map"]["kind"])
    document = export_map(map)
    assert map.language == language
    assert [stage["name"] for stage in document["stages"]] == [stage["name"] for stage in template.stages]
    words = "".join(
        row.get("text", "") + row.get("title", "") + row.get("name", "")
        for rows in document.values()
        if isinstance(rows, list)
        for row in rows
    )
    assert any("а" <= sign.lower() <= "я" for sign in words) == (language == "ru")


def test_the_eight_stages_have_their_points_and_aims(editor: Membership) -> None:
    map = starting.make_map("b2b-8", by=editor)
    stages = Stage.objects.filter(map=map).order_by("rank")
    assert [stage.canonical for stage in stages] == [
        "awareness", "consideration", "decision", "purchase", "onboarding", "usage", "loyalty", "advocacy",
    ]  # fmt: skip
    assert all(stage.company_goal for stage in stages)
    assert all(StageTarget.objects.filter(stage=stage).exists() for stage in stages)
    assert {"Реклама", "Соцсети", "Демо", "КП", "Первый запуск", "Программа лояльности"} <= set(
        Touchpoint.objects.values_list("name", flat=True)
    )


@pytest.mark.parametrize("code", ["b2b-saas-crm", "b2b-8"])
def test_onboarding_is_an_arc_in_order(editor: Membership, code: str) -> None:
    map = starting.make_map(code, by=editor)
    points = EmotionPoint.objects.filter(map=map, stage__canonical="onboarding").order_by("rank")
    assert [point.labels for point in points] == [["enthusiasm"], ["frustration"], ["success"]]


@pytest.mark.parametrize("kind", JourneyMap.Kind.values)
@pytest.mark.parametrize("code", templates.LISTED)
def test_each_kind_has_its_lanes(editor: Membership, code: str, kind: str) -> None:
    map = starting.make_map(code, by=editor, kind=kind)
    lanes = list(Lane.objects.filter(map=map).order_by("rank"))
    wanted = {lane for lane, _zone in starting.LANES[kind]}
    assert wanted <= {lane.kind for lane in lanes}
    behind = [bool(lane.blueprint_zone) for lane in lanes]
    assert behind == sorted(behind)


def test_a_day_has_its_own_columns(editor: Membership) -> None:
    map = starting.make_map("blank", by=editor, kind="day_in_the_life")
    assert [stage.name for stage in Stage.objects.filter(map=map).order_by("rank")][0] == "Утро"


def test_a_second_map_shares_the_library(editor: Membership) -> None:
    starting.make_map("online-school-7", by=editor)
    before = Touchpoint.objects.count(), Persona.objects.count()
    starting.make_map("online-school-7", by=editor)
    assert (Touchpoint.objects.count(), Persona.objects.count()) == before


def test_the_future_is_derived_from_today(as_bob: Client, editor: Membership) -> None:
    today = starting.make_map("b2b-saas-crm", by=editor)
    as_bob.post(f"/w/acme/maps/{today.pk}/future/")
    future = JourneyMap.objects.get(derived_from=today)
    assert (future.kind, future.title) == ("future_state", "B2B SaaS CRM: как должно быть")
    pairs = list(Stage.objects.filter(map=future).order_by("rank").values_list("name", "counterpart__name"))
    assert len(pairs) == 6
    assert all(name == counterpart for name, counterpart in pairs)


def test_an_example_is_only_read(as_charlie: Client, workspace: Workspace) -> None:
    page = as_charlie.get("/w/acme/maps/templates/online-school-7/").content.decode()
    assert "Нет понятного первого шага" in page
    assert not JourneyMap.objects.exists()
