"""What the tests of the map page share: addresses, and a map with something in each lane."""

from decimal import Decimal
from typing import Any

from django.urls import reverse

from journeys.models import JourneyMap, Lane, Stage
from tests import make
from touchpoints import editing
from workspaces.models import Membership

FRAGMENT = {"X-Fragment": "1"}


def url(name: str, map: JourneyMap, **parts: Any) -> str:
    return reverse(f"touchpoints:{name}", kwargs={"slug": "acme", "map_id": map.pk, **parts})


def full_map(by: Membership, *, each: int = 1, stages: tuple[str, ...] = ("Осознание", "Решение", "Покупка")) -> JourneyMap:
    """A map where every stage holds `each` of everything."""
    row = make.journey_map("Путь", stages=stages)
    lanes = {lane.kind: lane for lane in Lane.objects.filter(map=row)}
    for number, stage in enumerate(columns(row), 1):
        for _index in range(each):
            editing.add_card(lanes["actions"], stage, f"Действие {number}", by=by)
            placement = editing.add_placement(stage, f"Точка {number}", by=by)
            editing.add_emotion(stage, Decimal("-1.5") + number, by=by, labels=["doubt"], placement=placement)
            editing.add_quote(editing.add_pain(stage, f"Барьер {number}", by=by), "«Долго»", by=by)
            editing.add_opportunity(stage, f"Возможность {number}", by=by)
    row.refresh_from_db()
    return row


def columns(map: JourneyMap) -> list[Stage]:
    return sorted(Stage.objects.living().filter(map=map), key=lambda stage: stage.rank)


def lane_of(map: JourneyMap, kind: str) -> Lane:
    return Lane.objects.living().get(map=map, kind=kind)
