"""The checklist of a good map, as rules over many maps at once: each rule gives the maps that satisfy it, in one query or two.

An app above adds a rule of its own by `install` (a metric at every touchpoint).
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from journeys.models import JourneyMap
from journeys.review import freshness_of
from workspaces.models import Change

from .models import Hypothesis, PainEvidence, PainPoint, TouchpointPlacement

Maps = Collection[JourneyMap]
Check = Callable[[Maps], set[UUID]]
FUNCTIONS = 3
CONTROLLED = [Hypothesis.Method.AB_TEST, Hypothesis.Method.HOLDOUT]


@dataclass(frozen=True)
class Rule:
    word: str
    label: Any
    check: Check


@dataclass(frozen=True)
class Item:
    """One line of a map's checklist."""

    label: Any
    is_done: bool


def checklists(maps: Maps) -> dict[UUID, list[Item]]:
    """The checklist of every map; a constant number of queries."""
    passed = [(rule, rule.check(maps)) for rule in sorted(_rules.values(), key=lambda rule: _ORDER.index(rule.word))]
    return {map.pk: [Item(rule.label, map.pk in done) for rule, done in passed] for map in maps}


def install(rule: Rule) -> None:
    _rules[rule.word] = rule


def placements_where(maps: Maps, good: Q) -> set[UUID]:
    """Maps with at least one touchpoint, all of which are good; one query."""
    rows = TouchpointPlacement.objects.living().filter(stage__map__in=maps, stage__deleted_at=None)
    counted = rows.values("stage__map").annotate(all=Count("pk", distinct=True), good=Count("pk", filter=good, distinct=True))
    return {row["stage__map"] for row in counted if row["all"] and row["all"] == row["good"]}


def _owned(maps: Maps) -> set[UUID]:
    return placements_where(maps, Q(owner__isnull=False))


def _voiced(maps: Maps) -> set[UUID]:
    """Expectations written down, and pains quoted in the customers' own words."""
    heard = PainEvidence.objects.living().filter(
        pain__stage__map__in=maps, pain__deleted_at=None, evidence__in_customer_words=True
    )
    expecting = TouchpointPlacement.objects.living().filter(stage__map__in=maps).exclude(expectations=[])
    return _ids(heard, "pain__stage__map") & _ids(expecting, "stage__map")


def _tested(maps: Maps) -> set[UUID]:
    """Every hypothesis has its lift and its way to verify by law; so one is enough."""
    return _ids(Hypothesis.objects.living().filter(map__in=maps), "map")


def _controlled(maps: Maps) -> set[UUID]:
    return _ids(Hypothesis.objects.living().filter(map__in=maps, verification_method__in=CONTROLLED), "map")


def _priced(maps: Maps) -> set[UUID]:
    priced = PainPoint.objects.living().filter(stage__map__in=maps, monthly_loss__gt=0)
    return _ids(priced, "stage__map") & {map.pk for map in maps if map.north_star_id}


def _fresh(maps: Maps) -> set[UUID]:
    return {map.pk for map in maps if freshness_of(map).age == "fresh"}


def _wanted(maps: Maps) -> set[UUID]:
    """People of three functions have worked on the map."""
    rows = Change.objects.filter(subject_kind="journeys.journeymap", subject_id__in=[map.pk for map in maps], by__isnull=False)
    counted = rows.values("subject_id").annotate(functions=Count("by__function", distinct=True))
    return {row["subject_id"] for row in counted if row["functions"] >= FUNCTIONS}


def _ids(rows: Any, path: str) -> set[UUID]:
    found: Iterable[UUID] = rows.order_by().values_list(path, flat=True).distinct()
    return set(found)


_ORDER = ["owners", "metrics", "voices", "hypotheses", "control", "money", "schedule", "demand"]
_rules = {
    rule.word: rule
    for rule in (
        Rule("owners", _("Every touchpoint has an owner"), _owned),
        Rule("voices", _("Expectations and pain points in the customers' words"), _voiced),
        Rule("hypotheses", _("There are hypotheses with a lift and a way to verify"), _tested),
        Rule("control", _("Control groups are in use"), _controlled),
        Rule("money", _("The effect on the North Star and on money is seen"), _priced),
        Rule("schedule", _("Reviewed on schedule"), _fresh),
        Rule("demand", _("Three teams work with the map"), _wanted),
    )
}
