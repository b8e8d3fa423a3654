"""The figures over a map."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from analytics import metrics
from analytics.models import MetricPlacement, MetricPoint
from cjm.lib import clock
from customers.models import StageVisit
from journeys.models import JourneyMap, Metric, Stage
from tests import make
from tests.analytics.journeys import START, at, customer, record
from touchpoints.models import Touchpoint, TouchpointPlacement
from workspaces.models import Membership, Workspace

NOW = START + timedelta(days=20)


@pytest.fixture(autouse=True)
def still_clock(workspace: Workspace) -> None:
    clock.install(lambda: NOW)


@pytest.fixture
def row(workspace: Workspace) -> JourneyMap:
    found = make.journey_map()
    for n in range(8):
        record([(f"c{n}", "stage-1", n)])
    record([("c0", "stage-2", 86_400 * 3), ("c1", "stage-2", 86_400 * 3), ("c0", "stage-3", 86_400 * 5)])
    return found


def stages(row: JourneyMap) -> list[Stage]:
    return list(Stage.objects.filter(map=row).order_by("rank"))


def url(row: JourneyMap, rest: str = "overlay/") -> str:
    return f"/w/acme/maps/{row.pk}/{rest}"


def fill(html: str, id: str) -> str:
    return html.split(f'<template data-fill="{id}">')[1].split("</template>")[0].strip()


def test_it_shows_people_and_the_share_that_came_from_the_stage_before(as_charlie: Client, row: JourneyMap) -> None:
    html = as_charlie.get(url(row), headers={"Accept-Language": "ru"}).content.decode()
    first, second, third = stages(row)
    assert fill(html, f"head-count-{first.pk}") == "8"
    assert fill(html, f"figures-{first.pk}") == ""
    assert "<b>25\u00a0%</b><span>3\u00a0дн</span>" in fill(html, f"figures-{second.pk}")
    assert "<b>50\u00a0%</b>" in fill(html, f"figures-{third.pk}")
    assert 'data-age="данные на' in html
    assert "data-again" not in html


def test_a_share_below_its_benchmark_is_marked(as_charlie: Client, row: JourneyMap) -> None:
    Stage.objects.filter(pk=stages(row)[1].pk).update(conversion_benchmark=0.3)
    html = as_charlie.get(url(row), headers={"Accept-Language": "ru"}).content.decode()
    pill = fill(html, f"figures-{stages(row)[1].pk}")
    assert 'class="conv is-low"' in pill
    assert "при 30\u00a0%" in pill


def test_the_metrics_lane_shows_metrics_targets_and_times(as_charlie: Client, editor: Membership, row: JourneyMap) -> None:
    stage = stages(row)[1]
    metrics.add_metric(stage, None, {"name": "Заявка", "unit": "%", "target": 2.5}, by=editor, value=2.0, on=date(2026, 1, 1))
    people = [customer(f"v{n}").customer for n in range(3)]
    for n, person in enumerate(people):
        StageVisit.objects.create(customer=person, map=row, stage=stage, entered_at=START, exited_at=at(86_400 * (n + 1)))
    html = as_charlie.get(url(row), headers={"Accept-Language": "ru"}).content.decode()
    cell = fill(html, f"metrics-{stage.pk}")
    assert '<dt>Заявка</dt><dd class="downc">2\u00a0%</dd>' in cell
    assert "2,5\u00a0%" in cell
    assert "медиана 2\u00a0дн" in cell


def test_a_touchpoint_shows_its_first_metric(as_charlie: Client, editor: Membership, row: JourneyMap) -> None:
    place = TouchpointPlacement.objects.create(touchpoint=Touchpoint.objects.create(name="Демо"), stage=stages(row)[1], rank="i")
    metrics.add_metric(place.stage, place, {"name": "CSAT", "unit": ""}, by=editor, value=2.3)
    html = as_charlie.get(url(row), headers={"Accept-Language": "ru"}).content.decode()
    assert fill(html, f"tpm-{place.pk}") == "CSAT 2,3"


def test_a_typed_conversion_stands_where_nothing_is_counted(as_charlie: Client, editor: Membership, workspace: Workspace) -> None:
    row = make.journey_map()
    stage = stages(row)[1]
    metrics.add_metric(stage, None, {"name": "C", "unit": "%", "tags": ["conversion"]}, by=editor, value=40, on=date(2026, 1, 7))
    html = as_charlie.get(url(row), headers={"Accept-Language": "ru"}).content.decode()
    assert "<b>40\u00a0%</b><span>07.01</span>" in fill(html, f"figures-{stage.pk}")


def test_the_number_of_queries_does_not_grow_with_the_map(as_charlie: Client, editor: Membership, row: JourneyMap) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert as_charlie.get(url(row)).status_code == 200
        return len(seen)

    metrics.add_metric(stages(row)[0], None, {"name": "m", "query": "count", "parameters": {"event": "stage-1"}}, by=editor)
    queries()
    few = queries()
    for stage in stages(row):
        for n in range(5):
            metrics.add_metric(stage, None, {"name": f"m{n}", "query": "count", "parameters": {"event": "stage-1"}}, by=editor)
            place = TouchpointPlacement.objects.create(touchpoint=Touchpoint.objects.create(name="t"), stage=stage, rank="i")
            metrics.add_metric(stage, place, {"name": "t"}, by=editor, value=n)
    assert queries() == few


def test_strangers_find_nothing(as_mallory: Client, row: JourneyMap) -> None:
    assert as_mallory.get(url(row)).status_code == 404
    foreign = Workspace.objects.get(slug="foreign")
    assert as_mallory.get(f"/w/{foreign.slug}/maps/{row.pk}/overlay/").status_code == 404


def test_a_map_without_stages_has_no_figures(as_charlie: Client, workspace: Workspace) -> None:
    assert as_charlie.get(url(make.journey_map(stages=()))).status_code == 200


def test_metrics_are_undone_with_the_map(as_bob: Client, editor: Membership, row: JourneyMap) -> None:
    from workspaces import changes

    placed = metrics.add_metric(stages(row)[0], None, {"name": "m"}, by=editor, value=1, on=date(2026, 1, 1))
    metrics.set_value(placed, 2, on=date(2026, 1, 1), by=editor)
    changes.undo(row, by=editor)
    assert MetricPoint.objects.get(metric=placed.metric).value == 1
    changes.undo(row, by=editor)
    assert not MetricPlacement.objects.living().exists()
    assert Metric.objects.living().count() == 0
