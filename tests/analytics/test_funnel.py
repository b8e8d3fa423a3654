"""The funnel as the contract defines it."""

import statistics
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.reports import funnel, shapes
from cjm.lib import clock
from cjm.lib.ids import uuid7
from customers.models import Segment
from tests import make
from tests.analytics import reference
from tests.analytics.journeys import START, at, customer, record
from workspaces.models import Workspace

HOUR, DAY = 3600, 86_400
NOW = START + timedelta(days=60)


@pytest.fixture(autouse=True)
def still_clock(workspace: Workspace) -> None:
    clock.install(lambda: NOW)


def ask(api: Client, *steps: Any, status: int = 200, **more: Any) -> dict[str, Any]:
    question = {"steps": [{"event": step} if not isinstance(step, dict) else step for step in steps], **more}
    response = api.post("/api/v1/reports/funnel/", question, content_type="application/json")
    assert response.status_code == status, response.content
    return response.json()


def counts(answer: dict[str, Any]) -> list[int]:
    return [step["count"] for step in answer["steps"]]


def test_it_works(api: Client) -> None:
    record([("c1", "a", 0), ("c1", "b", 60), ("c1", "c", 180), ("c2", "a", 0), ("c2", "b", 30), ("c3", "b", 0)])
    answer = ask(api, "a", "b", "c", list_customers=True)
    assert counts(answer) == [2, 2, 1]
    assert [step["overall"] for step in answer["steps"]] == [1, 1, 0.5]
    assert answer["customers"] == [["c1", "c2"], ["c1", "c2"], ["c1"]]
    assert answer["dropped"] == [[], [], ["c2"]]
    assert answer["steps"][1] == {
        "event": "b", "count": 2, "overall": 1.0, "step": 1.0, "in_progress": 0, "dropped": 0,
        "avg_seconds": 45.0, "median_seconds": 45.0, "p25_seconds": 37.5, "p75_seconds": 52.5, "p90_seconds": 57.0,
    }  # fmt: skip
    assert answer["steps"][0]["median_seconds"] is None
    assert answer["as_of"] == "2026-03-06T00:00:00Z"


def test_a_repeated_key_gets_the_first_answer_and_another_body_a_409(api: Client) -> None:
    def post(*events: str) -> Any:
        body = {"steps": [{"event": event} for event in events]}
        return api.post("/api/v1/reports/funnel/", body, content_type="application/json", headers={"Idempotency-Key": "k"})

    record([("c1", "a", 0)])
    first = post("a")
    record([("c2", "a", 0)])
    assert post("a").json() == first.json()
    assert post("b").status_code == 409


def test_an_empty_workspace_has_zeros_and_no_nan(api: Client) -> None:
    answer = ask(api, "a", "b", histogram={}, trend={}, breakdown={"property": "props.x"}, list_customers=True)
    assert counts(answer) == [0, 0]
    assert answer["steps"][1]["step"] == 0
    assert answer["histogram"] == {"average_seconds": None, "bins": []}
    assert answer["trend"] == [] == answer["by_value"]


def test_overlapping_attempts_find_the_conversion(api: Client) -> None:
    record([("c", "a", 0), ("c", "a", 8), ("c", "b", 15)])
    answer = ask(api, "a", "b", window_seconds=10)
    assert counts(answer) == [1, 1]
    assert answer["steps"][1]["avg_seconds"] == 7


def test_the_window_is_inclusive_and_counted_from_step_one(api: Client) -> None:
    record([("c", "a", 0), ("c", "b", 5), ("c", "c", 10), ("d", "a", 0), ("d", "b", 5), ("d", "c", 10.000001)])
    assert counts(ask(api, "a", "b", "c", window_seconds=10)) == [2, 2, 1]


