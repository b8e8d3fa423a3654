"""How touches become visits of stages. Pure: a plan of the map, events in the order of time, and the stays that follow."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

Fits = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True)
class Event:
    """Something that may move a customer: a touch, or a stage set by hand (`stage`)."""

    at: datetime
    order: tuple[int, int]
    event: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    touch_id: int | None = None
    stage: UUID | None = None


@dataclass(frozen=True)
class Stay:
    stage: UUID
    entered_at: datetime
    exited_at: datetime | None
    entry: str
    via_touch_id: int | None
    is_by_hand: bool


@dataclass(frozen=True)
class Plan:
    """The stages of one map in their order and the events that lead to them."""

    map_id: UUID
    stages: Sequence[UUID]
    targets: Mapping[str, Sequence[tuple[int, Fits | None]]]
    signature: str

    def place(self, event: Event, current: int | None) -> int | None:
        """Where the event puts the customer: the nearest fitting stage at or after the current one, else the lowest."""
        if event.stage is not None:
            return self.stages.index(event.stage) if event.stage in self.stages else None
        fitting = sorted(at for at, fits in self.targets.get(event.event, ()) if fits is None or fits(event.facts))
        if not fitting:
            return None
        return next((at for at in fitting if current is not None and at >= current), fitting[0])


def walk(plan: Plan, events: Iterable[Event], *, standing: Stay | None = None, seen: Iterable[UUID] = ()) -> list[Stay]:
    """The stays that the events lead to, `standing` included, oldest first. Events must be in order; the last stay is open."""
    stays = [standing] if standing is not None else []
    visited = set(seen) | {stay.stage for stay in stays}
    current = plan.stages.index(standing.stage) if standing is not None and standing.stage in plan.stages else None
    for event in events:
        place = plan.place(event, current)
        if place is None or place == current:
            continue
        if stays:
            stays[-1] = replace(stays[-1], exited_at=event.at)
        stage = plan.stages[place]
        stays.append(
            Stay(stage, event.at, None, entry_of(current, place, stage in visited), event.touch_id, event.stage is not None)
        )
        visited.add(stage)
        current = place
    return stays


def entry_of(current: int | None, place: int, was_here: bool) -> str:
    """Back is a return; ahead to a known stage a re-entry; past a stage in between (or before the first) a skip."""
    if current is not None and place < current:
        return "return"
    if was_here:
        return "re_entry"
    return "forward" if place == (0 if current is None else current + 1) else "skip"


def signature_of(stages: Sequence[UUID], targets: Iterable[tuple[UUID, str, Any]]) -> str:
    """Changes whenever the order of stages or a target does."""
    lines = [str(stage) for stage in stages] + sorted(f"{stage} {event} {where!r}" for stage, event, where in targets)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
