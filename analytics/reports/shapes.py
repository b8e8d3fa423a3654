"""The shapes of questions: unknown fields, wrong types and impossible ranges are refused with the field at fault."""

import re
import zoneinfo
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _
from msgspec import Meta, Struct, field

from cjm.lib import conditions
from cjm.lib.refusals import Refusal
from customers.models import Segment
from journeys.models import JourneyMap, Metric, Stage, StageTarget

S = TypeVar("S")
MAX_STEPS = 200
_MOST_SECONDS = 100 * 366 * 86_400
# What the store knows of a touch and its customer now.
ASKABLE = tuple(name for name in conditions.FIELDS if name not in ("customer.stage", "customer.score"))

Text = Annotated[str, Meta(min_length=1, max_length=200)]
Number = Annotated[int, Meta(ge=0, le=MAX_STEPS)]


class Common(Struct, forbid_unknown_fields=True, kw_only=True):
    from_: datetime | None = field(default=None, name="from")
    to: datetime | None = None
    timezone: str | None = None
    segment: str | dict[str, Any] | None = None
    where: dict[str, Any] | None = None
    map: str | None = None
    list_customers: bool = False


class Step(Struct, forbid_unknown_fields=True, kw_only=True):
    event: Text | None = None
    where: dict[str, Any] | None = None
    first_time_ever: bool = False


class Exclusion(Struct, forbid_unknown_fields=True, kw_only=True):
    event: Text | None
    where: dict[str, Any] | None = None
    from_step: Number
    to_step: Number


class Breakdown(Struct, forbid_unknown_fields=True, kw_only=True):
    property: Text | Annotated[list[Text], Meta(min_length=1, max_length=10)]
    attribution: str = "first_touch"


class Histogram(Struct, forbid_unknown_fields=True, kw_only=True):
    from_step: Number = 0
    to_step: Number | None = None
    bins: Annotated[int, Meta(ge=1, le=500)] | None = None


class Trend(Struct, forbid_unknown_fields=True, kw_only=True):
    interval: Literal["day", "week", "month"] = "day"
    from_step: Number = 0
    to_step: Number | None = None


class Funnel(Common, forbid_unknown_fields=True, kw_only=True):
    steps: Annotated[list[Step], Meta(min_length=1, max_length=MAX_STEPS)] | None = None
    mode: Literal["ordered", "strict", "unordered", "reached"] = "ordered"
    window_seconds: int | float = 1_209_600
    exclusions: Annotated[list[Exclusion], Meta(max_length=50)] | None = None
    breakdown: Breakdown | None = None
    histogram: Histogram | None = None
    trend: Trend | None = None


class TimeInStage(Common, forbid_unknown_fields=True, kw_only=True):
    bins: Annotated[int, Meta(ge=1, le=500)] | None = None


class Metrics(Struct, forbid_unknown_fields=True, kw_only=True):
    metrics: Annotated[list[str], Meta(min_length=1, max_length=500)]
    to: datetime | None = None
    timezone: str | None = None


def read(question: Any, shape: type[S]) -> S:
    """The typed question; raises Refusal("invalid") with the field at fault."""
    try:
        return msgspec.convert(question, shape)
    except msgspec.ValidationError as error:
        message = str(error)
        found = re.search(r" - at `\$\.?(.*)`$", message)
        unknown = re.search(r"unknown field `(.*?)`", message)
        name = ".".join(filter(None, [found[1] if found else "", unknown[1] if unknown else ""])) or "question"
        text = _("This field is not known.") if unknown else message.split(" - at ")[0] + "."
        raise wrong(re.sub(r"\[(\d+|\.\.\.)\]", r".\1", name), text) from error


def wrong(name: str, text: Any) -> Refusal:
    return Refusal("invalid", _("The question cannot be answered: %(field)s.") % {"field": name}, errors={name: [text]})


