"""Stage visits: what touches lead to, whatever the order in which they arrive."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automations import folding
from automations.tasks import poll_folding
from cjm.lib import clock
from customers import staging
from customers.models import Customer, StageVisit, Touch
from customers.recording import record_touches
from journeys.models import JourneyMap, Stage, StageTarget
from tests import make
from tests.customers.sending import NOW, post, touch
from workspaces import due
from workspaces.models import Workspace

DAY = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def standing_clock() -> None:
    clock.install(lambda: NOW)


@pytest.fixture
def plan(workspace: Workspace) -> JourneyMap:
    return make.journey_map(stages=("A", "B", "C", "D"))


def on(day: float) -> str:
    return (DAY + timedelta(days=day)).isoformat()


def step(number: int, day: float, customer: str = "c1", **fields: Any) -> dict[str, Any]:
    return touch(f"{customer}-{number}-{day}", customer, event=f"stage-{number}", occurred_at=on(day), **fields)


def stays(customer: str = "c1") -> list[tuple[str, str, float, float | None]]:
    rows = StageVisit.objects.filter(customer__external_id=customer).order_by("entered_at", "pk").select_related("stage")
    return [(row.stage.name, row.entry, _day(row.entered_at), _day(row.exited_at)) for row in rows]  # type: ignore[misc]


def _day(moment: datetime | None) -> float | None:
    return None if moment is None else (moment - DAY) / timedelta(days=1)


def test_skips_returns_and_re_entries(api: Client, workspace: Workspace, plan: JourneyMap) -> None:
    post(api, step(1, 0), step(3, 1), step(2, 2), step(3, 3), step(3, 4), step(4, 5))
    folding.fold_all(workspace.pk)
    assert stays() == [
        ("A", "forward", 0, 1), ("C", "skip", 1, 2), ("B", "return", 2, 3), ("C", "re_entry", 3, 5), ("D", "forward", 5, None),
    ]  # fmt: skip


def test_a_late_touch_goes_to_its_place_in_time(api: Client, workspace: Workspace, plan: JourneyMap) -> None:
    post(api, step(1, 0), step(3, 5))
    folding.fold_all(workspace.pk)
    post(api, step(2, 2))
    folding.fold_all(workspace.pk)
    assert stays() == [("A", "forward", 0, 2), ("B", "forward", 2, 5), ("C", "forward", 5, None)]


def test_a_target_s_condition_counts(api: Client, workspace: Workspace, plan: JourneyMap) -> None:
    StageTarget.objects.filter(event="stage-2").update(where={"field": "touch.props.size", "op": "gte", "value": 10})
    post(api, step(2, 0, props={"size": 5}), step(2, 1, props={"size": 10}))
    folding.fold_all(workspace.pk)
    assert stays() == [("B", "skip", 1, None)]


def test_a_map_that_goes_live_stages_history(api: Client, workspace: Workspace, plan: JourneyMap) -> None:
    JourneyMap.objects.update(status="draft")
    post(api, step(1, 0), step(2, 1))
    folding.fold_all(workspace.pk)
    assert stays() == []
    JourneyMap.objects.update(status="live")
    due.mark(workspace.pk, "fold")
    poll_folding()
    assert stays() == [("A", "forward", 0, 1), ("B", "forward", 1, None)]


def test_changed_targets_stage_history_anew(api: Client, workspace: Workspace, plan: JourneyMap) -> None:
    post(api, step(1, 0), touch("x", "c1", event="special", occurred_at=on(3)))
    folding.fold_all(workspace.pk)
    StageTarget.objects.create(stage=Stage.objects.get(name="C"), event="special")
    due.mark(workspace.pk, "fold")
    poll_folding()
    assert stays() == [("A", "forward", 0, 3), ("C", "skip", 3, None)]
    StageTarget.objects.filter(event="special").delete()
    due.mark(workspace.pk, "fold")
    poll_folding()
    assert stays() == [("A", "forward", 0, None)]


def test_the_current_stage_is_the_latest_over_live_maps(api: Client, workspace: Workspace, plan: JourneyMap) -> None:
    other = make.journey_map("Другая", stages=("X",))
    Stage.objects.filter(map=other).update(canonical="loyalty")
    StageTarget.objects.filter(stage__map=other).update(event="renewed")
    post(api, step(1, 0), touch("r", "c1", event="renewed", occurred_at=on(3)))
    folding.fold_all(workspace.pk)
    customer = Customer.objects.get()
    assert staging.current_stage(customer) == "loyalty"
    JourneyMap.objects.filter(pk=other.pk).update(status="archived")
    assert staging.current_stage(customer) == "custom"


def test_folding_takes_each_touch_once_and_settles(api: Client, workspace: Workspace, plan: JourneyMap) -> None:
    post(api, *[step(number % 4 + 1, number, f"c{number % 9}") for number in range(28)])
    assert folding.fold_all(workspace.pk) == 28
    assert folding.fold_all(workspace.pk) == 0
    assert not Customer.objects.filter(has_unfolded=True).exists()
    assert workspace.pk not in due.marked("fold")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_visits_do_not_depend_on_the_order_of_arrival_nor_on_repeats(
    workspace: Workspace, plan: JourneyMap, data: st.DataObject
) -> None:
    StageVisit.objects.all().delete()
    Touch.objects.all().delete()
    Customer.objects.all().delete()
    numbers = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=9))
    items = [step(number, day, "straight") for day, number in enumerate(numbers)]
    record_touches(workspace.pk, items, source="s", historical=False, now=NOW)
    folding.fold_all(workspace.pk)
    shuffled = data.draw(st.permutations([step(number, day, "shuffled") for day, number in enumerate(numbers)]))
    sent = 0
    while sent < len(shuffled):
        size = data.draw(st.integers(1, len(shuffled) - sent))
        again = data.draw(st.lists(st.sampled_from(shuffled[: sent + size]), max_size=3))
        record_touches(workspace.pk, [*shuffled[sent : sent + size], *again], source="s", historical=False, now=NOW)
        if data.draw(st.booleans()):
            folding.fold_all(workspace.pk)
        sent += size
    folding.fold_all(workspace.pk)
    assert Touch.objects.count() == 2 * len(numbers)
    assert stays("shuffled") == stays("straight")
    open_ones = StageVisit.objects.filter(exited_at__isnull=True).count()
    assert open_ones == 2
