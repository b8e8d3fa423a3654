"""Conditions: one typed tree, three executions: a closure in memory, ClickHouse SQL over history, a sentence for people.

A tree is `{"op": "and"|"or"|"not", "args": [...]}` or a leaf `{"field", "op", "value"}`; None is everybody.
Two-valued logic: a missing, null or wrong-typed operand makes a leaf false (also `ne`); `not` negates a definite value.
Numbers compare as doubles, text by code point, times in microseconds; True is not 1.

A closure reads facts of this shape (missing parts are missing values):
`{"touch": {"event", "channel", "touchpoint", "value", "occurred_at", "props": {}, "score": {"metric", "value"}},
"customer": {"attrs": {}, "consent": {}, "stage", "score", "created_at", …}, "company": {"name", "attrs": {}}}`;
times are datetimes with a zone or whole microseconds since 1970.
"""

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from . import clock
from .refusals import Refusal

Facts = Mapping[str, Any]
Closure = Callable[[Facts], bool]
MAX_NODES, MAX_DEPTH, MAX_LIST = 200, 12, 1000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

BRANCHES = ("and", "or", "not")
OPERATORS = (
    "eq", "ne", "lt", "lte", "gt", "gte", "in", "between", "contains", "starts_with", "exists", "is_empty", "age_gte", "age_lt",
)  # fmt: skip
AGGREGATES = ("count", "sum", "last")
_OPEN_OPERATORS = OPERATORS[:-2]
_TEXT_OPERATORS = _OPEN_OPERATORS
_NUMBER_OPERATORS = ("eq", "ne", "lt", "lte", "gt", "gte", "in", "between", "exists")
_TIME_OPERATORS = ("eq", "ne", "lt", "lte", "gt", "gte", "between", "exists", "age_gte", "age_lt")


@dataclass(frozen=True, slots=True)
class Field:
    """A thing that a condition may look at: its type (text, number, time, json), operators and labels."""

    type: str
    ru: str
    en: str

    @property
    def operators(self) -> tuple[str, ...]:
        by_type = {"text": _TEXT_OPERATORS, "number": _NUMBER_OPERATORS, "time": _TIME_OPERATORS}
        return by_type.get(self.type, _OPEN_OPERATORS)


TOUCH_FIELDS: dict[str, Field] = {
    "touch.event": Field("text", "событие", "event"),
    "touch.channel": Field("text", "канал", "channel"),
    "touch.touchpoint": Field("text", "точка контакта", "touchpoint"),
    "touch.value": Field("number", "сумма касания", "touch value"),
    "touch.occurred_at": Field("time", "время касания", "time of the touch"),
    "touch.score.metric": Field("text", "вид оценки", "kind of score"),
    "touch.score.value": Field("number", "оценка", "score"),
    "touch.props.*": Field("json", "свойство касания", "touch property"),
}
CUSTOMER_FIELDS: dict[str, Field] = {
    "customer.external_id": Field("text", "код клиента", "customer id"),
    "customer.name": Field("text", "имя клиента", "customer name"),
    "customer.email": Field("text", "почта клиента", "customer e-mail"),
    "customer.stage": Field("text", "этап клиента", "customer stage"),
    "customer.score": Field("number", "вовлечённость", "engagement score"),
    "customer.created_at": Field("time", "клиент появился", "customer since"),
    "customer.attrs.*": Field("json", "атрибут клиента", "customer attribute"),
    "customer.consent.*": Field("json", "согласие", "consent"),
    "company.external_id": Field("text", "код компании", "company id"),
    "company.name": Field("text", "компания", "company"),
    "company.attrs.*": Field("json", "атрибут компании", "company attribute"),
}
FIELDS = TOUCH_FIELDS | CUSTOMER_FIELDS
_ALIASES = {"props.": "touch.props.", "attrs.": "customer.attrs.", "consent.": "customer.consent."}

_language: Callable[[], str] = lambda: "ru"  # noqa: E731


def install_language(provider: Callable[[], str]) -> None:
    """Tells refusals which language the reader speaks."""
    global _language
    _language = provider


class _Words:
    """A sentence in both languages, chosen when it is read."""

    def __init__(self, ru: str, en: str) -> None:
        self.ru, self.en = ru, en

    def __str__(self) -> str:
        return self.ru if _language() == "ru" else self.en


def _bad(ru: str, en: str, path: str = "") -> Refusal:
    text = _Words(ru, en)
    return Refusal("invalid_condition", text, errors={path: [text]} if path else None)


