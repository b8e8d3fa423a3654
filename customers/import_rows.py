"""One row of a file → one touch as the API takes it, or the sentence that says what is wrong with the row."""

import hashlib
import re
import zoneinfo
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cjm.lib import clock

from .shapes import Rejection, read_touch

SKIP = ""
FIELDS: dict[str, Any] = {
    SKIP: gettext_lazy("Do not import"),
    "customer": gettext_lazy("Customer id"),
    "anonymous_id": gettext_lazy("Anonymous id"),
    "event": gettext_lazy("Event"),
    "occurred_at": gettext_lazy("Time"),
    "touch_id": gettext_lazy("Touch id"),
    "channel": gettext_lazy("Channel"),
    "touchpoint": gettext_lazy("Touchpoint"),
    "value": gettext_lazy("Value"),
    "currency": gettext_lazy("Currency"),
    "score_metric": gettext_lazy("Kind of score"),
    "score_value": gettext_lazy("Score"),
    "email": gettext_lazy("Customer's e-mail"),
    "name": gettext_lazy("Customer's name"),
    "attrs": gettext_lazy("Customer attribute of this name"),
    "props": gettext_lazy("Touch property of this name"),
}
MANY = (SKIP, "attrs", "props")
LENGTHS = {"customer": 200, "anonymous_id": 180, "event": 200, "touch_id": 200, "channel": 120, "touchpoint": 160}
_GUESSES: dict[str, tuple[str, ...]] = {
    "customer": ("user_id", "customer", "customer_id", "client_id", "client", "external_id", "userid", "клиент", "id клиента"),
    "anonymous_id": ("anonymous_id", "anonymousid", "device_id", "visitor_id"),
    "event": ("event", "event_name", "event_type", "action", "событие"),
    "occurred_at": ("occurred_at", "timestamp", "time", "datetime", "event_time", "date", "at", "время", "дата"),
    "touch_id": ("touch_id", "event_id", "message_id", "messageid"),
    "channel": ("channel", "acquisition_channel", "utm_source", "канал"),
    "touchpoint": ("touchpoint", "точка контакта", "точка касания"),
    "value": ("value", "amount", "revenue", "sum", "сумма"),
    "currency": ("currency", "валюта"),
    "score_metric": ("score_metric",),
    "score_value": ("score", "score_value", "оценка"),
    "email": ("email", "e-mail", "почта"),
    "name": ("name", "имя"),
}
_LOCAL_FORMATS = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,9})?")
_DIGITS = re.compile(r"\d{9,16}(\.\d{1,6})?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one row: its number as a spreadsheet shows it, the column, a code and the cell."""

    row: int
    column: str
    code: str
    cell: str = ""
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"row": self.row, "column": self.column, "code": self.code, "cell": self.cell[:80], "detail": self.detail}


def sentence_of(fault: Mapping[str, Any]) -> str:
    """The fault in the reader's language."""
    words = {
        "no_customer": _("The customer's id is missing."),
        "no_event": _("The event is missing."),
        "no_time": _("The time is missing."),
        "invalid_time": _("“%(cell)s” is not a time that can be read, or it lies before 1970 or ahead of today."),
        "invalid_value": _("“%(cell)s” is not an amount."),
        "invalid_currency": _("“%(cell)s” is not a currency code of three letters."),
        "invalid_score": _("“%(cell)s” is not a score: it takes a number and one of nps, csat, ces."),
        "too_long": _("The text is longer than the field takes."),
    }
    text = words.get(fault["code"]) or fault.get("detail") or _("This row cannot be recorded.")
    return text % {"cell": fault.get("cell", "")} if fault["code"] in words else text


def guess_fields(columns: Sequence[str]) -> list[str]:
    """A field for each column by its name; the rest become properties of the touch."""
    taken: set[str] = set()
    fields = []
    for column in columns:
        name = column.strip().lower()
        found = next((field for field, names in _GUESSES.items() if name in names and field not in taken), None)
        taken.add(found or "")
        fields.append(found or ("props" if column else SKIP))
    return fields