def check_common(asked: Common, *, timezone: str) -> dict[str, Any]:
    """The common fields as they are stored: times in microseconds, the segment as its condition, the zone filled in."""
    for name, moment in (("from", asked.from_), ("to", asked.to)):
        if moment is not None and moment.tzinfo is None:
            raise wrong(name, _("Give the time as ISO 8601 with a zone."))
    if asked.from_ and asked.to and asked.from_ > asked.to:
        raise wrong("to", _("The end lies before the beginning."))
    conditions.validate(asked.where, fields=ASKABLE)
    return {
        "from": _micro(asked.from_),
        "to": _micro(asked.to),
        "timezone": check_zone(asked.timezone or timezone),
        "where": asked.where,
        "segment": _segment(asked.segment),
        "list_customers": asked.list_customers,
    }


def _micro(moment: datetime | None) -> int | None:
    return None if moment is None else conditions.microseconds(moment)


def check_zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise wrong("timezone", _("This time zone is not known.")) from error
    return name


def _segment(given: str | dict[str, Any] | None) -> Any:
    if not isinstance(given, str):
        conditions.validate(given, fields=ASKABLE, path="segment")
        return given
    try:
        rule = Segment.objects.living().values_list("rule", flat=True).get(pk=UUID(given))
    except (ValueError, Segment.DoesNotExist) as error:
        raise wrong("segment", _("There is no such segment here.")) from error
    conditions.validate(rule, fields=ASKABLE, path="segment")
    return rule


def read_map(given: str) -> JourneyMap:
    try:
        row: JourneyMap = JourneyMap.objects.living().get(pk=UUID(given))
    except (ValueError, JourneyMap.DoesNotExist) as error:
        raise wrong("map", _("There is no such map here.")) from error
    return row


def steps_of_map(row: JourneyMap) -> list[dict[str, Any]]:
    """The stages in order; each is filled by a touch that fits any of its targets. Two queries."""
    stages = list(Stage.objects.living().filter(map=row).order_by("rank", "id"))
    targets: dict[UUID, list[dict[str, Any]]] = {stage.pk: [] for stage in stages}
    for target in StageTarget.objects.living().filter(stage__in=stages).order_by("created_at", "id"):
        conditions.validate(target.where, fields=ASKABLE, path="map")
        targets[target.stage_id].append({"event": target.event, "where": target.where})
    if not stages:
        raise wrong("map", _("This map has no stages."))
    return [
        {
            "event": targets[stage.pk][0]["event"] if targets[stage.pk] else None,
            "stage": str(stage.pk),
            "name": stage.name,
            "any": targets[stage.pk],
            "first_time_ever": False,
        }
        for stage in stages
    ]


def funnel(question: Any, *, timezone: str, week_start: str) -> dict[str, Any]:
    """The funnel's question, checked and complete: what the worker answers and what its digest is made of."""
    asked = read(question, Funnel)
    ready = check_common(asked, timezone=timezone)
    if (asked.steps is None) == (asked.map is None):
        raise wrong("steps", _("Give either “steps” or “map”."))
    if asked.steps is not None:
        steps = [_step(step, index) for index, step in enumerate(asked.steps)]
    else:
        steps = steps_of_map(read_map(str(asked.map)))
    if not 0 < asked.window_seconds <= _MOST_SECONDS:
        raise wrong("window_seconds", _("The window must be longer than nothing and shorter than a hundred years."))
    return ready | {
        "steps": steps,
        "mode": asked.mode,
        "window": round(asked.window_seconds * 1_000_000),
        "exclusions": [_exclusion(item, index, len(steps)) for index, item in enumerate(asked.exclusions or [])],
        "breakdown": _breakdown(asked.breakdown, len(steps)),
        "histogram": _span("histogram", asked.histogram, len(steps)),
        "trend": _span("trend", asked.trend, len(steps)),
        "week_start": week_start,
    }


def _step(step: Step, index: int) -> dict[str, Any]:
    conditions.validate(step.where, fields=ASKABLE, path=f"steps.{index}.where")
    return {"event": step.event, "any": [{"event": step.event, "where": step.where}], "first_time_ever": step.first_time_ever}