# ------------------------------------------------------------------------------------------------ checking


def validate(tree: Any, *, fields: Collection[str] = tuple(FIELDS), path: str = "where", aggregates: bool = False) -> None:
    """Raises Refusal("invalid_condition") for anything that the executions could not answer; None is everybody."""
    if tree is not None:
        _Check(fields, aggregates).node(tree, path, MAX_DEPTH)


def label_of(name: str, language: str) -> str:
    """The field's name for people; the part that stands for * is quoted as it is."""
    found, rest = _find(canonical(name), tuple(FIELDS))
    if found is None:
        return name
    label = FIELDS[found].ru if language == "ru" else FIELDS[found].en
    return f"{label} «{rest}»" if rest and language == "ru" else f"{label} “{rest}”" if rest else label


def canonical(name: str) -> str:
    """The catalogue's name of a field: `props.plan` is short for `touch.props.plan`."""
    for short, long in _ALIASES.items():
        if name.startswith(short):
            return long + name[len(short) :]
    return name


def _find(name: str, fields: Collection[str]) -> tuple[str | None, str]:
    if name in fields and not name.endswith("*"):
        return name, ""
    for known in fields:
        if known.endswith(".*") and name.startswith(known[:-1]) and len(name) > len(known) - 1:
            return known, name[len(known) - 1 :]
    return None, ""


class _Check:
    def __init__(self, fields: Collection[str], aggregates: bool) -> None:
        self.fields, self.aggregates, self.nodes = fields, aggregates, 0

    def node(self, tree: Any, path: str, depth: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES or depth == 0:
            raise _bad("Условие слишком сложное.", "The condition is too complex.", path)
        if not isinstance(tree, dict):
            raise _bad("Условие должно быть объектом.", "A condition must be an object.", path)
        if "agg" in tree:
            self.aggregate(tree, path, depth)
        elif tree.get("op") in BRANCHES:
            self.branch(tree, path, depth)
        else:
            self.leaf(tree, path)

    def branch(self, tree: dict[str, Any], path: str, depth: int) -> None:
        args = tree.get("args")
        if set(tree) != {"op", "args"} or not isinstance(args, list):
            raise _bad("У «and», «or», «not» есть только список args.", "“and”, “or”, “not” have a list “args” only.", path)
        if tree["op"] == "not" and len(args) != 1:
            raise _bad("«not» отрицает ровно одно условие.", "“not” negates exactly one condition.", path)
        for index, arg in enumerate(args):
            self.node(arg, f"{path}.args.{index}", depth - 1)

    def leaf(self, tree: dict[str, Any], path: str) -> None:
        if not set(tree) <= {"field", "op", "value"}:
            raise _bad("В условии есть неизвестное поле.", "The condition holds an unknown key.", path)
        name, op = tree.get("field"), tree.get("op")
        known, _rest = _find(canonical(name), self.fields) if isinstance(name, str) else (None, "")
        if known is None:
            raise _bad(f"Поле «{name}» неизвестно.", f"The field “{name}” is not known.", f"{path}.field")
        if op not in FIELDS[known].operators:
            raise _bad(f"Сравнение «{op}» здесь невозможно.", f"The comparison “{op}” is not possible here.", f"{path}.op")
        _check_value(str(op), tree.get("value"), FIELDS[known].type, f"{path}.value", "value" in tree)

    def aggregate(self, tree: dict[str, Any], path: str, depth: int) -> None:
        if not self.aggregates:
            raise Refusal(
                "not_supported",
                _Words("Подсчёт касаний здесь пока не поддерживается.", "Counting touches is not supported here yet."),
                errors={path: [_Words("Не поддерживается.", "Not supported.")]},
            )
        if not set(tree) <= {"agg", "event", "where", "within", "op", "value", "field"} or tree["agg"] not in AGGREGATES:
            raise _bad("Подсчёт задан неверно.", "The aggregate is wrong.", path)
        if tree.get("op") not in ("eq", "ne", "lt", "lte", "gt", "gte"):
            raise _bad("Сравнение здесь невозможно.", "The comparison is not possible here.", f"{path}.op")
        _check_value(tree["op"], tree.get("value"), "number", f"{path}.value", "value" in tree)
        if tree.get("within") is not None:
            duration(tree["within"])
        if tree.get("where") is not None:
            self.node(tree["where"], f"{path}.where", depth - 1)


def _check_value(op: str, value: Any, kind: str, path: str, is_given: bool) -> None:
    if op in ("exists", "is_empty"):
        is_right = not is_given or isinstance(value, bool)
    elif op in ("age_gte", "age_lt"):
        duration(value)
        is_right = True
    elif op == "in":
        is_right = isinstance(value, list) and len(value) <= MAX_LIST and all(_fits(item, kind) for item in value)
    elif op == "between":
        is_right = isinstance(value, list) and len(value) == 2 and all(_fits(item, kind) for item in value)
        is_right = is_right and _kind(value[0]) == _kind(value[1]) != "bool"
    elif op in ("contains", "starts_with"):
        is_right = isinstance(value, str)
    elif op in ("lt", "lte", "gt", "gte"):
        is_right = _fits(value, kind) and _kind(value) != "bool"
    else:
        is_right = _fits(value, kind)
    if not is_right:
        raise _bad("Это значение не подходит к сравнению.", "This value does not fit the comparison.", path)


def _fits(value: Any, kind: str) -> bool:
    if kind == "time":
        return isinstance(value, str) and _moment(value) is not None
    if kind == "json":
        return _kind(value) in ("text", "number", "bool")
    return _kind(value) == kind


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float | Decimal):
        return "number" if _double(value) is not None else ""
    if isinstance(value, datetime):
        return "time"
    return "text" if isinstance(value, str) else ""