@dataclass
class Translator:
    """Turns rows, in the order of the file, into touches. Counts identical rows, so it must see the file from its beginning."""

    columns: Sequence[str]
    fields: Sequence[str]
    timezone: str = "UTC"
    event: str = ""
    channel: str = ""
    now: datetime = field(default_factory=clock.now)
    seen: "Counter[bytes]" = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._zone = zoneinfo.ZoneInfo(self.timezone)
        self._single = {name: index for index, name in enumerate(self.fields) if name not in MANY}
        self._props = [(index, self.columns[index]) for index, name in enumerate(self.fields) if name == "props"]
        self._attrs = [(index, self.columns[index]) for index, name in enumerate(self.fields) if name == "attrs"]

    def skip(self, row: Sequence[str]) -> None:
        """Passes a row that was recorded before."""
        if "touch_id" not in self._single:
            self.seen[_digest(row)] += 1

    def translate(self, row: Sequence[str], number: int) -> "dict[str, Any] | Fault":
        """The touch of this row, or its fault. `number` is the row's number in the file, the header being 1."""
        touch_id = self._touch_id(row)
        item: dict[str, Any] = {
            "touch_id": touch_id,
            "event": self._cell(row, "event") or self.event,
            "channel": self._cell(row, "channel") or self.channel,
        }
        for name in ("customer", "anonymous_id", "touchpoint"):
            if cell := self._cell(row, name):
                item[name] = cell
        for fill in (self._who, self._when, self._amount, self._score):
            if fault := fill(row, item, number):
                return fault
        for name, limit in LENGTHS.items():
            if len(item.get(name) or "") > limit:
                return self._fault(number, name, "too_long", str(item[name]))
        finished = self._finish(row, item)
        try:
            read_touch(0, finished, now=self.now)
        except Rejection as no:
            return self._fault(number, no.field.partition(".")[0], no.code, detail=no.detail)
        return finished

    def _touch_id(self, row: Sequence[str]) -> str:
        given = self._cell(row, "touch_id")
        if given or "touch_id" in self._single:
            return given or f"row-{_digest(row).hex()}-0"
        digest = _digest(row)
        ordinal = self.seen[digest]
        self.seen[digest] += 1
        return f"row-{digest.hex()}-{ordinal}"

    def _who(self, row: Sequence[str], item: dict[str, Any], number: int) -> Fault | None:
        if "customer" not in item and "anonymous_id" not in item:
            return self._fault(number, "customer", "no_customer")
        return None if item["event"] else self._fault(number, "event", "no_event")

    def _when(self, row: Sequence[str], item: dict[str, Any], number: int) -> Fault | None:
        cell = self._cell(row, "occurred_at")
        if not cell:
            return self._fault(number, "occurred_at", "no_time")
        moment = parse_time(cell, self._zone)
        if moment is None or moment < _EPOCH or moment > self.now + timedelta(days=1):
            return self._fault(number, "occurred_at", "invalid_time", cell)
        item["occurred_at"] = moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return None

    def _amount(self, row: Sequence[str], item: dict[str, Any], number: int) -> Fault | None:
        cell, currency = self._cell(row, "value"), self._cell(row, "currency").upper()
        if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            return self._fault(number, "currency", "invalid_currency", currency)
        if not cell:
            return None
        amount = parse_amount(cell)
        if amount is None:
            return self._fault(number, "value", "invalid_value", cell)
        item["value"] = str(amount)
        if currency:
            item["currency"] = currency
        return None

    def _score(self, row: Sequence[str], item: dict[str, Any], number: int) -> Fault | None:
        cell = self._cell(row, "score_value")
        if not cell:
            return None
        metric, value = self._cell(row, "score_metric").lower() or "nps", parse_amount(cell)
        if value is None or metric not in ("nps", "csat", "ces"):
            return self._fault(number, "score_value", "invalid_score", cell)
        item["score"] = {"metric": metric, "value": float(value)}
        return None

    def _finish(self, row: Sequence[str], item: dict[str, Any]) -> dict[str, Any]:
        props = {name: _typed(row[index]) for index, name in self._props if row[index].strip()}
        attrs = {name: _typed(row[index]) for index, name in self._attrs if row[index].strip()}
        identify: dict[str, Any] = {name: cell for name in ("email", "name") if (cell := self._cell(row, name))}
        if attrs:
            identify["attrs"] = attrs
        extras = {"props": props, "identify": identify}
        return {name: value for name, value in (item | extras).items() if value not in ("", {}, None)}

    def _cell(self, row: Sequence[str], name: str) -> str:
        index = self._single.get(name)
        return "" if index is None else row[index].strip().replace("\x00", "")

    def _fault(self, number: int, name: str, code: str, cell: str = "", *, detail: str = "") -> Fault:
        index = self._single.get(name)
        return Fault(number, self.columns[index] if index is not None else "", code, cell, detail)


def parse_time(text: str, zone: zoneinfo.ZoneInfo) -> datetime | None:
    """ISO 8601, DD.MM.YYYY, or seconds and milliseconds since 1970; a time without a zone stands in `zone`."""
    try:
        if _DIGITS.fullmatch(text):
            seconds = float(text)
            return _EPOCH + timedelta(seconds=seconds / 1000 if seconds > 1e11 else seconds)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        moment_or_none = _parse_local(text)
        if moment_or_none is None:
            return None
        moment = moment_or_none
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        return None


def _parse_local(text: str) -> datetime | None:
    for form in _LOCAL_FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            continue
    return None


def parse_amount(text: str) -> Decimal | None:
    """12 345,67 · 12,345.67 · 12345.67 → two decimal places."""
    plain = text.replace("\u00a0", "").replace(" ", "")
    if "," in plain:
        plain = plain.replace(",", "") if "." in plain else plain.replace(",", ".")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        return None
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 14:
        return None
    return amount.quantize(Decimal("0.01"))


def _typed(cell: str) -> str | int | float:
    text = cell.strip().replace("\x00", "")[:2000]
    if not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)


def _digest(row: Sequence[str]) -> bytes:
    return hashlib.sha256("\x1f".join(row).encode("utf-8", "replace")).digest()[:16]
