"""The funnel page: figures with their definitions, the customers behind every number, the table as a file."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from analytics import explanations
from analytics.models import Report
from analytics.reports import register
from cjm.lib import clock
from customers.models import Segment, StageVisit
from journeys.models import JourneyMap, Stage
from tests import make
from tests.analytics.journeys import START, at, customer, record
from touchpoints.models import PainPoint
from workspaces.models import Workspace

DAY = 86_400
NOW = START + timedelta(days=60)
PAGE = "/w/acme/funnel/"


@pytest.fixture(autouse=True)
def still_clock(workspace: Workspace) -> None:
    clock.install(lambda: NOW)


@pytest.fixture
def row(workspace: Workspace) -> JourneyMap:
    """Ten enter; four go on after two days, one of them buys a day later."""
    found = make.journey_map(average_cheque=Decimal("1000"), stages=("Осознание", "Решение", "Покупка"))
    Stage.objects.filter(map=found, name="Решение").update(conversion_benchmark=0.5)
    Stage.objects.filter(map=found, name="Покупка").update(canonical="purchase", conversion_benchmark=0.2)
    record([(f"c{n}", "stage-1", n) for n in range(10)])
    record([(f"c{n}", "stage-2", 2 * DAY + n) for n in range(4)] + [("c0", "stage-3", 3 * DAY)])
    second = Stage.objects.get(map=found, name="Решение")
    for n in range(4):
        StageVisit.objects.create(
            customer=customer(f"c{n}").customer,
            map=found,
            stage=second,
            entered_at=at(2 * DAY),
            exited_at=at(3 * DAY) if n < 2 else None,
        )
    return found


def read(client: Client, query: str = "", **headers: str) -> str:
    response = client.get(PAGE + query, headers={"Accept-Language": "ru", **headers})
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ")


def links(html: str, list_: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*report=[^"]*)"', html) if f"list={list_}" in link]


def test_it_shows_the_whole_funnel_with_its_definitions(as_charlie: Client, row: JourneyMap) -> None:
    html = read(as_charlie)
    for text in ("Переходы между этапами", "40 %", "−10,0 п.п.", "25 %", "Данные на", "Разные клиенты, вошедшие в периоде"):
        assert text in html
    assert "До «Покупка», сквозная" in html
    assert "Время на этапе" in html and "застряли" in html
    assert "Where" not in html


def test_it_speaks_english(as_charlie: Client, row: JourneyMap) -> None:
    html = read(as_charlie, **{"Accept-Language": "en"})
    assert "Steps between the stages" in html and "Unique customers who entered in the period" in html


@pytest.mark.parametrize(("name", "people"), [("reached-0", 10), ("reached-1", 4), ("reached-2", 1), ("progress-1", 6)])
def test_a_click_on_a_number_lists_its_customers(as_charlie: Client, row: JourneyMap, name: str, people: int) -> None:
    found = links(read(as_charlie), name)
    page = as_charlie.get(found[0], headers={"Accept-Language": "ru"})
    assert page.status_code == 200
    listed = set(re.findall(r"/w/acme/customers/(c\d)/", page.content.decode()))
    assert len(listed) == people


def test_those_whose_window_is_over_are_listed_as_lost(as_charlie: Client, row: JourneyMap) -> None:
    html = read(as_charlie, "?window=14")
    page = as_charlie.get(links(html, "dropped-2")[0]).content.decode()
    assert set(re.findall(r"/w/acme/customers/(c\d)/", page)) == {"c1", "c2", "c3"}


def test_the_trend_lists_a_weeks_customers(as_charlie: Client, row: JourneyMap) -> None:
    html = read(as_charlie)
    entered, converted = links(html, "entered-2026-01-05")[0], links(html, "converted-2026-01-05")[0]
    listed = [set(re.findall(r"/w/acme/customers/(c\d)/", as_charlie.get(one).content.decode())) for one in (entered, converted)]
    assert listed == [{"c0", "c1", "c2", "c3"}, {"c0"}]


def test_those_on_a_stage_are_listed(as_charlie: Client, row: JourneyMap) -> None:
    html = read(as_charlie)
    for name in ("open-", "stuck-"):
        page = as_charlie.get(links(html, name)[0]).content.decode()
        assert set(re.findall(r"/w/acme/customers/(c\d)/", page)) == {"c2", "c3"}


@pytest.mark.parametrize("name", ["reached-9", "reached-x", "nothing", "entered-2026-99-99", "open-x", ""])
def test_a_number_that_does_not_exist_is_not_found(as_charlie: Client, row: JourneyMap, name: str) -> None:
    read(as_charlie)
    report = Report.objects.filter(kind="funnel").order_by("-id")[0]
    assert as_charlie.get(f"/w/acme/customers/?report={report.pk}&list={name}").status_code == 404


def test_a_foreign_report_lists_nobody(as_charlie: Client, as_mallory: Client, row: JourneyMap) -> None:
    found = links(read(as_charlie), "reached-0")[0]
    assert as_mallory.get(found).status_code == 404
    assert as_mallory.get(found.replace("/w/acme/", "/w/foreign/")).status_code == 404


def test_money_is_priced_by_the_step_below_its_benchmark(as_charlie: Client, row: JourneyMap) -> None:
    html = read(as_charlie, "?period=custom&from=2026-01-01&to=2026-01-30")
    assert "250 ₽" in html  # 10 x (0.5 - 0.4) x 1/4 x 1000 over 30 days


def test_pains_with_a_price_lead_the_losses(as_charlie: Client, row: JourneyMap) -> None:
    stage = Stage.objects.get(map=row, name="Решение")
    PainPoint.objects.create(stage=stage, rank="i", title="Ждут КП", monthly_loss=Decimal("2400000"))
    html = read(as_charlie)
    assert html.index("Ждут КП") < html.index("2,40 млн ₽")


def test_filters_narrow_the_figures(as_charlie: Client, row: JourneyMap) -> None:
    segment = Segment.objects.create(name="Двое", rule={"field": "customer.external_id", "op": "in", "value": ["c0", "c9"]})
    html = read(as_charlie, f"?segment={segment.pk}&map={row.pk}&mode=ordered")
    assert ">2</a>" in html and "сегмент здесь не применяется" in html


@pytest.mark.parametrize(
    "query", ["?period=x&mode=y&window=-1&step=99&map=zz&segment=1", "?period=custom&from=2026-13-01&to=", "?step=0"]
)
def test_filters_that_cannot_be_read_fall_back(as_charlie: Client, row: JourneyMap, query: str) -> None:
    assert "Переходы между этапами" in read(as_charlie, query)


def test_nobody_in_the_period_is_said(as_charlie: Client, row: JourneyMap) -> None:
    html = read(as_charlie, "?period=custom&from=2020-01-01&to=2020-02-01")
    assert "В этом периоде никто не вошёл" in html


def test_without_maps_and_without_stages_there_is_one_next_step(as_charlie: Client, workspace: Workspace) -> None:
    assert "Карты пока нет" in read(as_charlie)
    make.journey_map("Пустая", stages=())
    assert "пока нет этапов" in read(as_charlie)
    assert as_charlie.get(f"{PAGE}table.csv").status_code == 404


def test_the_table_is_a_file(as_charlie: Client, row: JourneyMap) -> None:
    response = as_charlie.get(f"{PAGE}table.csv?map={row.pk}", headers={"Accept-Language": "ru"})
    body = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "Решение,4,0.4,0.5,0.4," in body
    assert response["Content-Disposition"].startswith("attachment")


def test_htmx_gets_the_figures_alone(as_charlie: Client, row: JourneyMap) -> None:
    html = read(as_charlie, **{"HX-Request": "true"})
    assert "<html" not in html and 'id="figures"' in html


@pytest.mark.django_db(transaction=True)
def test_while_figures_are_counted_the_page_asks_again(as_charlie: Client, row: JourneyMap, settings: Any) -> None:
    settings.ANALYTICS_INLINE = False  # nobody answers: the worker is away
    html = read(as_charlie)
    assert 'hx-trigger="load delay:1500ms"' in html and "<progress" in html and "skel" in html
    assert Report.objects.count() == 3
    read(as_charlie)
    assert Report.objects.count() == 3


def test_a_refused_question_is_shown(as_charlie: Client, row: JourneyMap) -> None:
    from journeys.models import StageTarget

    StageTarget.objects.filter(stage__map=row).update(where={"field": "customer.stage", "op": "eq", "value": "x"})
    assert 'role="alert"' in read(as_charlie)


def test_strangers_find_nothing(as_mallory: Client, row: JourneyMap) -> None:
    assert as_mallory.get(PAGE).status_code == 404
    foreign = as_mallory.get(f"/w/foreign/funnel/?map={row.pk}", headers={"Accept-Language": "ru"}).content.decode()
    assert "Карты пока нет" in foreign


def test_every_report_and_figure_is_explained_in_both_languages() -> None:
    for word in (*register.KINDS, *explanations.FIGURES):
        found = explanations.REPORTS[word]
        for text in (found.ru, found.ru_example, found.en, found.en_example):
            assert text
