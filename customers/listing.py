"""The list of customers: searched, filtered, page by page from a cursor; and the lists behind the numbers of reports."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.utils.translation import gettext as _

from cjm.lib import conditions
from cjm.lib.refusals import NotFound, Refusal
from journeys.models import JourneyMap

from .models import Customer, Segment, StageVisit, Touch

PAGE = 50
_SLICE = 500


@dataclass(frozen=True)
class NamedList:
    """Customers behind a number, by external id and in the number's own order; `title` says which number it is."""

    title: str
    names: Sequence[str]
    as_of: str = ""


ReportLists = Callable[[UUID, str], NamedList]
_report_lists: list[ReportLists] = []


def install_report_lists(provider: ReportLists) -> None:
    """Tells this app where lists behind the numbers of reports come from; called once, by the wiring."""
    _report_lists[:] = [provider]


def list_behind(report: str, name: str) -> NamedList:
    """The list behind a report's number; a missing report is a 404."""
    try:
        key = UUID(report)
    except ValueError as error:
        raise NotFound(_("There is no such report; it may have expired. Ask the question again.")) from error
    if not _report_lists:
        raise NotFound(_("There is no such report; it may have expired. Ask the question again."))
    return _report_lists[0](key, name)


@dataclass(frozen=True)
class Wanted:
    """Which customers are asked for."""

    search: str = ""
    stage: UUID | None = None
    segment: Segment | None = None
    behind: NamedList | None = None


@dataclass
class Line:
    customer: Customer
    stage: StageVisit | None = None
    last_touch_at: datetime | None = None
    touches: int = 0


@dataclass
class Page:
    lines: list[Line] = field(default_factory=list)
    next: str = ""


def find_page(wanted: Wanted, *, cursor: str = "", limit: int = PAGE) -> Page:
    """One page, the latest touched first. A fixed number of queries, but for a segment and a list: one per 500 looked at."""
    rows, following = (_from_list if wanted.behind else _from_record)(wanted, cursor, limit)
    return Page(_lines(rows), following)


def every_line(wanted: Wanted) -> Iterator[Line]:
    """All of them, loaded in slices."""
    cursor = ""
    while True:
        page = find_page(wanted, cursor=cursor, limit=_SLICE)
        yield from page.lines
        if not (cursor := page.next):
            return


def count_members(segment: Segment) -> int:
    """How many customers the segment's rule holds for; reads all customers where there is a rule."""
    if segment.rule is None:
        return _living().count()
    accepts = _accepts(Wanted(segment=segment))
    return sum(len(accepts(rows)) for rows in _slices(_living().order_by("pk")))


def _slices(rows: models.QuerySet[Customer]) -> Iterator[list[Customer]]:
    last = 0
    while chunk := list(rows.filter(pk__gt=last).select_related("company")[:_SLICE]):
        yield chunk
        last = chunk[-1].pk


def _living() -> models.QuerySet[Customer]:
    rows: models.QuerySet[Customer] = Customer.objects.filter(
        deleted_at__isnull=True, erased_at__isnull=True, merged_into__isnull=True
    )
    return rows


def _matching(wanted: Wanted) -> models.QuerySet[Customer]:
    rows = _living()
    if wanted.search:
        rows = rows.filter(_looks_like(wanted.search))
    if wanted.stage:
        here = StageVisit.objects.filter(customer=OuterRef("pk"), stage=wanted.stage, exited_at__isnull=True)
        rows = rows.filter(Exists(here))
    return rows.select_related("company")


def _looks_like(text: str) -> Q:
    """Letter case of any alphabet: SQLite folds Latin letters only."""
    found = Q(external_id__icontains=text)
    for variant in {text, text.lower(), text.upper(), text.title(), text.capitalize()}:
        found |= Q(name__icontains=variant) | Q(email__icontains=variant)
    return found


def _from_record(wanted: Wanted, cursor: str, limit: int) -> tuple[list[Customer], str]:
    accepts = _accepts(wanted)
    rows = _matching(wanted).order_by(F("staged_until").desc(nulls_last=True), "-pk")
    position = _read_cursor(cursor)
    found: list[Customer] = []
    size = limit + 1 if wanted.segment is None else _SLICE
    while len(found) <= limit:
        chunk = list((rows.filter(_after(position)) if position else rows)[:size])
        found += accepts(chunk)
        if len(chunk) < size:
            break
        position = (chunk[-1].staged_until, chunk[-1].pk)
    if len(found) <= limit:
        return found, ""
    last = found[limit - 1]
    return found[:limit], _write_cursor([last.staged_until.isoformat() if last.staged_until else None, last.pk])


