"""The funnel: who got how far, how fast, and who did not. Definitions: the page "Funnel" of the analytics contract.

The store hands over one row per event that matters (customer, time, arrival, which steps it fits) as compact arrays; one fold
over them (`attempts`) gives counts, times, lists, histogram and trend together. Cost is linear in events and steps.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from django.utils.translation import gettext as _

from analytics.stats import histogram
from analytics.store import engine
from cjm.lib import conditions
from cjm.lib.refusals import Refusal

from . import attempts
from .attempts import Attempts, Best, Bools, Ints
from .people import names_of

MAX_VALUES = 1000
Progress = Callable[[float], None]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Touches beside what is known of their customers now; the parameter w is the workspace.
WITH_CUSTOMERS = (
    "touches left any join (select i.identity as known, p.customer as person, p.* except workspace from "
    "(select * from identities final where workspace = {w:UUID}) i inner join "
    "(select * from customers final where workspace = {w:UUID}) p on p.customer = i.customer) c on c.known = touches.identity"
)


def answer(
    question: Mapping[str, Any], *, workspace_id: UUID, now: datetime, progress: Progress = lambda share: None
) -> dict[str, Any]:
    """The funnel's figures in the words of the REST contract. The workspace must be active (customers are named)."""
    rows = _fetch(question, workspace_id, now)
    progress(0.5)
    moment = conditions.microseconds(now)
    asked = _Asked(question, rows, moment)
    whole = asked.fold(rows.masks, rows.codes >= 0)
    out: dict[str, Any] = {"as_of": _iso(min(moment, question["to"]) if question["to"] is not None else moment)}
    out |= asked.figures(whole)
    if question["breakdown"]:
        out["by_value"] = asked.by_value(whole)
    if question["list_customers"]:
        _name_customers(out)
    return out


# ------------------------------------------------------------------------------------------------ from the store


@dataclass(slots=True)
class _Rows:
    """Sorted events: dense customer numbers, times, which steps and exclusions each fits, and its breakdown value's code."""

    customers: Ints
    group: Ints
    at: Ints
    masks: list[Bools]
    forbidden: list[Bools]
    codes: Ints
    values: dict[int, list[str | None]] = field(default_factory=dict)


def _fetch(question: Mapping[str, Any], workspace_id: UUID, now: datetime) -> _Rows:
    query = _Query(question, workspace_id, now)
    found = engine.arrays(query.sql(), query.dtype(), query.params)
    customer = _customers_of(found["identity"], workspace_id)
    order = np.arange(len(found))
    if len(customer) and (np.diff(customer) < 0).any():
        order = np.lexsort((found["id"], found["at"], customer))
    ids = found["id"][order]
    order = order[np.append(True, ids[1:] != ids[:-1])] if len(ids) else order
    found, customer = found[order], customer[order].astype(np.int64)
    bits = [_bit(found, number) for number in range(query.bits)]
    keep = _first_ever(question, customer, bits)
    steps = len(question["steps"])
    if keep is None:
        keep = bits[query.ok_bit] if query.ok_bit is not None else None
    else:
        keep &= bits[query.ok_bit] if query.ok_bit is not None else True
    if keep is not None:
        found, customer, bits = found[keep], customer[keep], [bit[keep] for bit in bits]
    people, group = np.unique(customer, return_inverse=True)
    codes = found["code"].astype(np.int64) if query.fields else np.zeros(len(found), dtype=np.int64)
    codes, values = _values(query, codes)
    return _Rows(
        people, group.astype(np.int64), found["at"].astype(np.int64), bits[:steps],
        bits[steps : steps + len(question["exclusions"])], codes, values,
    )  # fmt: skip


def _bit(found: Any, number: int) -> Bools:
    mask: Bools = (found[f"m{number // 64}"] >> np.uint64(number % 64)) & np.uint64(1) == 1
    return mask


def _first_ever(question: Mapping[str, Any], customer: Ints, bits: list[Bools]) -> Bools | None:
    """Leaves a first-time-ever step only each customer's first fitting event in all history."""
    asked = [number for number, step in enumerate(question["steps"]) if step["first_time_ever"]]
    for number in asked:
        fitting = np.flatnonzero(bits[number])
        first = fitting[np.append(True, customer[fitting][1:] != customer[fitting][:-1])] if len(fitting) else fitting
        bits[number] = np.zeros(len(customer), dtype=bool)
        bits[number][first] = True
    return np.ones(len(customer), dtype=bool) if asked else None


