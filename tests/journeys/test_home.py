"""The list of maps, and the page before the first one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from analytics.models import MetricPlacement
from cjm.lib.clock import now
from journeys.models import JourneyMap, Metric, Stage
from tests import make
from touchpoints import editing, starting
from touchpoints.models import TouchpointPlacement
from workspaces.models import Membership, Workspace

HOME = "/w/acme/"


def test_it_shows_the_ways_to_the_first_map(as_bob: Client, workspace: Workspace) -> None:
    page = as_bob.get(HOME).content.decode()
    assert "Начните с одной персоны и одного сценария" in page
    assert [page.count(f"?template={code}") for code in starting.FIRST] == [1, 1, 1]
    assert "/w/acme/imports/" in page
    assert "/w/acme/maps/templates/b2b-saas-crm/" in page


def test_it_leads_to_the_demo_where_there_is_one(as_bob: Client, workspace: Workspace, bob: object) -> None:
    make.member(make.workspace("Demo", is_demo=True), bob, "viewer")  # type: ignore[arg-type]
    assert 'href="/w/demo/"' in as_bob.get(HOME).content.decode()


def test_a_reader_gets_examples_only(as_charlie: Client, workspace: Workspace) -> None:
    page = as_charlie.get(HOME).content.decode()
    assert "?template=" not in page
    assert "попросите редактора" in page


def test_a_stranger_finds_nothing(as_mallory: Client, workspace: Workspace) -> None:
    assert as_mallory.get(HOME).status_code == 404


def test_a_map_is_listed_with_its_facts(as_bob: Client, owner: Membership) -> None:
    map = starting.make_map("b2b-saas-crm", by=owner)
    stage = Stage.objects.filter(map=map).order_by("rank")[0]
    editing.add_pain(stage, "Дорого", by=owner, monthly_loss=Decimal("1900000"))
    editing.add_pain(stage, "Долго", by=owner, monthly_loss=Decimal("500000"))
    page = as_bob.get(HOME).content.decode()
    assert "Сергей, директор по продажам" in page
    assert "2,40\u00a0млн\u00a0₽" in page
    assert "Кривая: от −1,8 до 1,5" in page
    assert "16 точек без владельца" in page
    assert 'aria-label="Alice"' in page


def test_an_overdue_map_says_so(as_bob: Client, owner: Membership) -> None:
    map = starting.make_map("blank", by=owner)
    JourneyMap.objects.filter(pk=map.pk).update(created_at=now() - timedelta(days=29))
    page = as_bob.get(HOME).content.decode()
    assert 'data-age="stale"' in page
    assert "Просрочено на 15 дней" in page


def test_the_checklist_has_eight_lines(as_bob: Client, owner: Membership) -> None:
    map = starting.make_map("b2b-saas-crm", by=owner)
    assert '<b class="strong">1</b>' in as_bob.get(HOME).content.decode()  # a fresh map is on schedule
    for placement in TouchpointPlacement.objects.filter(stage__map=map).select_related("stage"):
        editing.change_placement(placement, {"owner_id": owner.pk}, by=owner)
        metric = Metric.objects.create(name=f"CSAT {placement.pk}")
        MetricPlacement.objects.create(metric=metric, stage=placement.stage, placement=placement, rank="a")
    page = as_bob.get(HOME).content.decode()
    assert '<b class="strong">3</b>' in page
    assert "3 из 8" in page


def test_own_and_archived_maps_are_apart(as_alice: Client, owner: Membership, editor: Membership) -> None:
    starting.make_map("blank", by=owner, title="Моя карта")
    starting.make_map("blank", by=editor, title="Чужая карта")
    old = starting.make_map("blank", by=owner, title="Старая карта")
    as_alice.post(f"/w/acme/maps/{old.pk}/archive/")

    def shown(show: str) -> list[bool]:
        page = as_alice.get(HOME, {"show": show}).content.decode()
        return [f'trunc">{title} карта<' in page for title in ("Моя", "Чужая", "Старая")]

    assert shown("all") == [True, True, False]
    assert shown("mine") == [True, False, False]
    assert shown("archive") == [False, False, True]
    assert shown("nonsense") == [True, True, False]


def test_an_emptied_list_does_not_start_over(as_alice: Client, owner: Membership) -> None:
    map = starting.make_map("blank", by=owner)
    as_alice.post(f"/w/acme/maps/{map.pk}/archive/")
    assert "Все карты в архиве" in as_alice.get(HOME).content.decode()


@pytest.mark.parametrize("count", [1, 5])
def test_the_number_of_queries_does_not_grow(
    as_bob: Client, owner: Membership, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(count):
        starting.make_map("online-school-7", by=owner)
    as_bob.get(HOME)
    with django_assert_max_num_queries(26):
        as_bob.get(HOME)