def _after(position: tuple[datetime | None, int]) -> Q:
    moment, key = position
    if moment is None:
        return Q(staged_until__isnull=True, pk__lt=key)
    return Q(staged_until__lt=moment) | Q(staged_until=moment, pk__lt=key) | Q(staged_until__isnull=True)


def _from_list(wanted: Wanted, cursor: str, limit: int) -> tuple[list[Customer], str]:
    names = wanted.behind.names if wanted.behind else ()
    accepts, start = _accepts(wanted), _read_offset(cursor)
    found: list[Customer] = []
    while start < len(names):
        wanted_now = names[start : start + (limit - len(found))]
        chunk = {row.external_id: row for row in _matching(wanted).filter(external_id__in=wanted_now)}
        found += accepts([chunk[name] for name in wanted_now if name in chunk])
        start += len(wanted_now)
        if len(found) >= limit:
            break
    return found, _write_cursor([start]) if start < len(names) else ""


def _accepts(wanted: Wanted) -> Callable[[list[Customer]], list[Customer]]:
    if wanted.segment is None or wanted.segment.rule is None:
        return lambda rows: rows
    rule = wanted.segment.rule
    holds, with_stage = conditions.to_closure(rule), "customer.stage" in json.dumps(rule)

    def accept(rows: list[Customer]) -> list[Customer]:
        stages = _canonical_stages(rows) if with_stage else {}
        return [row for row in rows if holds(facts_of(row, stage=stages.get(row.pk)))]

    return accept


def facts_of(row: Customer, *, stage: str | None = None) -> Mapping[str, Any]:
    """What conditions may look at. Reads the company, which must be loaded with the row."""
    company = row.company
    return {
        "customer": {
            "external_id": row.external_id, "name": row.name, "email": row.email, "attrs": row.attrs, "consent": row.consent,
            "created_at": row.created_at, "stage": stage,
        },
        "company": {"external_id": company.external_id, "name": company.name, "attrs": company.attrs} if company else None,
    }  # fmt: skip


def _canonical_stages(rows: Sequence[Customer]) -> dict[int, str]:
    return {pk: visit.stage.canonical for pk, visit in _open_visits(rows).items()}


def _open_visits(rows: Sequence[Customer]) -> dict[int, StageVisit]:
    """Where each one stands: the latest open visit over live maps. One query."""
    visits = StageVisit.objects.filter(
        customer__in=[row.pk for row in rows],
        exited_at__isnull=True,
        map__status=JourneyMap.Status.LIVE,
        map__deleted_at__isnull=True,
    )
    return {visit.customer_id: visit for visit in visits.select_related("stage", "map").order_by("entered_at", "pk")}


def _lines(rows: Sequence[Customer]) -> list[Line]:
    visits = _open_visits(rows)
    touches = {
        line["identity__customer_id"]: line
        for line in Touch.objects.filter(identity__customer__in=[row.pk for row in rows])
        .order_by()
        .values("identity__customer_id")
        .annotate(touches=Count("pk"), last=Max("occurred_at"))
    }
    return [
        Line(row, visits.get(row.pk), *((found["last"], found["touches"]) if (found := touches.get(row.pk)) else (None, 0)))
        for row in rows
    ]


def _write_cursor(place: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(place)).encode()).decode().rstrip("=")


def _decode(cursor: str) -> list[Any]:
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise Refusal("invalid_cursor", _("This place in the list cannot be read. Begin at the first page.")) from error
    if not isinstance(place, list):
        raise Refusal("invalid_cursor", _("This place in the list cannot be read. Begin at the first page."))
    return place


def _read_cursor(cursor: str) -> tuple[datetime | None, int] | None:
    if not cursor:
        return None
    try:
        moment, key = _decode(cursor)
        return datetime.fromisoformat(moment) if moment else None, int(key)
    except (ValueError, TypeError) as error:
        raise Refusal("invalid_cursor", _("This place in the list cannot be read. Begin at the first page.")) from error


def _read_offset(cursor: str) -> int:
    try:
        return max(0, int(_decode(cursor)[0])) if cursor else 0
    except (ValueError, TypeError, IndexError) as error:
        raise Refusal("invalid_cursor", _("This place in the list cannot be read. Begin at the first page.")) from error
