"""Stage visits of the live maps, derived from touches and from stages set by hand.

Visits follow from the whole history in the order of time, whatever the order of arrival: an event that is not older than
all seen before is added to what stands; a late one derives the customer's visits anew. Whoever calls holds the lock of
the customers' rows.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef
from django.utils.translation import gettext as _

from cjm.lib import conditions
from cjm.lib.refusals import NotFound, Refusal
from journeys.models import JourneyMap, Stage, StageTarget
from workspaces import due, tenancy

from .inserting import for_update, insert_rows, update_rows
from .models import Customer, StagedMap, StageMove, StageVisit, Touch
from .visits import Event, Fits, Plan, Stay, signature_of, walk

logger = logging.getLogger(__name__)
_SLICE = 200
_VISIT = ("workspace", "customer", "map", "stage", "entered_at", "exited_at", "entry", "via_touch", "is_by_hand")


@dataclass(frozen=True)
class Transition:
    """A visit that opened or closed; what rules listen to."""

    customer_id: int
    map_id: UUID
    stage_id: UUID
    kind: str  # "entered" or "exited"
    at: datetime
    touch_id: int | None


# ------------------------------------------------------------------------------------------------ plans


def live_maps() -> Any:
    return JourneyMap.objects.filter(status=JourneyMap.Status.LIVE, deleted_at__isnull=True, archived_at__isnull=True)


def load_plans() -> list[Plan]:
    """The plans of all live maps; three queries."""
    maps = list(live_maps().order_by("pk").values_list("pk", flat=True))
    stages: dict[UUID, list[UUID]] = {map_id: [] for map_id in maps}
    living = Stage.objects.filter(map__in=maps, deleted_at__isnull=True)
    for map_id, stage_id in living.order_by("rank", "pk").values_list("map_id", "pk"):
        stages[map_id].append(stage_id)
    targets: dict[UUID, list[tuple[UUID, str, Any]]] = defaultdict(list)
    rows = StageTarget.objects.filter(stage__in=living, deleted_at__isnull=True).order_by("pk")
    for map_id, stage_id, event, where in rows.values_list("stage__map_id", "stage_id", "event", "where"):
        targets[map_id].append((stage_id, event, where))
    return [_plan(map_id, stages[map_id], targets[map_id]) for map_id in maps]


def _plan(map_id: UUID, stages: Sequence[UUID], targets: Iterable[tuple[UUID, str, Any]]) -> Plan:
    targets = list(targets)
    by_event: dict[str, list[tuple[int, Fits | None]]] = defaultdict(list)
    for stage, event, where in targets:
        by_event[event].append((stages.index(stage), _closure(where)))
    return Plan(map_id, stages, by_event, signature_of(stages, targets))


def _closure(where: Any) -> Fits | None:
    if where is None:
        return None
    try:
        return conditions.to_closure(where)
    except Refusal:
        logger.warning("staging.unreadable_target")
        return lambda facts: False


# ------------------------------------------------------------------------------------------------ folding


def fold_visits(customer: Customer, touches: Sequence[Touch], *, now: datetime) -> list[Transition]:
    """Takes one customer's new touches into the visits of every live map."""
    return fold_many([customer], {customer.pk: list(touches)}, load_plans())


def fold_many(customers: Sequence[Customer], touches: Mapping[int, Sequence[Any]], plans: Sequence[Plan]) -> list[Transition]:
    """Takes new touches (or rows with their facts) of many locked customers into their visits; advances `staged_until`.

    A constant number of queries.
    """
    in_order: dict[int, list[Event]] = {}
    late: list[Customer] = []
    for customer in customers:
        events = sorted((event_of(touch) for touch in touches.get(customer.pk, ())), key=_by_time)
        if not events:
            continue
        if customer.staged_until is not None and events[0].at < customer.staged_until:
            late.append(customer)
        else:
            in_order[customer.pk] = events
        customer.staged_until = max(filter(None, [customer.staged_until, events[-1].at]))
    transitions = _add(in_order, plans)
    if late:
        new = {touch.pk for customer in late for touch in touches[customer.pk]}
        transitions += _derive(late, plans, also=new, wanted=new)
    return transitions