def test_the_range_limits_the_entry_only(api: Client) -> None:
    record([("c", "a", 10), ("c", "b", 500), ("early", "a", 9), ("early", "b", 20), ("late", "a", 101)])
    limits = {"from": at(10).isoformat(), "to": at(100).isoformat()}
    answer = ask(api, "a", "b", **limits)
    assert counts(answer) == [1, 1]
    assert answer["as_of"] == "2026-01-05T00:01:40Z"


def test_one_event_fills_one_step_only(api: Client) -> None:
    record([("c", "a", 0), ("d", "a", 0), ("d", "a", 0)])
    for mode in ("ordered", "strict", "unordered"):
        assert counts(ask(api, "a", "a", mode=mode)) == [2, 1]


def test_ties_count_as_in_order_whatever_their_arrival(api: Client) -> None:
    record([("c", "b", 0), ("c", "a", 0)])
    assert counts(ask(api, "a", "b")) == [1, 1]
    assert counts(ask(api, "a", "b", mode="strict")) == [1, 1]


def test_strict_allows_nothing_between_but_ties(api: Client) -> None:
    record([("c", "a", 0), ("c", "x", 1), ("c", "b", 2), ("d", "a", 0), ("d", "x", 0), ("d", "b", 2)])
    assert counts(ask(api, "a", "b", mode="strict")) == [2, 1]
    where = {"field": "touch.event", "op": "ne", "value": "x"}
    assert counts(ask(api, "a", "b", mode="strict", where=where)) == [2, 2]


def test_unordered_counts_different_steps(api: Client) -> None:
    record([("c", "b", 0), ("c", "a", 5), ("d", "b", 0), ("d", "b", 1)])
    answer = ask(api, "a", "b", mode="unordered")
    assert counts(answer) == [2, 1]
    assert answer["steps"][1]["avg_seconds"] == 5


def test_unordered_steps_that_share_events_are_matched(api: Client) -> None:
    record([("c", "a", 0), ("c", "x", 5)])
    assert counts(ask(api, {"event": None}, "a", mode="unordered")) == [1, 1]


def test_reached_fills_the_stages_below(api: Client) -> None:
    record([("c", "deal", 10), ("d", "lead", 0), ("d", "deal", 20)])
    answer = ask(api, "lead", "call", "deal", mode="reached")
    assert counts(answer) == [2, 2, 2]
    assert answer["steps"][2]["avg_seconds"] == 0
    assert answer["steps"][1]["avg_seconds"] == 10


def test_an_exclusion_spoils_the_attempt(api: Client) -> None:
    x = {"event": "x", "from_step": 0, "to_step": 1}
    record([("gone", "a", 0), ("gone", "x", 1), ("gone", "b", 2)])
    record([("again", "a", 0), ("again", "x", 1), ("again", "a", 2), ("again", "b", 3)])
    record([("tied", "a", 0), ("tied", "x", 2), ("tied", "b", 2)])
    record([("never", "a", 0), ("never", "x", 10)])
    record([("after", "a", 0), ("after", "x", 10.5)])
    answer = ask(api, "a", "b", exclusions=[x], window_seconds=10, list_customers=True)
    assert answer["customers"] == [["again", "tied", "after"], ["again", "tied"]]
    answer = ask(api, "a", "b", exclusions=[x], window_seconds=10, mode="unordered")
    assert counts(answer) == [5, 2]


def test_first_time_ever_looks_at_all_history(api: Client) -> None:
    record([("old", "a", 0), ("old", "a", 100), ("new", "a", 100), ("old", "b", 101), ("new", "b", 101)])
    step = {"event": "a", "first_time_ever": True}
    answer = ask(api, step, "b", list_customers=True, **{"from": at(50).isoformat()})
    assert answer["customers"] == [["new"], ["new"]]


def test_first_time_ever_ignores_the_reports_condition(api: Client) -> None:
    record([("c", "a", 0, {"p": 1}), ("c", "a", 10, {"p": 2}), ("d", "a", 0, {"p": 2})])
    where = {"field": "props.p", "op": "eq", "value": 2}
    assert ask(api, {"event": "a", "first_time_ever": True}, where=where, list_customers=True)["customers"] == [["d"]]


