"""Metrics of a stage or a touchpoint: live from touches, or typed by hand with dates."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from analytics import metrics
from analytics.models import MetricPlacement, MetricPoint
from cjm.lib import clock
from customers.models import Identity, Touch
from journeys.models import JourneyMap, Metric, Stage
from tests import make
from tests.analytics.journeys import START, at, customer, record
from touchpoints.models import Touchpoint, TouchpointPlacement
from workspaces.models import Change, Membership, Workspace

NOW = START + timedelta(days=20)


@pytest.fixture(autouse=True)
def still_clock(workspace: Workspace) -> None:
    clock.install(lambda: NOW)


@pytest.fixture
def stage(workspace: Workspace) -> Stage:
    return Stage.objects.filter(map=make.journey_map()).order_by("rank")[1]


@pytest.fixture
def place(stage: Stage) -> TouchpointPlacement:
    return TouchpointPlacement.objects.create(touchpoint=Touchpoint.objects.create(name="Демо"), stage=stage, rank="i")


def url(stage: Stage, rest: str = "") -> str:
    return f"/w/acme/maps/{stage.map_id}/{rest or f'stages/{stage.pk}/metrics/'}"


def value_of(api: Client, metric: Metric) -> dict[str, Any]:
    response = api.post("/api/v1/reports/metrics/", {"metrics": [str(metric.pk)]}, content_type="application/json")
    assert response.status_code == 200, response.content
    return response.json()["values"][str(metric.pk)]


def live(query: str, **parameters: Any) -> Metric:
    return Metric.objects.create(name="m", query=query, parameters=parameters)


def test_a_typed_metric_is_added_with_its_first_value(as_bob: Client, stage: Stage) -> None:
    response = as_bob.post(
        url(stage), {"name": "Заявка", "query": "typed", "value": "2,0", "on": "2026-01-10", "unit": "%", "target": "2.5"}
    )
    assert response.status_code == 302
    point = MetricPoint.objects.get()
    assert (point.value, point.date, point.metric.target) == (2.0, date(2026, 1, 10), 2.5)
    page = as_bob.get(url(stage), headers={"Accept-Language": "ru"}).content.decode()
    assert "Заявка" in page and "2\u00a0%" in page and "10.01.2026" in page
    assert Change.objects.get().deed == "metric.added"


def test_a_second_value_of_a_day_replaces_the_first(as_bob: Client, editor: Membership, stage: Stage) -> None:
    placed = metrics.add_metric(stage, None, {"name": "m"}, by=editor, value=1, on=date(2026, 1, 1))
    for value in ("3", "4"):
        as_bob.post(url(stage, f"metrics/{placed.pk}/value/"), {"value": value, "on": "2026-01-01"})
    assert MetricPoint.objects.get().value == 4


def test_a_removed_value_is_gone_and_can_be_set_again(as_bob: Client, editor: Membership, stage: Stage) -> None:
    placed = metrics.add_metric(stage, None, {"name": "m"}, by=editor, value=1, on=date(2026, 1, 1))
    point = MetricPoint.objects.get()
    assert as_bob.post(url(stage, f"metrics/{placed.pk}/value/{point.pk}/remove/")).status_code == 302
    assert as_bob.post(url(stage, f"metrics/{placed.pk}/value/{point.pk}/remove/")).status_code == 404
    as_bob.post(url(stage, f"metrics/{placed.pk}/value/"), {"value": "7", "on": "2026-01-01"})
    point.refresh_from_db()
    assert (point.value, point.deleted_at) == (7, None)


def test_a_metric_is_changed_and_removed(as_bob: Client, editor: Membership, stage: Stage, place: TouchpointPlacement) -> None:
    placed = metrics.add_metric(stage, place, {"name": "m"}, by=editor)
    edit = url(stage, f"metrics/{placed.pk}/edit/")
    assert as_bob.get(edit).status_code == 200
    sent = {"name": "Ответы", "query": "count", "event": "answered", "period_days": "30", "is_better_up": "on"}
    assert as_bob.post(edit, sent).status_code == 302
    placed.metric.refresh_from_db()
    assert (placed.metric.name, placed.metric.parameters) == ("Ответы", {"event": "answered", "period_days": 30})
    assert as_bob.post(url(stage, f"metrics/{placed.pk}/remove/")).status_code == 302
    assert not MetricPlacement.objects.living().exists()
    assert Metric.objects.living().exists()


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"name": "m", "query": "ratio", "event": "a"}, "Укажите событие."),
        ({"name": "m", "query": "typed", "value": "many"}, "Введите число."),
        ({"name": "", "query": "typed"}, "is-wrong"),
        ({"name": "m", "query": "sql"}, "sql"),
    ],
)
def test_bad_input_is_told_beside_its_field(as_bob: Client, stage: Stage, sent: dict[str, str], message: str) -> None:
    response = as_bob.post(url(stage), sent, headers={"Accept-Language": "ru"})
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not Metric.objects.exists()


def test_a_live_metric_takes_no_values_by_hand(as_bob: Client, editor: Membership, stage: Stage) -> None:
    placed = metrics.add_metric(stage, None, {"name": "m", "query": "count", "parameters": {"event": "a"}}, by=editor)
    response = as_bob.post(url(stage, f"metrics/{placed.pk}/value/"), {"value": "1", "on": "2026-01-01"})
    assert response.status_code == 400


def test_readers_see_and_do_not_change(as_charlie: Client, editor: Membership, stage: Stage, place: TouchpointPlacement) -> None:
    placed = metrics.add_metric(stage, place, {"name": "Оценка"}, by=editor, value=4.4)
    page = as_charlie.get(url(stage, f"placements/{place.pk}/metrics/"), headers={"Accept-Language": "ru"}).content.decode()
    assert "4,4" in page
    assert "<form" not in page.split('class="metricsbox"')[1].split("</main>")[0]
    assert as_charlie.post(url(stage), {"name": "m", "query": "typed"}).status_code == 403
    assert as_charlie.post(url(stage, f"metrics/{placed.pk}/remove/")).status_code == 403


def test_strangers_find_nothing(as_mallory: Client, as_bob: Client, editor: Membership, stage: Stage) -> None:
    placed = metrics.add_metric(stage, None, {"name": "m"}, by=editor)
    for rest in (f"stages/{stage.pk}/metrics/", f"metrics/{placed.pk}/edit/"):
        assert as_mallory.get(url(stage, rest)).status_code == 404
        assert as_mallory.get(f"/w/foreign/maps/{stage.map_id}/{rest}").status_code == 404
    other: JourneyMap = make.journey_map()
    assert as_bob.get(f"/w/acme/maps/{other.pk}/stages/{stage.pk}/metrics/").status_code == 404


def test_htmx_gets_the_box_alone(as_bob: Client, stage: Stage) -> None:
    html = as_bob.get(url(stage), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in html and 'class="metricsbox"' in html
    sent = as_bob.post(url(stage), {"name": "m", "query": "typed", "value": "3", "unit": ""}, headers={"HX-Request": "true"})
    assert sent.status_code == 200 and 'class="metricsbox"' in sent.content.decode()


# ------------------------------------------------------------------------------------------------ what is counted


def test_count_and_unique_customers(api: Client) -> None:
    record([("c1", "a", 0), ("c1", "a", 5), ("c2", "a", 9), ("c3", "b", 0)])
    assert value_of(api, live("count", event="a")) == {"value": 3, "n": 3}
    assert value_of(api, live("customers", event="a")) == {"value": 2, "n": 2}


def test_merged_customers_count_once(api: Client) -> None:
    record([("c1", "a", 0), ("c2", "a", 9)])
    Identity.objects.filter(value="c2").update(customer=customer("c1").customer)
    assert value_of(api, live("customers", event="a"))["value"] == 1


def test_a_ratio_of_two_events(api: Client) -> None:
    record([("c1", "open", n) for n in range(8)] + [("c1", "sent", 100), ("c2", "sent", 100)])
    assert value_of(api, live("ratio", event="open", to_event="sent")) == {"value": 0.25, "n": 8}
    assert value_of(api, live("ratio", event="none", to_event="sent")) == {"value": None, "n": 0}


def test_the_median_time_between_two_events(api: Client) -> None:
    record([("c1", "a", 0), ("c1", "b", 10), ("c2", "a", 0), ("c2", "b", 30), ("c3", "a", 0), ("c4", "b", 0)])
    assert value_of(api, live("median_time", event="a", to_event="b")) == {"value": 20.0, "n": 2}


def test_the_mean_score_counts_each_customers_latest_answer(api: Client) -> None:
    batch = record([("c1", "answer", 0), ("c1", "answer", 50), ("c2", "answer", 0)])
    for touch, score in zip(Touch.objects.filter(batch=batch).order_by("id"), (1, 5, 2), strict=True):
        Touch.objects.filter(pk=touch.pk).update(score_metric="csat", score_value=score)
    assert value_of(api, live("mean_score", score="csat")) == {"value": 3.5, "n": 2}
    assert value_of(api, live("mean_score", score="nps")) == {"value": None, "n": 0}


def test_nps_is_promoters_less_detractors(api: Client) -> None:
    batch = record([(f"c{n}", "answer", 0) for n in range(4)])
    for touch, score in zip(Touch.objects.filter(batch=batch).order_by("id"), (10, 9, 7, 3), strict=True):
        Touch.objects.filter(pk=touch.pk).update(score_metric="nps", score_value=score)
    assert value_of(api, live("mean_score", score="nps")) == {"value": 25.0, "n": 4}


def test_only_the_period_counts_and_its_condition(api: Client) -> None:
    record([("c1", "a", at(0)), ("c1", "a", at(-86_400 * 200)), ("c1", "a", at(5), {"plan": "pro"})])
    assert value_of(api, live("count", event="a", period_days=30))["value"] == 2
    pro = {"field": "props.plan", "op": "eq", "value": "pro"}
    assert value_of(api, live("count", event="a", where=pro))["value"] == 1


def test_a_metric_whose_condition_cannot_be_answered_has_no_value(api: Client) -> None:
    assert value_of(api, live("count", event="a", where={"op": "drop table"}))["value"] is None


def test_unknown_metrics_are_refused(api: Client) -> None:
    for given in (["x"], ["0190b0c0-0000-7000-8000-000000000000"], []):
        response = api.post("/api/v1/reports/metrics/", {"metrics": given}, content_type="application/json")
        assert response.status_code == 400
