"""A condition means the same in memory and in the store."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.store import engine
from cjm.lib import conditions
from cjm.lib.refusals import Refusal

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def leaf(op: str, value: Any = None, field: str = "touch.props.a") -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


def holds(tree: Any, props: dict[str, Any]) -> bool:
    conditions.validate(tree)
    return conditions.to_closure(tree, now=lambda: NOW)({"touch": {"event": "e", "props": props}})


@pytest.mark.parametrize(
    ("tree", "props", "expected"),
    [
        (leaf("eq", 1), {"a": 1.0}, True),
        (leaf("eq", 1), {"a": True}, False),
        (leaf("eq", True), {"a": 1}, False),
        (leaf("eq", 1), {"a": "1"}, False),
        (leaf("ne", 1), {}, False),
        (leaf("ne", 1), {"a": None}, False),
        (leaf("ne", 1), {"a": "x"}, False),
        (leaf("ne", 1), {"a": 2}, True),
        ({"op": "not", "args": [leaf("eq", 1)]}, {}, True),
        (leaf("in", ["x", 2]), {"a": 2}, True),
        (leaf("in", []), {"a": 2}, False),
        (leaf("between", [1, 3]), {"a": 3}, True),
        (leaf("lt", "b"), {"a": "a"}, True),
        (leaf("lt", "\U0001f600"), {"a": "\uffee"}, True),
        (leaf("contains", "бра"), {"a": "абракадабра"}, True),
        (leaf("starts_with", "x"), {"a": 1}, False),
        (leaf("exists", True), {"a": ""}, True),
        (leaf("exists", False), {"a": None}, True),
        (leaf("is_empty", True), {}, False),
        (leaf("is_empty", True), {"a": ""}, True),
        (leaf("eq", 1, "touch.props.a.b"), {"a": {"b": 1}}, True),
        (leaf("eq", 1, "props.a.b"), {"a.b": 1}, True),
        ({"op": "and", "args": []}, {}, True),
        ({"op": "or", "args": []}, {}, False),
    ],
)
def test_logic_is_two_valued_and_typed(tree: Any, props: dict[str, Any], expected: bool) -> None:
    assert holds(tree, props) is expected
    assert in_store([tree], [props]) == [[expected]]


def test_age_counts_from_now() -> None:
    tree = {"field": "customer.created_at", "op": "age_gte", "value": "P2D"}
    conditions.validate(tree)
    old = conditions.to_closure(tree, now=lambda: NOW)
    assert old({"customer": {"created_at": datetime(2026, 2, 27, tzinfo=UTC)}})
    assert not old({"customer": {"created_at": datetime(2026, 2, 27, 0, 0, 1, tzinfo=UTC)}})
    assert not old({"customer": {}})


def test_an_aggregate_looks_at_history() -> None:
    tree = {"agg": "count", "event": "buy", "where": leaf("gt", 1), "within": "P7D", "op": "gte", "value": 2}
    conditions.validate(tree, aggregates=True)
    often = conditions.to_closure(tree, now=lambda: NOW)
    touch = {"event": "buy", "occurred_at": datetime(2026, 2, 25, tzinfo=UTC), "props": {"a": 2}}
    assert often({"history": [touch, touch]})
    assert not often({"history": [touch, {**touch, "occurred_at": datetime(2026, 2, 1, tzinfo=UTC)}]})


@pytest.mark.parametrize(
    "tree",
    [
        [],
        "x",
        {},
        {"op": "and"},
        {"op": "and", "args": [], "x": 1},
        {"op": "not", "args": []},
        {"field": "touch.secret", "op": "eq", "value": 1},
        {"field": "touch.props.", "op": "eq", "value": 1},
        leaf("regex", "x"),
        leaf("eq", None),
        leaf("eq", float("nan")),
        leaf("eq", 10**400),
        leaf("lt", True),
        leaf("between", [1, "x"]),
        leaf("between", [1]),
        leaf("in", "x"),
        leaf("contains", 1),
        leaf("exists", "yes"),
        {"field": "touch.event", "op": "eq", "value": 1},
        {"field": "touch.occurred_at", "op": "lt", "value": "2026-01-01"},
        {"field": "customer.created_at", "op": "age_lt", "value": "3 days"},
        {"agg": "count", "event": "x", "op": "gte", "value": 1},
        {"op": "and", "args": [leaf("eq", 1)] * 300},
    ],
)
def test_what_cannot_be_answered_is_refused(tree: Any) -> None:
    with pytest.raises(Refusal) as caught:
        conditions.validate(tree)
    assert caught.value.code in ("invalid_condition", "not_supported")
    assert str(caught.value.text)


def test_it_reads_as_a_sentence() -> None:
    tree = {"op": "and", "args": [leaf("eq", "pro"), {"op": "not", "args": [leaf("gte", 1.5)]}]}
    assert conditions.to_sentence(tree, "ru") == "свойство касания «a» равно «pro» и не свойство касания «a» не меньше 1,5"
    assert conditions.to_sentence(tree, "en") == "touch property “a” is “pro” and not touch property “a” is at least 1.5"
    assert conditions.to_sentence(None, "ru") == "все"


TEXTS = st.one_of(
    st.sampled_from(["", "a", "A", "ab", "é", "\U0001f600", "\uffee", "1", "'", '"', "\\", "%"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=4),
)
NUMBERS = st.one_of(st.integers(-3, 3), st.sampled_from([0.1, 0.5, -0.0, 1e300, 2**53 + 1, 2**63, 1e-7]))
SCALARS = st.one_of(TEXTS, NUMBERS, st.booleans())
KEYS = st.sampled_from(["a", "b", "a.b", "é"])
VALUES = st.recursive(
    st.one_of(SCALARS, st.none()), lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2)
)
PROPS = st.dictionaries(KEYS, VALUES, max_size=3)


@st.composite
def leaves(draw: Any) -> dict[str, Any]:
    op = draw(st.sampled_from(conditions.OPERATORS[:-2]))
    if op in ("exists", "is_empty"):
        value: Any = draw(st.booleans())
    elif op in ("contains", "starts_with"):
        value = draw(TEXTS)
    elif op == "in":
        value = draw(st.lists(SCALARS, max_size=3))
    elif op == "between":
        value = draw(st.one_of(st.lists(NUMBERS, min_size=2, max_size=2), st.lists(TEXTS, min_size=2, max_size=2)))
    else:
        value = draw(SCALARS if op in ("eq", "ne") else st.one_of(NUMBERS, TEXTS))
    return leaf(op, value, "touch.props." + draw(KEYS))


TREES = st.recursive(
    leaves(),
    lambda inner: st.one_of(
        st.builds(lambda op, args: {"op": op, "args": args}, st.sampled_from(["and", "or"]), st.lists(inner, max_size=3)),
        st.builds(lambda arg: {"op": "not", "args": [arg]}, inner),
    ),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(TREES, min_size=1, max_size=4), st.lists(PROPS, min_size=1, max_size=6))
def test_memory_and_store_agree_on_every_input(trees: list[Any], rows: list[dict[str, Any]]) -> None:
    for tree in trees:
        conditions.validate(tree)
    closures = [conditions.to_closure(tree) for tree in trees]
    expected = [[closure({"touch": {"props": props}}) for closure in closures] for props in rows]
    assert in_store(trees, rows) == expected


def in_store(trees: list[Any], rows: list[dict[str, Any]]) -> list[list[bool]]:
    parts = [conditions.to_clickhouse(tree, prefix=f"t{index}_") for index, tree in enumerate(trees)]
    params = {name: value for _sql, values in parts for name, value in values.items()}
    params["rows"] = [json.dumps(props, ensure_ascii=False) for props in rows]
    sql = f"select {', '.join(sql for sql, _values in parts)} from (select arrayJoin({{rows:Array(String)}}) as props)"
    return [[bool(value) for value in row] for row in engine.rows(sql, params)]