def restage_customers(customers: Sequence[Customer], *, now: datetime) -> None:
    """Derives the visits of locked customers anew from what has been folded, and writes how far that reaches."""
    _derive(customers, load_plans())
    latest = _latest([customer.pk for customer in customers])
    for customer in customers:
        customer.staged_until = latest.get(customer.pk)
    update_rows(Customer, ["staged_until"], [(row.staged_until, row.pk) for row in customers])


def _latest(ids: Sequence[int]) -> dict[int, datetime]:
    latest: dict[int, datetime] = {}
    touches = folded_touches().filter(identity__customer__in=ids).values_list("identity__customer_id", "occurred_at")
    moves = StageMove.objects.filter(customer__in=ids).values_list("customer_id", "at")
    for customer, at in [*touches, *moves]:
        latest[customer] = max(at, latest.get(customer, at))
    return latest


def folded_touches() -> Any:
    return Touch.objects.filter(pk__lte=F("identity__folded_touch_id"))


def event_of(touch: Any) -> Event:
    facts = {
        "event": touch.event,
        "channel": touch.channel or None,
        "touchpoint": touch.touchpoint or None,
        "value": touch.value,
        "occurred_at": touch.occurred_at,
        "props": touch.props,
        "score": {"metric": touch.score_metric, "value": touch.score_value} if touch.score_metric else None,
    }
    return Event(touch.occurred_at, (touch.pk, 0), touch.event, {"touch": facts}, touch.pk)


def _move(move: StageMove) -> Event:
    return Event(move.at, (move.after_touch_id, move.pk), stage=move.stage_id)


def _by_time(event: Event) -> tuple[datetime, tuple[int, int]]:
    return event.at, event.order


def _add(events: Mapping[int, Sequence[Event]], plans: Sequence[Plan]) -> list[Transition]:
    """Adds events that are not older than anything seen to the visits that stand."""
    names = {event.event for some in events.values() for event in some}
    touched = [
        plan for plan in plans if names & plan.targets.keys() or any(event.stage for some in events.values() for event in some)
    ]
    if not touched or not events:
        return []
    standing, seen, rows = _standing(list(events), [plan.map_id for plan in touched])
    closed, opened, transitions = [], [], []
    for plan in touched:
        for customer, some in events.items():
            key = (customer, plan.map_id)
            before = standing.get(key)
            stays = walk(plan, some, standing=before, seen=seen.get(key, ()))
            if before is not None and stays[0] != before:
                closed.append((stays[0].exited_at, rows[key]))
            opened += [(key, stay) for stay in (stays[1:] if before is not None else stays)]
            transitions += _told(key, stays, before)
    update_rows(StageVisit, ["exited_at"], closed)
    _insert(opened)
    return transitions


def _told(key: tuple[int, UUID], stays: Sequence[Stay], before: Stay | None) -> list[Transition]:
    told = []
    for number, stay in enumerate(stays):
        if stay is not before and not (before is not None and number == 0):
            told.append(Transition(*key, stay.stage, "entered", stay.entered_at, stay.via_touch_id))
        if stay.exited_at is not None:
            told.append(Transition(*key, stay.stage, "exited", stay.exited_at, stays[number + 1].via_touch_id))
    return told


def _standing(customers: Sequence[int], maps: Sequence[UUID]) -> tuple[dict[Any, Stay], dict[Any, set[UUID]], dict[Any, int]]:
    standing, rows = {}, {}
    seen: dict[tuple[int, UUID], set[UUID]] = defaultdict(set)
    for row in StageVisit.objects.filter(customer__in=customers, map__in=maps):
        key = (row.customer_id, row.map_id)
        seen[key].add(row.stage_id)
        if row.exited_at is None:
            standing[key], rows[key] = _stay(row), row.pk
    return standing, seen, rows


def _stay(row: StageVisit) -> Stay:
    return Stay(row.stage_id, row.entered_at, row.exited_at, row.entry, row.via_touch_id, row.is_by_hand)


def _insert(stays: Iterable[tuple[tuple[int, UUID], Stay]]) -> None:
    workspace = tenancy.current_id()
    rows = [
        (workspace, customer, map_id, stay.stage, stay.entered_at, stay.exited_at, stay.entry, stay.via_touch_id, stay.is_by_hand)
        for (customer, map_id), stay in stays
    ]
    insert_rows(StageVisit, _VISIT, rows)


