"""What programs may send: the shape of a touch and of a customer, and the reasons why an item cannot be recorded."""

import re
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Annotated, Any, TypeVar

import msgspec
from django.utils.translation import gettext as _
from msgspec import UNSET, Meta, Struct, UnsetType

from workspaces.rest import RESERVED_EXTERNAL_IDS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SCORE_RANGES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
MOST_ITEMS = 1000
_AHEAD = timedelta(days=1)
_KEEP_BYTES = 65_536

Name = Annotated[str, Meta(min_length=1, max_length=200)]
S = TypeVar("S")


class Rejection(Exception):
    """Why one item cannot be taken: a code for machines, a sentence for people, the field at fault."""

    def __init__(self, code: str, detail: str, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.field = field


class ScoreIn(Struct, forbid_unknown_fields=True):
    metric: str
    value: float
    comment: Annotated[str, Meta(max_length=5000)] | None = None


class IdentifyIn(Struct, forbid_unknown_fields=True):
    """Known facts about a customer: absent fields stay, null clears; in `attrs` and `consent` null removes a key."""

    email: Annotated[str, Meta(max_length=320)] | None | UnsetType = UNSET
    name: Annotated[str, Meta(max_length=300)] | None | UnsetType = UNSET
    timezone: str | None | UnsetType = UNSET
    attrs: dict[str, Any] | None | UnsetType = UNSET
    consent: dict[str, bool | None] | None | UnsetType = UNSET


class TouchIn(Struct, forbid_unknown_fields=True):
    touch_id: Name
    event: Name
    occurred_at: Any
    customer: Name | None = None
    anonymous_id: Annotated[str, Meta(min_length=1, max_length=180)] | None = None
    channel: Annotated[str, Meta(max_length=120)] | None = None
    touchpoint: Annotated[str, Meta(max_length=160)] | None = None
    value: str | int | float | None = None
    currency: str | None = None
    score: ScoreIn | None = None
    props: dict[str, Any] | None = None
    identify: IdentifyIn | None = None


class CompanyIn(Struct, forbid_unknown_fields=True):
    external_id: Name
    name: Annotated[str, Meta(max_length=300)] | None | UnsetType = UNSET
    attrs: dict[str, Any] | None | UnsetType = UNSET


class CustomerIn(IdentifyIn, forbid_unknown_fields=True, kw_only=True):
    external_id: Name
    created_at: Any = None
    company: CompanyIn | None | UnsetType = UNSET


@dataclass(slots=True)
class GoodTouch:
    """A touch that may be recorded, with its values as they are stored."""

    index: int
    shape: TouchIn
    at: datetime
    value: Decimal | None
    currency: str


def read_touch(index: int, item: Any, *, now: datetime) -> GoodTouch:
    """The touch behind a raw item; raises Rejection."""
    shape = convert(item, TouchIn)
    if shape.customer is None and shape.anonymous_id is None:
        raise Rejection("invalid_shape", _("A touch needs “customer” or “anonymous_id”."), "customer")
    if shape.customer in RESERVED_EXTERNAL_IDS:
        raise Rejection("invalid_value", _("This customer id is reserved."), "customer")
    if shape.score is not None:
        check_score(shape.score)
    if shape.identify is not None:
        check_facts(shape.identify)
    at = read_time(shape.occurred_at, "occurred_at", now=now)
    return GoodTouch(index, shape, at, _money(shape.value), _currency(shape.currency))


def read_customer(item: Any, *, now: datetime) -> CustomerIn:
    """The customer behind a raw item; raises Rejection."""
    shape = convert(item, CustomerIn)
    if shape.external_id in RESERVED_EXTERNAL_IDS:
        raise Rejection("invalid_value", _("This customer id is reserved."), "external_id")
    check_facts(shape)
    if shape.created_at is not None:
        shape.created_at = read_time(shape.created_at, "created_at", now=now)
    return shape


def read_company(item: Any) -> CompanyIn:
    """The company behind a raw item; raises Rejection."""
    shape = convert(item, CompanyIn)
    if shape.external_id in RESERVED_EXTERNAL_IDS:
        raise Rejection("invalid_value", _("This company id is reserved."), "external_id")
    return shape


def check_facts(facts: IdentifyIn) -> None:
    """Refuses an e-mail that cannot be one; an unknown time zone counts as absent."""
    if facts.email and not re.fullmatch(r"[^@\s]+@[^@\s]+", facts.email):
        raise Rejection("invalid_value", _("This is not an e-mail address."), "email")
    if facts.timezone and facts.timezone not in _zones():
        facts.timezone = UNSET


def read_time(text: Any, field: str, *, now: datetime) -> datetime:
    """ISO 8601 with a zone, from 1970 to a day ahead."""
    moment = _moment(text)
    if moment is None:
        raise Rejection("invalid_time", _("A time is ISO 8601 with a zone, such as 2026-03-02T09:00:00Z."), field)
    if not EPOCH <= moment <= now + _AHEAD:
        raise Rejection("invalid_time", _("This time lies before 1970 or more than a day ahead."), field)
    return moment


def keepable(item: Any) -> Any:
    """The item as it can be kept in JSON: without signs that the database refuses, and bounded."""
    if len(repr(item)) > _KEEP_BYTES:
        return {"too_large_to_keep": repr(item)[:1000].encode("utf-8", "replace").decode().replace("\x00", "\ufffd")}
    return _clean(item)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    if isinstance(value, dict):
        return {_clean(str(key)): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    if isinstance(value, float) and not abs(value) < float("inf"):
        return str(value)
    return value if isinstance(value, bool | int | float) or value is None else _clean(str(value))


def convert(item: Any, shape: type[S]) -> S:
    """The item as its shape; raises Rejection."""
    try:
        converted = msgspec.convert(item, shape)
        text = msgspec.json.encode(item)
    except msgspec.ValidationError as error:
        raise _explain(str(error)) from error
    except (UnicodeEncodeError, OverflowError, TypeError) as error:
        raise Rejection("invalid_value", _("This holds text that cannot be stored.")) from error
    if b"\\u0000" in text and _has_nul(item):
        raise Rejection("invalid_value", _("Text may not hold a NUL sign."))
    return converted


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_has_nul(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(_has_nul(part) for part in value)


_UNKNOWN = re.compile(r"Object contains unknown field `(.*?)`(?: - at `\$\.?(.*?)`)?$", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.*?)`(?: - at `\$\.?(.*?)`)?$")
_OTHER = re.compile(r"(.*?)(?: - at `(?:key in )?\$\.?(.*?)`)?$", re.DOTALL)


def _explain(message: str) -> Rejection:
    if found := _UNKNOWN.match(message):
        field = ".".join(filter(None, [found[2], found[1]]))
        return Rejection("unknown_field", _("The field “%(name)s” is not known.") % {"name": field}, field)
    if found := _MISSING.match(message):
        field = ".".join(filter(None, [found[2], found[1]]))
        return Rejection("invalid_shape", _("The field “%(name)s” is missing.") % {"name": field}, field)
    found = _OTHER.match(message)
    field = (found[2] if found else "") or ""
    values = {"name": field or "item", "reason": found[1] if found else message}
    if ", got " in message:
        return Rejection("invalid_shape", _("The field “%(name)s” has another type: %(reason)s.") % values, field)
    return Rejection("invalid_value", _("The field “%(name)s” cannot be taken: %(reason)s.") % values, field)


def check_score(score: ScoreIn) -> None:
    """Refuses an unknown kind of score and a value outside its scale."""
    if score.metric not in SCORE_RANGES:
        raise Rejection("invalid_value", _("A score is nps, csat or ces."), "score.metric")
    low, high = SCORE_RANGES[score.metric]
    if not low <= score.value <= high:
        text = _("This score lies between %(low)s and %(high)s.") % {"low": low, "high": high}
        raise Rejection("invalid_value", text, "score.value")


def _moment(text: Any) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _money(value: Any) -> Decimal | None:
    """A decimal string is taken exactly; a JSON number is rounded to hundredths."""
    if value is None:
        return None
    try:
        amount = Decimal(str(value))
        if not amount.is_finite():
            raise InvalidOperation
        rounded = amount.quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise Rejection("invalid_value", _("A value is a decimal number, such as “8000.00”."), "value") from error
    if abs(rounded) >= Decimal(10) ** 14 or (isinstance(value, str) and amount != rounded):
        raise Rejection("invalid_value", _("A value has at most 14 digits and two decimals."), "value")
    return rounded


def _currency(code: str | None) -> str:
    if not code:
        return ""
    if not re.fullmatch(r"[A-Za-z]{3}", code):
        raise Rejection("invalid_value", _("A currency is an ISO code of three letters."), "currency")
    return code.upper()


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
