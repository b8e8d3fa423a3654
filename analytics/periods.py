"""Which time a page looks at: whole local days, ending today or, where nothing happened lately, at the last touch."""

import zoneinfo
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Max
from django.utils.dateparse import parse_date

from customers.models import StageVisit
from journeys.models import JourneyMap, Stage

CHOICES = (30, 90, 365)
DEFAULT = 90
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Period:
    """Local days, both included. `is_moved`: it ends at the last touch, since there was none lately."""

    first: date
    last: date
    zone: zoneinfo.ZoneInfo
    is_custom: bool = False
    is_moved: bool = False

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), self.zone)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone) - _INSTANT

    def before(self) -> "Period":
        """The same number of days right before."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1), self.zone, True)


def choose(row: JourneyMap, *, days: int, first: str, last: str, timezone: str, now: datetime) -> Period:
    """The period between two typed days, else the last `days` days. At most two queries."""
    zone = zoneinfo.ZoneInfo(timezone)
    begin, end = _day(first), _day(last)
    if begin and end and begin <= end:
        return Period(begin, end, zone, is_custom=True)
    return latest(row, days=days, zone=zone, now=now)


def latest(row: JourneyMap, *, days: int, zone: zoneinfo.ZoneInfo, now: datetime) -> Period:
    """The last `days` days, or as many up to the map's last visit where nobody came since. At most two queries."""
    today = now.astimezone(zone).date()
    recent = Period(today - timedelta(days=days - 1), today, zone)
    visits = StageVisit.objects.filter(map=row, stage__in=Stage.objects.living().filter(map=row))
    if visits.filter(entered_at__gte=recent.start).exists():
        return recent
    found = visits.aggregate(at=Max("entered_at"))["at"]
    if found is None:
        return recent
    end = found.astimezone(zone).date()
    return Period(end - timedelta(days=days - 1), end, zone, is_moved=True)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