def _derive(
    customers: Sequence[Customer], plans: Sequence[Plan], *, also: Iterable[int] = (), wanted: Iterable[int] = ()
) -> list[Transition]:
    """Writes the visits that the whole history leads to; rows that stay as they are are not touched."""
    ids = [customer.pk for customer in customers]
    history = _history(ids, plans, also=also)
    standing: dict[tuple[int, UUID], list[StageVisit]] = defaultdict(list)
    for row in StageVisit.objects.filter(customer__in=ids, map__in=[plan.map_id for plan in plans]).order_by("entered_at", "pk"):
        standing[row.customer_id, row.map_id].append(row)
    gone, opened, transitions = [], [], []
    wanted = set(wanted)
    for plan in plans:
        for customer in ids:
            key = (customer, plan.map_id)
            stays = walk(plan, history.get(customer, ()))
            if stays != [_stay(row) for row in standing[key]]:
                gone += [row.pk for row in standing[key]]
                opened += [(key, stay) for stay in stays]
                transitions += [told for told in _told(key, stays, None) if told.touch_id in wanted]
    if gone:
        StageVisit.objects.filter(pk__in=gone).delete()
    _insert(opened)
    return transitions


def _history(ids: Sequence[int], plans: Sequence[Plan], *, also: Iterable[int] = ()) -> dict[int, list[Event]]:
    """Folded touches (and those being folded) that a plan listens to, and stages set by hand, in the order of time."""
    names = {name for plan in plans for name in plan.targets}
    history: dict[int, list[Event]] = defaultdict(list)
    own = Touch.objects.filter(identity__customer__in=ids, event__in=names).select_related("identity")
    also = set(also)
    for touch in own:
        if touch.pk <= touch.identity.folded_touch_id or touch.pk in also:
            history[touch.identity.customer_id].append(event_of(touch))
    for move in StageMove.objects.filter(customer__in=ids):
        history[move.customer_id].append(_move(move))
    for events in history.values():
        events.sort(key=_by_time)
    return history


def visits_now(customer: Customer) -> list[tuple[UUID, Stay]]:
    """A customer's visits as every acknowledged touch makes them, folded or not; writes nothing."""
    plans = load_plans()
    everything = Touch.objects.filter(identity__customer=customer).values_list("pk", flat=True)
    events = _history([customer.pk], plans, also=everything).get(customer.pk, [])
    return [(plan.map_id, stay) for plan in plans for stay in walk(plan, events)]


# ------------------------------------------------------------------------------------------------ deeds


def set_stage(customer: Customer, map_id: UUID, stage: Stage, *, now: datetime) -> list[Transition]:
    """Puts a locked customer on a stage; the same stage again is nothing."""
    plan = next((plan for plan in load_plans() if plan.map_id == map_id), None)
    if plan is None or stage.pk not in plan.stages:
        raise Refusal("map_not_live", _("This map is not live."))
    if open_stages(customer).get(map_id) == stage.pk:
        return []
    move = _record_move(customer, map_id, stage.pk, now=now)
    is_late = customer.staged_until is not None and now < customer.staged_until
    transitions = _derive([customer], [plan]) if is_late else _add({customer.pk: [_move(move)]}, [plan])
    customer.staged_until = max(filter(None, [customer.staged_until, now]))
    customer.updated_at = now
    customer.save(update_fields=["staged_until", "updated_at"])
    return transitions


def _record_move(customer: Customer, map_id: UUID, stage_id: UUID, *, now: datetime) -> StageMove:
    latest = Touch.objects.filter(identity__customer=customer).aggregate(latest=Max("pk"))["latest"] or 0
    move: StageMove = StageMove.objects.create(customer=customer, map_id=map_id, stage_id=stage_id, at=now, after_touch_id=latest)
    return move


def find_stage(map_id: Any, word: str) -> Stage:
    """The stage of a live map by its id or canonical code (the first of that code); raises NotFound."""
    try:
        stages: list[Stage] = list(
            Stage.objects.filter(map__in=live_maps(), map_id=UUID(str(map_id)), deleted_at__isnull=True).order_by("rank", "pk")
        )
    except ValueError:
        stages = []
    for stage in stages:
        if word in (str(stage.pk), stage.canonical):
            return stage
    raise NotFound(_("There is no such stage on a live map."))


