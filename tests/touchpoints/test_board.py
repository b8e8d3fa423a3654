"""The map page draws everything from the server, in a constant number of queries."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from journeys.models import JourneyMap, Metric
from tests.touchpoints.maps import FRAGMENT, columns, full_map, lane_of, url
from touchpoints import editing
from touchpoints.models import Hypothesis, Opportunity, PainPoint
from workspaces.models import Membership


@pytest.fixture
def map(owner: Membership) -> JourneyMap:
    return full_map(owner)


def test_it_works(as_alice: Client, map: JourneyMap) -> None:
    page = as_alice.get(url("map", map)).content.decode()
    for words in ("Осознание", "Действие 2", "Точка 3", "Барьер 1", "Возможность 2", "1 цитата"):
        assert words in page
    assert page.count('role="slider"') == 3
    assert "stylesheet" in page
    assert "<script>" not in page


def test_the_curve_has_a_table_twin(as_alice: Client, map: JourneyMap) -> None:
    page = as_alice.get(url("map", map)).content.decode()
    table = page.split('id="curve-table"')[1].split("</table>")[0]
    assert "Сомнения" in table
    assert "−0,5" in table


def test_a_dip_is_marked(as_alice: Client, map: JourneyMap, owner: Membership) -> None:
    editing.add_emotion(columns(map)[0], Decimal("-1.8"), by=owner, labels=["frustration"])
    page = as_alice.get(url("map", map)).content.decode()
    flag = page.split('class="badge badge--pain dip__flag"')[1].split("</span>")
    assert "Фрустрация" in flag[0]
    assert "−1,8" in flag[1]


def test_measured_points_stand_beside_what_people_say(as_alice: Client, map: JourneyMap, owner: Membership) -> None:
    for stage in columns(map)[1:]:
        editing.add_emotion(stage, Decimal("1"), by=owner, labels=["CSAT"], source="survey")
    page = as_alice.get(url("map", map)).content.decode()
    assert page.count('class="pt pt--m"') == 2
    assert 'class="curve__meas" d="M' in page
    assert page.count('class="nodata"') == 1
    assert "нет замеров" in page


def test_what_customers_do_not_see_stands_below_the_line(as_alice: Client, map: JourneyMap, owner: Membership) -> None:
    lane = editing.add_lane(map, "backstage", by=owner)
    editing.add_card(lane, columns(map)[0], "Юрист держит договор", by=owner)
    page = as_alice.get(url("map", map)).content.decode()
    assert page.index("map__visibility") < page.index("Юрист держит договор")


def test_a_pain_shows_its_money_and_the_effect_that_was_proved(as_alice: Client, map: JourneyMap, owner: Membership) -> None:
    pain = PainPoint.objects.get(title="Барьер 2")
    editing.change_pain(pain, {"monthly_loss": Decimal("2400000")}, by=owner)
    chance = Opportunity.objects.get(how_might_we="Возможность 2")
    metric = make_metric()
    Hypothesis.objects.create(
        map=map, stage=pain.stage, pain=pain, opportunity=chance, statement="Личная настройка", owner=owner, metric=metric,
        expected_lift=0.1, verification_method="ab_test", status="verified", verdict="confirmed", effect=0.141,
    )  # fmt: skip
    page = as_alice.get(url("map", map)).content.decode()
    assert "2,40\u00a0млн\u00a0₽" in page
    assert page.count("+14,1\u00a0п.п., проверено") == 2


def test_the_number_of_queries_does_not_grow(as_alice: Client, map: JourneyMap, owner: Membership) -> None:
    big = full_map(owner, each=29, stages=tuple(f"Этап {number}" for number in range(7)))
    for path in ("map", "map_outline"):
        as_alice.get(url(path, map))
        small_count, big_count = _queries(as_alice, url(path, map)), _queries(as_alice, url(path, big))
        assert small_count == big_count < 32


def test_two_hundred_touchpoints_are_drawn(as_alice: Client, owner: Membership) -> None:
    big = full_map(owner, each=29, stages=tuple(f"Этап {number}" for number in range(7)))
    assert as_alice.get(url("map", big)).content.decode().count('class="tp ') == 203


def test_an_empty_map_says_what_to_do(as_alice: Client, workspace: object) -> None:
    empty = JourneyMap.objects.create(title="Пустая")
    assert "Этапов пока нет" in as_alice.get(url("map", empty)).content.decode()
    assert "Этапов пока нет" in as_alice.get(url("map_outline", empty)).content.decode()


def test_a_reader_sees_no_tools(as_charlie: Client, map: JourneyMap) -> None:
    page = as_charlie.get(url("map", map)).content.decode()
    assert "Действие 1" in page
    for tool in ("data-add", "data-tool", "data-undo-button", 'role="slider"', "data-title-form"):
        assert tool not in page.replace("data-add-url", "")


def test_a_stranger_finds_nothing(as_mallory: Client, client: Client, map: JourneyMap) -> None:
    for path in ("map", "map_outline", "map_parts"):
        assert as_mallory.get(url(path, map)).status_code == 404
        assert as_mallory.get(url(path, map).replace("/acme/", "/foreign/")).status_code == 404
        assert client.get(url(path, map)).status_code == 302


def test_the_show_has_no_tools(as_alice: Client, map: JourneyMap) -> None:
    page = as_alice.get(url("map", map) + "?view=show").content.decode()
    assert "Закончить показ" in page
    assert "mapbar" not in page
    assert 'role="slider"' not in page


def test_linked_maps_are_one_click_away(as_alice: Client, map: JourneyMap) -> None:
    future = JourneyMap.objects.create(title="Мечта", kind="future_state", derived_from=map)
    page = as_alice.get(url("map", map)).content.decode()
    assert f'href="{url("map", future)}"' in page
    assert "Желаемая" in page


def test_the_list_holds_everything_and_works_without_scripts(as_alice: Client, map: JourneyMap) -> None:
    page = as_alice.get(url("map_outline", map)).content.decode()
    for words in ("Осознание", "Действие 2", "Точка 3", "Барьер 1", "Возможность 2", "Сомнения: −0,5"):
        assert words in page
    stage, lane = columns(map)[0], lane_of(map, "actions")
    answer = as_alice.post(
        url("part_add", map, kind="cards"), {"text": "Без скриптов", "stage": stage.pk, "lane": lane.pk}, follow=True
    )
    assert "Без скриптов" in answer.content.decode()


def test_only_changed_parts_are_brought(as_alice: Client, map: JourneyMap, owner: Membership) -> None:
    editing.add_card(lane_of(map, "actions"), columns(map)[1], "Новое", by=owner)
    answer = as_alice.get(url("map_parts", map), {"after": map.version}, headers=FRAGMENT)
    assert answer["X-Map-Version"] == str(map.version + 1)
    assert "Новое" in answer.content.decode()
    assert answer.content.decode().count("data-part") == 1
    assert "data-part" not in as_alice.get(url("map_parts", map), {"after": map.version + 1}).content.decode()


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, ""])
def test_a_bad_version_brings_the_whole_map(as_alice: Client, map: JourneyMap, after: str) -> None:
    assert as_alice.get(url("map_parts", map), {"after": after}).status_code == 200


def make_metric() -> Metric:
    return Metric.objects.create(name="Активация")


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)