def test_open_windows_are_in_progress_not_lost(api: Client) -> None:
    clock.install(lambda: at(DAY))
    record([("open", "a", 10), ("lost", "a", -20 * DAY), ("edge", "a", -13 * DAY)])
    answer = ask(api, "a", "b", list_customers=True)
    assert (answer["steps"][1]["in_progress"], answer["steps"][1]["dropped"]) == (2, 1)
    assert answer["dropped"] == [[], ["lost"]]


def test_breakdown_by_first_and_last_touch(api: Client) -> None:
    record(
        [("c", "a", 0, {"p": ""}), ("c", "b", 1, {"p": "x"}), ("c", "b", 2, {"p": "y"}), ("d", "a", 0), ("e", "a", 0, {"p": 1})]
    )
    answer = ask(api, "a", "b", breakdown={"property": "props.p"})
    assert [(one["value"], counts(one)) for one in answer["by_value"]] == [("1", [1, 0]), ("x", [1, 1]), (None, [1, 0])]
    answer = ask(api, "a", "b", breakdown={"property": "props.p", "attribution": "last_touch"})
    assert [one["value"] for one in answer["by_value"]] == ["1", "y", None]


def test_breakdown_by_all_events_and_by_step(api: Client) -> None:
    record([("c", "a", 0, {"p": "x"}), ("c", "b", 1, {"p": "y"}), ("c", "a", 2, {"p": "y"}), ("c", "b", 3, {"p": "y"})])
    record([("d", "a", 0, {"p": "x"})])
    answer = ask(api, "a", "b", breakdown={"property": "props.p", "attribution": "all_events"})
    assert [(one["value"], counts(one)) for one in answer["by_value"]] == [("x", [2, 0]), ("y", [1, 1])]
    answer = ask(api, "a", "b", breakdown={"property": "props.p", "attribution": "step_1"})
    assert [(one["value"], counts(one)) for one in answer["by_value"]] == [("y", [1, 1]), (None, [1, 0])]
    answer = ask(api, "a", "b", breakdown={"property": "props.p", "attribution": "step_0"})
    assert [(one["value"], counts(one)) for one in answer["by_value"]] == [("x", [2, 1]), ("y", [1, 1])]


def test_breakdown_by_several_properties_and_by_attribute(api: Client) -> None:
    customer("c", attrs={"plan": "pro"})
    record([("c", "a", 0, {"p": "x", "q": True}), ("d", "a", 0)])
    answer = ask(api, "a", breakdown={"property": ["props.p", "props.q"]})
    assert [one["value"] for one in answer["by_value"]] == [["x", "true"], [None, None]]
    answer = ask(api, "a", breakdown={"property": "attrs.plan"}, list_customers=True)
    assert [(one["value"], one["customers"]) for one in answer["by_value"]] == [("pro", [["c"]]), (None, [["d"]])]


def test_the_histogram_has_whole_second_bins(api: Client) -> None:
    for index, seconds in enumerate((10, 11, 20, 30.5)):
        record([(f"c{index}", "a", 0), (f"c{index}", "b", seconds)])
    histogram = ask(api, "a", "b", histogram={"bins": 3})["histogram"]
    assert histogram == {"average_seconds": 17.875, "bins": [[10, 2], [17, 1], [24, 1]]}
    assert len(ask(api, "a", "b", histogram={})["histogram"]["bins"]) == 2