def _double(value: int | float | Decimal) -> float | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _moment(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo is None else microseconds(moment)


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


_DURATION = re.compile(r"P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII)


def duration(text: Any) -> timedelta:
    """An ISO 8601 duration of weeks, days, hours, minutes and seconds; raises Refusal("invalid_condition")."""
    match = _DURATION.fullmatch(text) if isinstance(text, str) and len(text) <= 40 else None
    if match is None:
        raise _bad("Укажите срок как P2D или PT1H.", "Give the time span as P2D or PT1H.", "duration")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    if weeks * 7 + days > 36_500 or max(hours, minutes, seconds) > 10**9:
        raise _bad("Срок слишком велик.", "The time span is too long.", "duration")
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


# ------------------------------------------------------------------------------------------------ in memory


def to_closure(tree: Any, *, now: Callable[[], datetime] = clock.now) -> Closure:
    """A function of the facts (see the module); compiled once, called often. The tree must have passed `validate`."""
    if tree is None:
        return lambda facts: True
    op = tree["op"]
    if op in BRANCHES:
        parts = [to_closure(arg, now=now) for arg in tree["args"]]
        if op == "not":
            inner = parts[0]
            return lambda facts: not inner(facts)
        if op == "and":
            return lambda facts: all(part(facts) for part in parts)
        return lambda facts: any(part(facts) for part in parts)
    if "agg" in tree:
        return _aggregate_closure(tree, now)
    return _leaf_closure(tree, now)


def _leaf_closure(tree: dict[str, Any], now: Callable[[], datetime]) -> Closure:
    name, op = canonical(tree["field"]), tree["op"]
    get, test = _getter(name), _test(op, tree.get("value", True), _type_of(name), now)
    return lambda facts: test(get(facts))


def _type_of(name: str) -> str:
    found, _rest = _find(name, tuple(FIELDS))
    return FIELDS[found].type if found else "json"


def _getter(name: str) -> Callable[[Facts], Any]:
    found, rest = _find(name, tuple(FIELDS))
    head = (found or name).removesuffix(".*").split(".")
    keys = rest.split(".") if rest else []

    def get(facts: Facts) -> Any:
        value: Any = facts
        for key in head:
            value = value.get(key) if isinstance(value, Mapping) else None
        if keys and isinstance(value, Mapping) and value.get(rest) is not None:
            return value[rest]
        for key in keys:
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    return get


def _test(op: str, value: Any, kind: str, now: Callable[[], datetime]) -> Callable[[Any], bool]:
    if op == "exists":
        return lambda seen: (seen is not None and seen != "" if kind == "text" else seen is not None) is value
    if op == "is_empty":
        return lambda seen: isinstance(seen, str) and kind != "text" and (seen == "") is value
    if op in ("age_gte", "age_lt"):
        span, wants_old = duration(value) // timedelta(microseconds=1), op == "age_gte"
        return lambda seen: (at := _time(seen)) is not None and (microseconds(now()) - at >= span) is wants_old
    if op in ("contains", "starts_with"):
        is_within = op == "contains"
        return lambda seen: (
            isinstance(seen, str) and (seen != "" or kind != "text") and (value in seen if is_within else seen.startswith(value))
        )
    if op == "in":
        tests = [_compare("eq", item, kind) for item in value]
        return lambda seen: any(test(seen) for test in tests)
    if op == "between":
        low, high = _compare("gte", value[0], kind), _compare("lte", value[1], kind)
        return lambda seen: low(seen) and high(seen)
    return _compare(op, value, kind)


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: bool(a == b),
    "ne": lambda a, b: bool(a != b),
    "lt": lambda a, b: bool(a < b),
    "lte": lambda a, b: bool(a <= b),
    "gt": lambda a, b: bool(a > b),
    "gte": lambda a, b: bool(a >= b),
}


def _compare(op: str, value: Any, kind: str) -> Callable[[Any], bool]:
    compare = _COMPARE[op]
    if kind == "time":
        wanted_at = _moment(value)
        return lambda seen: (at := _time(seen)) is not None and compare(at, wanted_at)
    wanted_kind = _kind(value)
    if wanted_kind == "number":
        number = float(value)
        return lambda seen: _kind(seen) == "number" and compare(float(seen), number)
    return lambda seen: _kind(seen) == wanted_kind and (seen != "" or kind != "text") and compare(seen, value)


def _time(seen: Any) -> int | None:
    if isinstance(seen, datetime):
        return microseconds(seen)
    return seen if isinstance(seen, int) and not isinstance(seen, bool) else None


def _aggregate_closure(tree: dict[str, Any], now: Callable[[], datetime]) -> Closure:
    """Over `facts["history"]`: the customer's touches up to now, in order, each shaped like a touch."""
    inner, compare = to_closure(tree.get("where"), now=now), _compare(tree["op"], tree["value"], "number")
    span = duration(tree["within"]) // timedelta(microseconds=1) if tree.get("within") else None
    event, get = tree.get("event"), _getter(canonical(tree.get("field") or "touch.value"))

    def fits(touch: Mapping[str, Any], facts: Facts) -> bool:
        at = _time(touch.get("occurred_at"))
        is_recent = span is None or (at is not None and microseconds(now()) - at <= span)
        return (event is None or touch.get("event") == event) and is_recent and inner({**facts, "touch": touch})

    def test(facts: Facts) -> bool:
        touches = [touch for touch in facts.get("history", ()) if fits(touch, facts)]
        if tree["agg"] == "count":
            return compare(len(touches))
        values = [value for touch in touches if _kind(value := get({"touch": touch})) == "number"]
        if tree["agg"] == "sum":
            return compare(math.fsum(float(value) for value in values))
        return bool(values) and compare(values[-1])

    return test


# ------------------------------------------------------------------------------------------------ over the store


@dataclass(slots=True)
class _Sql:
    """Collects typed parameters while a tree turns into SQL. Only catalogue words and parameter names become SQL text."""

    columns: Mapping[str, str]
    prefix: str
    now: datetime
    params: dict[str, Any] = field(default_factory=dict)

    def put(self, value: Any, kind: str) -> str:
        name = f"{self.prefix}{len(self.params)}"
        self.params[name] = value
        return f"{{{name}:{kind}}}"


# Where each catalogue field stands in the store; `*` fields are JSON text.
COLUMNS: dict[str, str] = {
    "touch.event": "event",
    "touch.channel": "channel",
    "touch.touchpoint": "touchpoint",
    "touch.value": "value",
    "touch.occurred_at": "at",
    "touch.score.metric": "score_metric",
    "touch.score.value": "score_value",
    "touch.props.*": "props",
    "customer.external_id": "c.external_id",
    "customer.name": "c.name",
    "customer.email": "c.email",
    "customer.stage": "c.stage",
    "customer.score": "c.score",
    "customer.created_at": "c.created_at",
    "customer.attrs.*": "c.attrs",
    "customer.consent.*": "c.consent",
    "company.external_id": "c.company_external_id",
    "company.name": "c.company_name",
    "company.attrs.*": "c.company_attrs",
}


def to_clickhouse(
    tree: Any, *, prefix: str = "p", columns: Mapping[str, str] = COLUMNS, now: datetime | None = None
) -> tuple[str, dict[str, Any]]:
    """SQL of type Bool (never NULL) with typed parameters named `prefix`0, `prefix`1, …, over columns of the store."""
    sql = _Sql(columns, prefix, now or clock.now())
    return (_node_sql(tree, sql) if tree is not None else "true"), sql.params


def uses_customer(tree: Any) -> bool:
    """Whether any leaf looks at the customer or the company."""
    if not isinstance(tree, Mapping):
        return False
    if "args" in tree:
        return any(uses_customer(arg) for arg in tree["args"])
    return canonical(str(tree.get("field", ""))).startswith(("customer.", "company."))


def _node_sql(tree: Any, sql: _Sql) -> str:
    op = tree["op"]
    if "agg" in tree:
        raise Refusal("not_supported", _Words("Подсчёт касаний здесь не поддерживается.", "Aggregates are not supported here."))
    if op == "not":
        return f"(not {_node_sql(tree['args'][0], sql)})"
    if op in BRANCHES:
        parts = [_node_sql(arg, sql) for arg in tree["args"]] or ["true" if op == "and" else "false"]
        return "(" + f" {op} ".join(parts) + ")"
    return _leaf_sql(tree, sql)


def _leaf_sql(tree: dict[str, Any], sql: _Sql) -> str:
    name = canonical(tree["field"])
    found, rest = _find(name, tuple(FIELDS))
    if found is None or found not in sql.columns:
        raise _bad(f"Поле «{name}» здесь недоступно.", f"The field “{name}” is not available here.")
    column, kind, op, value = sql.columns[found], FIELDS[found].type, tree["op"], tree.get("value", True)
    if kind == "json":
        return f"ifNull({_json_sql(column, rest, op, value, sql)}, false)"
    return f"ifNull({_column_sql(column, kind, op, value, sql)}, false)"


_SIGNS = {"eq": "=", "ne": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


def _column_sql(column: str, kind: str, op: str, value: Any, sql: _Sql) -> str:
    is_there = f"{column} != ''" if kind == "text" else f"{column} is not null"
    if op == "exists":
        return f"({is_there})" if value else f"(not ({is_there}))"
    if op == "is_empty":
        return "false"
    if op in ("age_gte", "age_lt"):
        span = duration(value) // timedelta(microseconds=1)
        age = f"({sql.put(microseconds(sql.now), 'Int64')} - {column}) {'>=' if op == 'age_gte' else '<'}"
        return f"({is_there} and {age} {sql.put(span, 'Int64')})"
    if op in ("contains", "starts_with"):
        return f"({is_there} and {_text_sql(column, op, value, sql)})"
    if op == "in":
        tests = [f"{column} = {_value_sql(item, kind, sql)}" for item in value]
        return f"({is_there} and ({' or '.join(tests) or 'false'}))"
    if op == "between":
        low, high = (_value_sql(item, kind, sql) for item in value)
        return f"({is_there} and {column} >= {low} and {column} <= {high})"
    return f"({is_there} and {column} {_SIGNS[op]} {_value_sql(value, kind, sql)})"


def _value_sql(value: Any, kind: str, sql: _Sql) -> str:
    if kind == "time":
        return sql.put(_moment(value), "Int64")
    return sql.put(float(value), "Float64") if kind == "number" else sql.put(value, "String")


def _text_sql(text: str, op: str, value: str, sql: _Sql) -> str:
    wanted = sql.put(value, "String")
    return f"position({text}, {wanted}) > 0" if op == "contains" else f"startsWith({text}, {wanted})"


def _json_sql(column: str, rest: str, op: str, value: Any, sql: _Sql) -> str:
    """A key holding dots is looked for as it is, then as a path."""
    whole = sql.put(rest, "String")
    plain = _json_leaf(column, whole, op, value, sql)
    if "." not in rest:
        return plain
    path = ", ".join(sql.put(key, "String") for key in rest.split("."))
    nested = _json_leaf(column, path, op, value, sql)
    return f"if(JSONHas({column}, {whole}) and toString(JSONType({column}, {whole})) != 'Null', {plain}, {nested})"


_JSON_NUMBER = "('Int64', 'UInt64', 'Double')"


def _json_leaf(column: str, path: str, op: str, value: Any, sql: _Sql) -> str:
    kind = f"toString(JSONType({column}, {path}))"
    text, number = f"JSONExtractString({column}, {path})", f"JSONExtractFloat({column}, {path})"
    if op == "exists":
        there = f"(JSONHas({column}, {path}) and {kind} != 'Null')"
        return there if value else f"(not {there})"
    if op == "is_empty":
        return f"({kind} = 'String' and {text} {'=' if value else '!='} '')"
    if op in ("contains", "starts_with"):
        return f"({kind} = 'String' and {_text_sql(text, op, value, sql)})"
    if op == "in":
        return "(" + (" or ".join(_json_leaf(column, path, "eq", item, sql) for item in value) or "false") + ")"
    if op == "between":
        return f"({_json_leaf(column, path, 'gte', value[0], sql)} and {_json_leaf(column, path, 'lte', value[1], sql)})"
    sign = _SIGNS[op]
    if isinstance(value, bool):
        return f"({kind} = 'Bool' and JSONExtractBool({column}, {path}) {sign} {sql.put(int(value), 'UInt8')})"
    if isinstance(value, str):
        return f"({kind} = 'String' and {text} {sign} {sql.put(value, 'String')})"
    return f"({kind} in {_JSON_NUMBER} and {number} {sign} {sql.put(float(value), 'Float64')})"


# ------------------------------------------------------------------------------------------------ for people

_WORDS = {
    "eq": ("равно", "is"),
    "ne": ("не равно", "is not"),
    "lt": ("меньше", "is less than"),
    "lte": ("не больше", "is at most"),
    "gt": ("больше", "is more than"),
    "gte": ("не меньше", "is at least"),
    "in": ("одно из", "is one of"),
    "between": ("между", "is between"),
    "contains": ("содержит", "contains"),
    "starts_with": ("начинается с", "starts with"),
    "age_gte": ("давнее чем", "is at least this old:"),
    "age_lt": ("не давнее чем", "is younger than"),
}


def to_sentence(tree: Any, language: str) -> str:
    """The condition in words; None reads as everybody."""
    is_russian = language == "ru"
    if tree is None:
        return "все" if is_russian else "everybody"
    if "agg" in tree:
        return _aggregate_sentence(tree, language)
    op = tree["op"]
    if op == "not":
        return ("не " if is_russian else "not ") + _wrapped(tree["args"][0], language)
    if op in BRANCHES:
        joint = {"and": (" и ", " and "), "or": (" или ", " or ")}[op][0 if is_russian else 1]
        return joint.join(_wrapped(arg, language) for arg in tree["args"]) or to_sentence(None, language)
    return _leaf_sentence(tree, language)


def _wrapped(tree: Any, language: str) -> str:
    text = to_sentence(tree, language)
    return f"({text})" if tree.get("op") in ("and", "or") and len(tree["args"]) > 1 else text


def _leaf_sentence(tree: dict[str, Any], language: str) -> str:
    is_russian = language == "ru"
    label, op, value = label_of(tree["field"], language), tree["op"], tree.get("value", True)
    if op == "exists":
        words = ("указано", "is known") if value else ("не указано", "is not known")
    elif op == "is_empty":
        words = ("пусто", "is empty") if value else ("не пусто", "is not empty")
    else:
        return f"{label} {_WORDS[op][0 if is_russian else 1]} {_value_words(op, value, language)}"
    return f"{label} {words[0 if is_russian else 1]}"


def _value_words(op: str, value: Any, language: str) -> str:
    is_russian = language == "ru"
    if isinstance(value, bool):
        return ("да" if value else "нет") if is_russian else ("yes" if value else "no")
    if isinstance(value, list):
        joint = (" и " if is_russian else " and ") if op == "between" else ", "
        return joint.join(_value_words("eq", item, language) for item in value)
    if op in ("age_gte", "age_lt"):
        return span_words(duration(value), language)
    if isinstance(value, str):
        return f"«{value}»" if is_russian else f"“{value}”"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text.replace(".", ",") if is_russian else text


def span_words(span: timedelta, language: str) -> str:
    """A time span in its largest whole unit: 3 дн, 12 ч / 3 d, 12 h."""
    seconds = int(span.total_seconds())
    for size, ru, en in ((86400, "дн", "d"), (3600, "ч", "h"), (60, "мин", "min")):
        if seconds and seconds % size == 0:
            return f"{seconds // size} {ru if language == 'ru' else en}"
    return f"{seconds} {'с' if language == 'ru' else 's'}"


def _aggregate_sentence(tree: dict[str, Any], language: str) -> str:
    is_russian = language == "ru"
    names = {
        "count": ("число касаний", "number of touches"),
        "sum": ("сумма", "sum"),
        "last": ("последнее значение", "last value"),
    }
    text = names[tree["agg"]][0 if is_russian else 1]
    if tree.get("event"):
        text += f" «{tree['event']}»" if is_russian else f" “{tree['event']}”"
    if tree.get("where"):
        text += (", где " if is_russian else " where ") + _wrapped(tree["where"], language)
    if tree.get("within"):
        text += (" за " if is_russian else " within ") + span_words(duration(tree["within"]), language)
    return f"{text} {_WORDS[tree['op']][0 if is_russian else 1]} {_value_words('eq', tree['value'], language)}"