def _exclusion(item: Exclusion, index: int, count: int) -> dict[str, Any]:
    conditions.validate(item.where, fields=ASKABLE, path=f"exclusions.{index}.where")
    if not 0 <= item.from_step < item.to_step < count:
        raise wrong(f"exclusions.{index}.to_step", _("An exclusion stands between two steps, the first before the second."))
    return msgspec.to_builtins(item)  # type: ignore[no-any-return]


def _breakdown(item: Breakdown | None, count: int) -> dict[str, Any] | None:
    if item is None:
        return None
    names = [item.property] if isinstance(item.property, str) else item.property
    fields = [conditions.canonical(name) for name in names]
    for name in fields:
        conditions.validate({"field": name, "op": "exists"}, fields=ASKABLE, path="breakdown")
        if not name.startswith(_BREAKABLE):
            raise wrong("breakdown.property", _("Break down by props.…, attrs.…, event, channel or touchpoint."))
    step = re.fullmatch(r"step_(\d{1,3})", item.attribution)
    if item.attribution not in ("first_touch", "last_touch", "all_events") and not (step and int(step[1]) < count):
        raise wrong("breakdown.attribution", _("This attribution is not known."))
    return {"fields": fields, "is_list": not isinstance(item.property, str), "attribution": item.attribution}


_BREAKABLE = (
    "touch.props.", "touch.event", "touch.channel", "touch.touchpoint", "customer.attrs.", "customer.consent.",
    "company.external_id", "company.name", "company.attrs.",
)  # fmt: skip


def _span(name: str, item: Histogram | Trend | None, count: int) -> dict[str, Any] | None:
    if item is None:
        return None
    to_step = count - 1 if item.to_step is None else item.to_step
    if not (item.from_step < to_step < count or (count == 1 and item.from_step == to_step == 0)):
        raise wrong(f"{name}.to_step", _("Give two steps of the funnel, the first before the second."))
    return msgspec.to_builtins(item) | {"to_step": to_step}  # type: ignore[no-any-return]


def time_in_stage(question: Any, *, timezone: str, week_start: str) -> dict[str, Any]:
    asked = read(question, TimeInStage)
    if asked.map is None:
        raise wrong("map", _("Say which map."))
    ready = check_common(asked, timezone=timezone)
    if ready["where"] is not None or ready["segment"] is not None:
        raise Refusal("not_supported", _("Times in a stage cannot be narrowed by a condition yet."))
    return ready | {"map": str(read_map(asked.map).pk), "bins": asked.bins}


def metrics(question: Any, *, timezone: str, week_start: str) -> dict[str, Any]:
    """Live metrics by id, each over its own period that ends at `to` (else now). One query."""
    asked = read(question, Metrics)
    if asked.to is not None and asked.to.tzinfo is None:
        raise wrong("to", _("Give the time as ISO 8601 with a zone."))
    try:
        wanted = [UUID(text) for text in asked.metrics]
    except ValueError as error:
        raise wrong("metrics", _("There is no such metric here.")) from error
    known = {row.pk: row for row in Metric.objects.living().filter(pk__in=wanted)}
    if set(wanted) - set(known):
        raise wrong("metrics", _("There is no such metric here."))
    return {"to": _micro(asked.to), "items": [_metric(known[pk]) for pk in dict.fromkeys(wanted)], "list_customers": False}


def _metric(row: Metric) -> dict[str, Any]:
    """What the worker needs of a metric; one whose conditions cannot be answered has no value."""
    given, query = row.parameters if isinstance(row.parameters, dict) else {}, row.query
    try:
        for name in ("where", "to_where"):
            conditions.validate(given.get(name), fields=ASKABLE, path=name)
    except Refusal:
        query = Metric.Query.TYPED
    days = given.get("period_days")
    return {
        "id": str(row.pk), "query": str(query), "event": given.get("event") or None, "where": given.get("where"),
        "to_event": given.get("to_event") or None, "to_where": given.get("to_where"), "score": given.get("score") or "csat",
        "period_days": days if isinstance(days, int) and 0 < days <= 3660 else 90,
    }  # fmt: skip