def test_the_trend_lists_every_bucket_of_the_range_in_the_reports_zone(api: Client) -> None:
    record([("c", "a", -HOUR), ("c", "b", 0), ("c", "a", HOUR), ("d", "a", HOUR), ("c", "b", 2 * DAY)])
    limits = {"from": at(-DAY).isoformat(), "to": at(2 * DAY).isoformat()}
    answer = ask(api, "a", "b", trend={"interval": "day"}, timezone="UTC", **limits)
    assert [(p["period"], p["entered"], p["converted"], p["rate"]) for p in answer["trend"]] == [
        ("2026-01-04", 1, 1, 1.0), ("2026-01-05", 2, 1, 0.5), ("2026-01-06", 0, 0, 0), ("2026-01-07", 0, 0, 0),
    ]  # fmt: skip
    moscow = ask(api, "a", "b", trend={"interval": "day"}, timezone="Europe/Moscow", **limits)
    assert [p["entered"] for p in moscow["trend"]] == [0, 2, 0, 0]
    week = ask(api, "a", "b", trend={"interval": "week"}, timezone="UTC", **limits)
    assert [p["period"] for p in week["trend"]] == ["2025-12-29", "2026-01-05"]


def test_a_segment_filters_customers(api: Client) -> None:
    customer("c", attrs={"plan": "pro"})
    customer("d", attrs={"plan": "free"})
    record([("c", "a", 0), ("d", "a", 0)])
    rule = {"field": "customer.attrs.plan", "op": "eq", "value": "pro"}
    segment = Segment.objects.create(name="Pro", rule=rule)
    assert counts(ask(api, "a", segment=str(segment.pk))) == [1]
    assert counts(ask(api, "a", segment={"op": "not", "args": [rule]})) == [1]
    assert counts(ask(api, {"event": "a", "where": rule})) == [1]


def test_merged_customers_are_one(api: Client) -> None:
    first, second = customer("c"), customer("d")
    record([("c", "a", 0), ("d", "b", 5)])
    assert counts(ask(api, "a", "b")) == [1, 0]
    second.customer, gone = first.customer, second.customer
    second.save()
    gone.merged_into = first.customer
    gone.save()
    assert counts(ask(api, "a", "b")) == [1, 1]


def test_a_maps_stages_are_the_steps(api: Client) -> None:
    row = make.journey_map()
    record([("c", "stage-1", 0), ("c", "stage-2", 5)])
    response = api.post("/api/v1/reports/funnel/", {"map": str(row.pk)}, content_type="application/json")
    assert counts(response.json()) == [1, 1, 0]
    assert response.json()["steps"][1]["name"] == "Решение"


def test_more_than_sixty_four_steps_work(api: Client) -> None:
    record([("c", f"e{number}", number) for number in range(70)])
    assert counts(ask(api, *[f"e{number}" for number in range(70)])) == [1] * 70


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"steps": []}, "steps"),
        ({"steps": [{"evnt": "a"}]}, "steps.0.evnt"),
        ({"window_seconds": None}, "window_seconds"),
        ({"window_seconds": 0}, "window_seconds"),
        ({"window_seconds": -5}, "window_seconds"),
        ({"window_seconds": "10"}, "window_seconds"),
        ({"mode": "any"}, "mode"),
        ({"exclusions": [{"event": "x", "from_step": 1, "to_step": 1}]}, "exclusions.0.to_step"),
        ({"exclusions": [{"event": "x", "from_step": 0, "to_step": 2}]}, "exclusions.0.to_step"),
        ({"exclusions": [{"event": "x", "from_step": -1, "to_step": 1}]}, "exclusions"),
        ({"breakdown": {"property": "secret"}}, "breakdown"),
        ({"breakdown": {"property": "props.p", "attribution": "step_9"}}, "breakdown.attribution"),
        ({"histogram": {"bins": 0}}, "histogram.bins"),
        ({"trend": {"interval": "year"}}, "trend.interval"),
        ({"trend": {"from_step": 1, "to_step": 0}}, "trend.to_step"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"from": "2026-01-01"}, "from"),
        ({"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, "to"),
        ({"where": {"field": "x", "op": "eq", "value": 1}}, "where"),
        ({"segment": "nobody"}, "segment"),
        ({"map": "x"}, "steps"),
        ({"extra": 1}, "extra"),
    ],
)
def test_a_wrong_question_is_refused_with_its_field(api: Client, change: dict[str, Any], field: str) -> None:
    answer = ask(api, status=400, **{"steps": [{"event": "a"}, {"event": "b"}], **change})
    assert any(name.startswith(field) for name in answer["errors"])


