"""The home page's facts about every map at once, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from cjm.lib import svg
from cjm.lib.clock import now
from journeys.models import JourneyMap, MapPersona
from journeys.review import Freshness, freshness_of
from workspaces.models import Membership

from .board import KIND_SHORT
from .models import EmotionPoint, PainPoint, TouchpointPlacement
from .quality import Item, checklists

FILTERS = ("all", "mine", "archive")
WIDTH, MIDDLE, UNIT = 150, 19, 8
SHOWN = 4


@dataclass
class Line:
    """One map in the list."""

    map: JourneyMap
    freshness: Freshness
    checklist: list[Item]
    personas: list[str] = field(default_factory=list)
    valences: list[float] = field(default_factory=list)
    losses: dict[str, Decimal] = field(default_factory=dict)
    owners: list[Membership] = field(default_factory=list)
    ownerless: int = 0
    days_over: int = 0

    @property
    def kind(self) -> Any:
        return KIND_SHORT[JourneyMap.Kind(self.map.kind)]

    @property
    def curve(self) -> str:
        return sparkline(self.valences)

    @property
    def lowest(self) -> float:
        return min(self.valences)

    @property
    def highest(self) -> float:
        return max(self.valences)

    @property
    def done(self) -> int:
        return sum(item.is_done for item in self.checklist)


@dataclass(frozen=True)
class Care:
    """One thing on the home page that wants attention."""

    word: str
    line: Line


def list_maps(member: Membership, chosen: str = "all") -> list[Line]:
    """The maps of the active workspace, newest first; with their facts in a constant number of queries."""
    rows = JourneyMap.objects.living().filter(archived_at__isnull=chosen != "archive")
    if chosen == "mine":
        rows = rows.filter(owner=member)
    maps = list(rows.select_related("owner__user").order_by("-created_at", "id"))
    return describe(maps, at=now())


def describe(maps: Sequence[JourneyMap], *, at: datetime) -> list[Line]:
    checked = checklists(maps) if maps else {}
    lines = {map.pk: Line(map, freshness_of(map, at=at), checked[map.pk]) for map in maps}
    for line in lines.values():
        line.days_over = line.freshness.days_over(at)
    _tell_personas(lines)
    _tell_feelings(lines)
    _tell_losses(lines)
    _tell_owners(lines)
    return list(lines.values())


def cares_of(lines: Sequence[Line]) -> list[Care]:
    """What wants attention: overdue reviews first, then touchpoints that nobody answers for."""
    late = sorted((line for line in lines if line.freshness.age != "fresh"), key=lambda line: -line.days_over)
    orphans = sorted((line for line in lines if line.ownerless), key=lambda line: -line.ownerless)
    return [*(Care("review", line) for line in late), *(Care("owner", line) for line in orphans)][:SHOWN]


def sparkline(valences: Sequence[float]) -> str:
    """SVG path data on a canvas of 150 × 38, valence 0 in the middle."""
    width = WIDTH / max(len(valences), 1)
    return svg.curve([(width * (index + 0.5), MIDDLE - value * UNIT) for index, value in enumerate(valences)])


def count_maps(*, archived: bool = False) -> int:
    number: int = JourneyMap.objects.living().filter(archived_at__isnull=not archived).count()
    return number


def _tell_personas(lines: dict[UUID, Line]) -> None:
    links = MapPersona.objects.living().filter(map__in=lines, persona__deleted_at=None).select_related("persona")
    for link in links.order_by("order", "created_at", "id"):
        job = link.persona.job_title
        lines[link.map_id].personas.append(f"{link.persona}, {job[:1].lower()}{job[1:]}" if job else str(link.persona))


def _tell_feelings(lines: dict[UUID, Line]) -> None:
    points = EmotionPoint.objects.living().filter(map__in=lines, stage__deleted_at=None, series=EmotionPoint.Series.AS_IS)
    by_map: dict[UUID, dict[UUID | None, list[tuple[str, str, float]]]] = defaultdict(lambda: defaultdict(list))
    for map, persona, stage, rank, valence in points.values_list("map", "persona", "stage__rank", "rank", "valence"):
        by_map[map][persona].append((stage, rank, float(valence)))
    for map, by_persona in by_map.items():
        widest = max(by_persona.values(), key=len)
        lines[map].valences = [valence for _stage, _rank, valence in sorted(widest)]


def _tell_losses(lines: dict[UUID, Line]) -> None:
    pains = PainPoint.objects.living().filter(stage__map__in=lines, stage__deleted_at=None, status=PainPoint.Status.OPEN)
    for map, currency, loss in pains.order_by().values_list("stage__map", "currency").annotate(loss=Sum("monthly_loss")):
        if loss:
            lines[map].losses[currency] = loss


def _tell_owners(lines: dict[UUID, Line]) -> None:
    """The map's own owner, then who answers for most of its touchpoints."""
    placed = TouchpointPlacement.objects.living().filter(stage__map__in=lines, stage__deleted_at=None)
    counted = placed.order_by().values_list("stage__map", "owner").annotate(n=Count("pk")).order_by("-n", "owner")
    people = Membership.objects.filter(pk__in={owner for _map, owner, _n in counted if owner}).select_related("user").in_bulk()
    for line in lines.values():
        line.owners = [line.map.owner] if line.map.owner else []
    for map, owner, n in counted:
        line = lines[map]
        if owner is None:
            line.ownerless = n
        elif len(line.owners) < 2 and all(one.pk != owner for one in line.owners):
            line.owners.append(people[owner])
