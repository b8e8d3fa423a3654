"""Live metrics of a map in one report: counts, unique customers, ratios, median times and mean scores over a period.

A ratio is a fraction 0 to 1, a median time is in seconds, a mean score is on its own scale (NPS: -100 to 100). `n` is the
denominator: events, customers or answers. The value is null where the denominator is zero.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from analytics.store import engine
from cjm.lib import conditions

from . import funnel

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400_000_000
Progress = Callable[[float], None]


def answer(
    question: Mapping[str, Any], *, workspace_id: UUID, now: datetime, progress: Progress = lambda share: None
) -> dict[str, Any]:
    """{"as_of", "values": {metric id: {"value", "n"}}}; one or two statements a metric."""
    moment = conditions.microseconds(now)
    end = moment if question["to"] is None else question["to"]
    values = {}
    for number, item in enumerate(question["items"]):
        values[item["id"]] = _value(_Item(item, end, workspace_id, now))
        progress((number + 1) / len(question["items"]))
    return {"as_of": (_EPOCH + timedelta(microseconds=min(moment, end))).isoformat().replace("+00:00", "Z"), "values": values}


class _Item:
    """One metric with its period."""

    def __init__(self, item: Mapping[str, Any], end: int, workspace_id: UUID, now: datetime) -> None:
        self.item, self.end, self.workspace_id, self.now = item, end, workspace_id, now
        self.begin = end - item["period_days"] * _DAY + 1

    def pick(self, event: str | None, where: Any) -> tuple[str, dict[str, Any]]:
        """From where, and which rows: the text of a statement after "from", and its parameters."""
        sql, params = conditions.to_clickhouse(where, prefix="c_", now=self.now)
        params |= {"w": str(self.workspace_id), "from": self.begin, "to": self.end}
        parts = ["workspace = {w:UUID}", "at >= {from:Int64}", "at <= {to:Int64}", f"({sql})" if where else "true"]
        if event is not None:
            params["event"] = event
            parts.append("event = {event:String}")
        return f"{funnel.WITH_CUSTOMERS} where {' and '.join(parts)}", params

    def one(self, what: str, event: str | None, where: Any) -> float:
        source, params = self.pick(event, where)
        return float(engine.rows(f"select {what} from {source}", params)[0][0])


def _value(asked: _Item) -> dict[str, Any]:
    kinds = {"count": _count, "customers": _customers, "ratio": _ratio, "median_time": _median_time, "mean_score": _mean_score}
    found = kinds.get(asked.item["query"])
    return found(asked) if found else {"value": None, "n": 0}


def _count(asked: _Item) -> dict[str, Any]:
    n = asked.one("uniqExact(id)", asked.item["event"], asked.item["where"])
    return {"value": n, "n": int(n)}


def _customers(asked: _Item) -> dict[str, Any]:
    n = asked.one("uniqExact(person)", asked.item["event"], asked.item["where"])
    return {"value": n, "n": int(n)}


def _ratio(asked: _Item) -> dict[str, Any]:
    whole = asked.one("uniqExact(id)", asked.item["event"], asked.item["where"])
    part = asked.one("uniqExact(id)", asked.item["to_event"], asked.item["to_where"])
    return {"value": part / whole if whole else None, "n": int(whole)}


def _median_time(asked: _Item) -> dict[str, Any]:
    """Of each customer's first attempt that got from the one event to the other, by the funnel's own rules."""
    steps = [
        {"event": event, "any": [{"event": event, "where": where}], "first_time_ever": False}
        for event, where in ((asked.item["event"], asked.item["where"]), (asked.item["to_event"], asked.item["to_where"]))
    ]
    question = {
        "from": asked.begin, "to": asked.end, "where": None, "segment": None, "steps": steps, "mode": "ordered",
        "window": asked.item["period_days"] * _DAY, "exclusions": [], "breakdown": None, "histogram": None, "trend": None,
        "timezone": "UTC", "week_start": "monday", "list_customers": False,
    }  # fmt: skip
    step = funnel.answer(question, workspace_id=asked.workspace_id, now=asked.now)["steps"][1]
    return {"value": step["median_seconds"], "n": step["count"]}


def _mean_score(asked: _Item) -> dict[str, Any]:
    """The latest answer of each customer counts."""
    source, params = asked.pick(asked.item["event"], asked.item["where"])
    params["score"] = asked.item["score"]
    latest = (
        f"select argMax(score_value, (at, id)) as v from {source} "
        "and score_metric = {score:String} and score_value is not null group by person"
    )
    mean = "100 * (countIf(v >= 9) - countIf(v <= 6)) / count()" if asked.item["score"] == "nps" else "avg(v)"
    n, value = engine.rows(f"select count(), {mean} from ({latest})", params)[0]
    return {"value": float(value) if n else None, "n": int(n)}