EVENTS = st.lists(
    st.tuples(st.sampled_from("cd"), st.sampled_from("abcx"), st.integers(0, 12)), min_size=1, max_size=14
)  # fmt: skip
STEPS = st.lists(
    st.fixed_dictionaries({"event": st.sampled_from(["a", "b", "c", None])}, optional={"first_time_ever": st.booleans()}),
    min_size=1,
    max_size=4,
)


@st.composite
def questions(draw: Any) -> dict[str, Any]:
    steps = draw(STEPS)
    out = {"steps": steps, "mode": draw(st.sampled_from(["ordered", "strict", "unordered", "reached"]))}
    out["window_seconds"] = draw(st.integers(1, 12))
    pairs = [(a, b) for b in range(len(steps)) for a in range(b)]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=2)) if pairs else []
    out["exclusions"] = [{"event": draw(st.sampled_from("xc")), "from_step": a, "to_step": b} for a, b in chosen]
    return out


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(EVENTS, questions(), st.integers(0, 6), st.integers(6, 12), st.integers(5, 20))
def test_it_agrees_with_the_definitions_read_aloud(
    monkeypatch_rows: Any, items: list[tuple[str, str, int]], question: dict[str, Any], low: int, high: int, now: int
) -> None:
    events = [reference.Event(name, moment, index, event) for index, (name, event, moment) in enumerate(items)]
    expected = reference.funnel(events, question, low=low, high=high, now=now)
    asked = question | {"from": at(low).isoformat(), "to": at(high).isoformat(), "list_customers": True}
    answer = monkeypatch_rows(items, asked, at(now))
    depths = [depth for depth, _times, _open in expected.values()]
    for number, step in enumerate(answer["steps"]):
        assert step["count"] == sum(depth > number for depth in depths)
        stopped = [is_open for depth, _times, is_open in expected.values() if depth == number]
        assert (step["in_progress"], step["dropped"]) == (sum(stopped), len(stopped) - sum(stopped))
        spent = [times[number] - times[number - 1] for depth, times, _open in expected.values() if depth > number > 0]
        assert step["avg_seconds"] == (pytest.approx(statistics.fmean(spent)) if spent else None)
        assert step["median_seconds"] == (pytest.approx(statistics.median(spent)) if spent else None)
        assert sorted(answer["customers"][number]) == sorted(name for name, one in expected.items() if one[0] > number)


@pytest.fixture
def monkeypatch_rows(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Answers a question over given events through the store, without the record: each example is a workspace of its own."""
    from analytics.store import engine, sync

    def run(items: list[tuple[str, str, int]], question: dict[str, Any], now: datetime) -> dict[str, Any]:
        workspace_id: UUID = uuid7()
        w, people = str(workspace_id), {"c": 1, "d": 2}
        lines = [
            (w, people[name], int(at(moment).timestamp()) * 1_000_000, index + 1, 1, event, "", "", None, "", "", None, "{}")
            for index, (name, event, moment) in enumerate(items)
        ]
        engine.insert("touches", sync.TOUCH_COLUMNS, lines)
        engine.insert("identities", ("workspace", "identity", "customer", "version"), [(w, 1, 1, 1), (w, 2, 2, 1)])
        monkeypatch.setattr(funnel, "names_of", lambda ids: {1: "c", 2: "d"})
        ready = shapes.funnel(question, timezone="UTC", week_start="monday")
        return funnel.answer(ready, workspace_id=workspace_id, now=now.astimezone(UTC))

    return run