def _customers_of(identities: Any, workspace_id: UUID) -> Ints:
    """The customer behind each identity, by what the store knows of merges."""
    known = engine.arrays(
        "select identity, customer from identities final where workspace = {w:UUID} order by identity",
        [("identity", "<u8"), ("customer", "<u8")],
        {"w": str(workspace_id)},
    )
    if not len(identities):
        return np.zeros(0, dtype=np.int64)
    place = np.minimum(np.searchsorted(known["identity"], identities), len(known) - 1)
    customers: Ints = known["customer"][place].astype(np.int64)
    return customers


class _Query:
    """Writes the one statement that prepares the arrays. Only catalogue columns and parameter names become SQL text."""

    def __init__(self, question: Mapping[str, Any], workspace_id: UUID, now: datetime) -> None:
        self.question, self.now = question, now
        self.params: dict[str, Any] = {"w": str(workspace_id)}
        self.fields: list[str] = question["breakdown"]["fields"] if question["breakdown"] else []
        self.has_history = any(step["first_time_ever"] for step in question["steps"])
        self.tests = [self._any(step["any"]) for step in question["steps"]]
        self.tests += [self._any([item]) for item in question["exclusions"]]
        self.ok_bit = len(self.tests) if self.has_history else None
        self.where = self._where()
        if self.has_history:
            self.tests.append(self.where)
        self.bits = len(self.tests)

    def _any(self, alternatives: Sequence[Mapping[str, Any]]) -> str:
        parts = []
        for item in alternatives:
            test = self._condition(item["where"])
            if item["event"] is not None:
                test = f"event = {self._put(item['event'], 'String')}" + (f" and {test}" if item["where"] else "")
            parts.append(f"({test})")
        return " or ".join(parts) or "false"

    def _put(self, value: Any, kind: str) -> str:
        name = f"v{len(self.params)}"
        self.params[name] = value
        return f"{{{name}:{kind}}}"

    def _condition(self, tree: Any) -> str:
        sql, params = conditions.to_clickhouse(tree, prefix=f"c{len(self.params)}_", now=self.now)
        self.params |= params
        return sql

    def _where(self) -> str:
        """What exists at all for this report: its range with the window after it, its condition and its segment."""
        parts = [self._condition(tree) for tree in (self.question["where"], self.question["segment"]) if tree]
        if self.question["from"] is not None:
            parts.append(f"at >= {self._put(self.question['from'], 'Int64')}")
        if self.question["to"] is not None:
            parts.append(f"at <= {self._put(self.question['to'] + self.question['window'], 'Int64')}")
        return " and ".join(parts) or "true"

    def sql(self) -> str:
        words = [
            " + ".join(
                f"bitShiftLeft(toUInt64(ifNull({test}, false)), {number % 64})"
                for number, test in list(enumerate(self.tests))[start : start + 64]
            )
            for start in range(0, self.bits, 64)
        ]
        masks = ", ".join(f"({word}) as m{number}" for number, word in enumerate(words))
        codes = f", {self.code()} as code" if self.fields else ""
        return (
            f"select identity, toInt64(at) as at_, id, {masks}{codes} from {self.source()} "
            f"where workspace = {{w:UUID}} and ({self.needed()}) order by workspace, identity, at, id"
        )

    def needed(self) -> str:
        """Rows worth fetching: those that fit something, or all that exist where nothing may lie between."""
        fits = [] if self.question["mode"] == "strict" else [f"({test})" for test in self.tests[: len(self._all_tests())]]
        exists = f"({self.where}) and ({' or '.join(fits)})" if fits else f"({self.where})"
        firsts = [self.tests[n] for n, step in enumerate(self.question["steps"]) if step["first_time_ever"]]
        return " or ".join([f"({exists})", *(f"({test})" for test in firsts)])

    def _all_tests(self) -> list[str]:
        return self.tests[: self.ok_bit] if self.ok_bit is not None else self.tests

    def source(self) -> str:
        trees = [item["where"] for step in self.question["steps"] for item in step["any"]]
        trees += [item["where"] for item in self.question["exclusions"]] + [self.question["where"], self.question["segment"]]
        is_joined = any(conditions.uses_customer(tree) for tree in trees)
        if not is_joined and not any(name.startswith(("customer.", "company.")) for name in self.fields):
            return "touches"
        return WITH_CUSTOMERS

    def value(self, name: str) -> str:
        """A breakdown value as text; '' where it is missing."""
        prefix = next((known[:-1] for known in conditions.COLUMNS if known.endswith("*") and name.startswith(known[:-1])), "")
        if not prefix:
            return f"toString({conditions.COLUMNS[name]})"
        column, rest = conditions.COLUMNS[prefix + "*"], name[len(prefix) :]
        whole = self._json_text(column, [rest])
        return f"if({whole} != '', {whole}, {self._json_text(column, rest.split('.'))})" if "." in rest else whole

    def _json_text(self, column: str, path: Sequence[str]) -> str:
        keys = ", ".join(self._put(key, "String") for key in path)
        kind = f"toString(JSONType({column}, {keys}))"
        raw = f"JSONExtractRaw({column}, {keys})"
        return f"multiIf({kind} = 'String', JSONExtractString({column}, {keys}), {kind} = 'Null', '', {raw})"

    def values(self) -> str:
        return f"[{', '.join(self.value(name) for name in self.fields)}]"

    def code(self) -> str:
        """0 where all values are missing, else a hash of them."""
        values = self.values()
        return f"if(arrayAll(x -> x = '', {values}), 0, bitShiftRight(cityHash64({values}), 1))"

    def values_sql(self) -> str:
        where = f"workspace = {{w:UUID}} and ({self.needed()})"
        return f"select distinct {self.code()} as code, {self.values()} from {self.source()} where {where}"

    def dtype(self) -> list[tuple[str, str]]:
        words = [(f"m{number}", "<u8") for number in range((self.bits + 63) // 64)]
        return [("identity", "<u8"), ("at", "<i8"), ("id", "<u8"), *words, *([("code", "<u8")] if self.fields else [])]


def _values(query: _Query, codes: Ints) -> tuple[Ints, dict[int, list[str | None]]]:
    """Dense codes (0 = missing) and the texts behind them."""
    if not query.fields:
        return codes, {}
    texts: dict[int, list[str | None]] = {0: [None] * len(query.fields)}
    sql = query.values_sql()
    texts |= {int(code): [text or None for text in values] for code, values in engine.rows(sql, query.params) if code}
    return codes, texts


# ------------------------------------------------------------------------------------------------ figures


class _Asked:
    """One question over its rows: folds them, and says the figures of any part of the customers."""

    def __init__(self, question: Mapping[str, Any], rows: _Rows, now: int) -> None:
        self.question, self.rows, self.now = question, rows, now
        self.steps, self.window = len(question["steps"]), question["window"]
        self.exclusions = question["exclusions"]

    def fold(self, masks: Sequence[Bools], keep: Bools) -> "_Fold":
        """Runs all attempts over the kept rows."""
        rows, is_all = self.rows, bool(keep.all())
        at, group = (rows.at, rows.group) if is_all else (rows.at[keep], rows.group[keep])
        kept: Callable[[Bools], Bools] = (lambda mask: mask) if is_all else (lambda mask: mask[keep])
        events = attempts.Events(group, at)
        begin, end = self.question["from"], self.question["to"]
        in_range = (at >= (begin if begin is not None else -attempts.FAR)) & (at <= (end if end is not None else attempts.FAR))
        exclusions = [
            attempts.Exclusion(kept(mask), item["from_step"], item["to_step"])
            for mask, item in zip(rows.forbidden, self.exclusions, strict=True)
        ]
        found = attempts.run(
            events, [kept(mask) for mask in masks], mode=self.question["mode"], window=self.window, in_range=in_range,
            exclusions=exclusions,
        )  # fmt: skip
        return _Fold(events, found, attempts.best(events, found, window=self.window, now=self.now))

    def figures(self, fold: "_Fold") -> dict[str, Any]:
        """Steps, histogram, trend and lists of one fold; lists hold internal ids until they are named."""
        out: dict[str, Any] = {"steps": self._steps(fold)}
        if self.question["histogram"]:
            out["histogram"] = _histogram(fold, **self.question["histogram"])
        if self.question["trend"]:
            out["trend"] = self._trend(fold, **self.question["trend"])
        if self.question["list_customers"]:
            people = self.rows.customers[fold.best.group]
            out["customers"] = [people[fold.best.depth > step].tolist() for step in range(self.steps)]
            lost = [(fold.best.depth == step) & ~fold.best.is_open for step in range(self.steps)]
            out["dropped"] = [people[one].tolist() for one in lost]
        return out

    def _steps(self, fold: "_Fold") -> list[dict[str, Any]]:
        depth, is_open, out = fold.best.depth, fold.best.is_open, []
        counts = [int((depth > step).sum()) for step in range(self.steps)]
        for step, given in enumerate(self.question["steps"]):
            stopped = depth == step
            named = {name: given[name] for name in ("event", "stage", "name") if name in given}
            rates = {"overall": _rate(counts[step], counts[0]), "step": _rate(counts[step], counts[step - 1])} if step else {}
            out.append(
                named
                | {"count": counts[step], "overall": 1.0, "step": 1.0}
                | rates
                | {"in_progress": int((stopped & is_open).sum()), "dropped": int((stopped & ~is_open).sum())}
                | _times(fold.seconds(step - 1, step) if step else np.zeros(0))
            )
        return out

    def _trend(self, fold: "_Fold", interval: str, from_step: int, to_step: int) -> list[dict[str, Any]]:
        starts = fold.events.at[fold.attempts.start]
        edges, names = self._buckets(starts, interval)
        if not names:
            return []
        bucket = np.clip(np.searchsorted(edges, starts, side="right") - 1, 0, len(names) - 1)
        key = fold.events.group[fold.attempts.start] * len(names) + bucket
        first = np.flatnonzero(np.append(True, key[1:] != key[:-1])) if len(key) else np.zeros(0, dtype=np.int64)
        depth = np.maximum.reduceat(fold.attempts.depth, first) if len(key) else first
        entered = np.bincount(bucket[first][depth > from_step], minlength=len(names))
        converted = np.bincount(bucket[first][depth > to_step], minlength=len(names))
        return [
            {"period": name.isoformat(), "entered": int(e), "converted": int(c), "rate": _rate(int(c), int(e))}
            for name, e, c in zip(names, entered, converted, strict=True)
        ]

    def _buckets(self, starts: Ints, interval: str) -> tuple[Ints, list[date]]:
        """The first instants and local days of every bucket of the range; an open range reaches from the first start to now."""
        zone, begin, end = ZoneInfo(self.question["timezone"]), self.question["from"], self.question["to"]
        if begin is None and not len(starts):
            return np.zeros(0, dtype=np.int64), []
        low = begin if begin is not None else int(starts.min())
        high = end if end is not None else max([self.now, *starts.max(initial=self.now, keepdims=True).tolist()])
        day, last = _bucket_day(_local(low, zone), interval, self.question["week_start"]), _local(high, zone)
        names = []
        while day <= last:
            names.append(day)
            day = _next_bucket(day, interval)
            if len(names) > 20_000:
                raise Refusal("too_many_periods", _("The range holds too many periods; choose a longer interval."))
        edges = [conditions.microseconds(datetime(name.year, name.month, name.day, tzinfo=zone)) for name in names]
        return np.array(edges, dtype=np.int64), names

    # -------------------------------------------------------------------------------------------- breakdown

    def by_value(self, whole: "_Fold") -> list[dict[str, Any]]:
        """The figures of each value of the breakdown, by count, then value."""
        attribution, rows = self.question["breakdown"]["attribution"], self.rows
        if attribution == "all_events":
            codes = np.unique(rows.codes)
            _bounded(len(codes))
            folds = {int(code): self.fold(rows.masks, rows.codes == code) for code in codes}
        elif attribution.startswith("step_"):
            folds = self._by_step(int(attribution[5:]))
        else:
            folds = self._by_customer(whole, is_first=attribution == "first_touch")
        found = [(rows.values[code], self.figures(fold)) for code, fold in folds.items() if len(fold.best.group)]
        found.sort(key=lambda item: (-item[1]["steps"][0]["count"], [(text is None, text or "") for text in item[0]]))
        is_list = self.question["breakdown"]["is_list"]
        return [{"value": value if is_list else value[0]} | figures for value, figures in found]

    def _by_customer(self, whole: "_Fold", *, is_first: bool) -> dict[int, "_Fold"]:
        """Each customer stands under one value: the first (or last) that any of its step events bears."""
        rows = self.rows
        code = np.zeros(len(rows.customers), dtype=np.int64)
        bearing = np.flatnonzero(np.logical_or.reduce(rows.masks) & (rows.codes != 0))
        bearing = bearing[::-1] if is_first else bearing
        code[rows.group[bearing]] = rows.codes[bearing]  # the last assignment stays
        codes = np.unique(code[whole.best.group])
        _bounded(len(codes))
        return {int(one): whole.part(code == one) for one in codes}

    def _by_step(self, step: int) -> dict[int, "_Fold"]:
        """A customer stands under every value that its events of that step bear; without such an event, under no value."""
        rows, bearing = self.rows, self.rows.masks[step]
        codes = np.unique(np.append(rows.codes[bearing], 0))
        _bounded(len(codes))
        has_any = np.bincount(rows.group[bearing], minlength=len(rows.customers)) > 0
        folds = {}
        for code in codes.tolist():
            fits = bearing & (rows.codes == code)
            stands = np.bincount(rows.group[fits], minlength=len(rows.customers)) > 0
            stands |= ~has_any if code == 0 else False
            masks = [fits if number == step else mask for number, mask in enumerate(rows.masks)]
            folds[code] = self.fold(masks, stands[rows.group])
        return folds


@dataclass(slots=True)
class _Fold:
    events: attempts.Events
    attempts: Attempts
    best: Best

    def seconds(self, from_step: int, to_step: int) -> Any:
        """Elapsed seconds between two steps of those who reached the second."""
        reached = self.best.depth > to_step
        filled = self.best.filled[reached]
        return (self.events.at[filled[:, to_step]] - self.events.at[filled[:, from_step]]) / 1e6

    def part(self, members: Bools) -> "_Fold":
        """The same fold, of some customers only (`members` by customer number)."""
        tries, best = self.attempts, self.best
        mine, of = members[self.events.group[tries.start]], members[best.group]
        return _Fold(
            self.events,
            Attempts(tries.start[mine], tries.filled[mine], tries.depth[mine], tries.spoiled[mine]),
            Best(best.group[of], best.depth[of], best.filled[of], best.is_open[of]),
        )


def _bounded(count: int) -> None:
    if count > MAX_VALUES:
        raise Refusal("too_many_values", _("The breakdown has more than %(count)s values.") % {"count": MAX_VALUES})


def _rate(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


_TIME_NAMES = ("avg_seconds", "median_seconds", "p25_seconds", "p75_seconds", "p90_seconds")


def _times(seconds: Any) -> dict[str, float | None]:
    """Mean and interpolated quantiles; null where nobody got there."""
    if not len(seconds):
        return dict.fromkeys(_TIME_NAMES)
    p25, median, p75, p90 = np.quantile(seconds, [0.25, 0.5, 0.75, 0.9]).tolist()
    return dict(zip(_TIME_NAMES, (float(seconds.mean()), median, p25, p75, p90), strict=True))


def _histogram(fold: _Fold, from_step: int, to_step: int, bins: int | None) -> dict[str, Any]:
    seconds = fold.seconds(from_step, to_step)
    if not len(seconds):
        return {"average_seconds": None, "bins": []}
    return {"average_seconds": float(seconds.mean()), "bins": histogram(seconds, bins)}


def _local(at: int, zone: ZoneInfo) -> date:
    return (_EPOCH + timedelta(microseconds=at)).astimezone(zone).date()


def _bucket_day(day: date, interval: str, week_start: str) -> date:
    if interval == "week":
        return day - timedelta(days=(day.weekday() + (1 if week_start == "sunday" else 0)) % 7)
    return day.replace(day=1) if interval == "month" else day


def bucket_bounds(day: date, interval: str, timezone: str) -> tuple[int, int]:
    """The first and last microsecond of the bucket that begins on a local day."""
    zone = ZoneInfo(timezone)
    first, after = (datetime(one.year, one.month, one.day, tzinfo=zone) for one in (day, _next_bucket(day, interval)))
    return conditions.microseconds(first), conditions.microseconds(after) - 1


def _next_bucket(day: date, interval: str) -> date:
    if interval == "month":
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=7 if interval == "week" else 1)


def _iso(at: int) -> str:
    return (_EPOCH + timedelta(microseconds=at)).isoformat().replace("+00:00", "Z")


def _name_customers(out: dict[str, Any]) -> None:
    """Puts external ids where internal ones stood; those who left since are left out."""
    parts = [out, *out.get("by_value", [])]
    ids = {one for part in parts for name in ("customers", "dropped") for people in part[name] for one in people}
    names = names_of(ids)
    for part in parts:
        for name in ("customers", "dropped"):
            part[name] = [[names[one] for one in people if one in names] for people in part[name]]