def open_stages(customer: Customer) -> dict[UUID, UUID]:
    """Map → stage where the customer stands now; one query."""
    rows = StageVisit.objects.filter(customer=customer, exited_at__isnull=True)
    return dict(rows.values_list("map_id", "stage_id"))


def current_stage(customer: Customer) -> str | None:
    """The canonical code of the latest open visit over live maps."""
    rows = StageVisit.objects.filter(customer=customer, exited_at__isnull=True, map__in=live_maps())
    code: str | None = rows.order_by("-entered_at", "-pk").values_list("stage__canonical", flat=True).first()
    return code


def take_over(source: Customer, target: Customer, *, standing: Mapping[UUID, UUID], now: datetime) -> None:
    """After a merge: visits follow from the joint history; where the target stood on a map, it stands there still."""
    StageVisit.objects.filter(customer=source).delete()
    restage_customers([target], now=now)
    after = open_stages(target)
    moved = [(map_id, stage) for map_id, stage in standing.items() if after.get(map_id) not in (None, stage)]
    for map_id, stage in moved:
        _record_move(target, map_id, stage, now=now)
    if moved:
        restage_customers([target], now=now)


# ------------------------------------------------------------------------------------------------ whole maps


def has_changed_maps() -> bool:
    """Whether a live map's stages or targets differ from those that its visits stand by."""
    return bool(_changed(load_plans()))


def _changed(plans: Sequence[Plan]) -> list[Plan]:
    known = dict(StagedMap.objects.values_list("map_id", "signature"))
    return [plan for plan in plans if known.get(plan.map_id) != plan.signature]


def restage_changed(workspace_id: UUID) -> int:
    """Stages history anew on maps that went live or whose targets changed, silently; returns how many maps."""
    with tenancy.reading(workspace_id):
        plans = load_plans()
        changed = _changed(plans)
        left = StagedMap.objects.exclude(map__in=[plan.map_id for plan in plans])
        has_left = left.exists()
    if has_left:
        with tenancy.writing(workspace_id):
            left.delete()
    for plan in changed:
        restage_map(plan.map_id, workspace_id=workspace_id)
    return len(changed)


def restage_map(map_id: UUID, *, workspace_id: UUID | None = None, told: Callable[[int], None] | None = None) -> int:
    """Derives the visits of one live map anew from history, silently; commits every slice. Returns how many customers."""
    workspace = workspace_id or tenancy.current_id()
    if workspace is None:
        raise tenancy.NoWorkspace("restage_map")
    with tenancy.reading(workspace):
        plan = next((plan for plan in load_plans() if plan.map_id == map_id), None)
    if plan is None:
        return 0
    done = 0
    last: int | None = 0
    while last is not None:
        with tenancy.writing(workspace):
            count, last = _restage_slice(plan, last)
        done += count
        if told is not None:
            told(done)
    with tenancy.writing(workspace):
        StagedMap.objects.update_or_create(map_id=map_id, defaults={"signature": plan.signature})
        due.mark(workspace, "sync")
    logger.info("staging.map_restaged", extra={"count": done})
    return done


def _restage_slice(plan: Plan, after: int) -> tuple[int, int | None]:
    """The next customers who have touches, or visits or moves on the map."""
    touched = Touch.objects.filter(identity__customer=OuterRef("pk"), event__in=list(plan.targets))
    moved = StageMove.objects.filter(customer=OuterRef("pk"), map_id=plan.map_id)
    visited = StageVisit.objects.filter(customer=OuterRef("pk"), map_id=plan.map_id)
    concerned = Customer.objects.filter(Exists(touched) | Exists(moved) | Exists(visited), pk__gt=after, deleted_at__isnull=True)
    ids = list(concerned.order_by("pk").values_list("pk", flat=True)[:_SLICE])
    if not ids:
        return 0, None
    customers = list(for_update(Customer.objects.filter(pk__in=ids)))
    _derive(customers, [plan])
    return len(customers), ids[-1]
