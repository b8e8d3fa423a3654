"""The one way in for traffic: touches and customers, recorded set-wise and for ever."""

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from cjm.lib.refusals import Refusal
from workspaces import due, tenancy
from workspaces.bell import ring

from .companies import keep_companies
from .identity import ANONYMOUS, KNOWN, Key, People, link_anonymous, lock_people
from .inserting import Json, insert_rows, update_rows
from .models import Customer, Import, ImportedCustomer, RejectedTouch, Score, Touch, TouchBatch, TouchKey
from .profiles import FIELDS, apply_facts
from .shapes import MOST_ITEMS, CompanyIn, CustomerIn, GoodTouch, Rejection, keepable, read_customer, read_touch

logger = logging.getLogger(__name__)
KEPT_REJECTED = 10_000
_ATTEMPTS, _DEADLOCK = 4, "40P01"
T = TypeVar("T")
_TOUCH = (
    "workspace", "batch", "identity", "source", "touch_id", "event", "occurred_at", "received_at", "channel", "touchpoint",
    "value", "currency", "score_metric", "score_value", "props",
)  # fmt: skip


@dataclass
class Receipt:
    """What became of the items; `rejected` holds dicts of index, code and detail."""

    accepted: int = 0
    repeated: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)

    def add(self, other: "Receipt", *, offset: int) -> None:
        self.accepted += other.accepted
        self.repeated += other.repeated
        self.rejected += [line | {"index": line["index"] + offset} for line in other.rejected]


def record_touches(
    workspace_id: UUID,
    items: Sequence[Any],
    *,
    source: str,
    historical: bool,
    now: datetime,
    from_import: Import | None = None,
) -> Receipt:
    """Records raw touches, one transaction per 1,000; returns after commit unless the caller is in a transaction itself.

    Locks the customers concerned. Repeats are counted, unreadable items are kept with their reason.
    """
    receipt = Receipt()
    for start in range(0, len(items), MOST_ITEMS):
        some = items[start : start + MOST_ITEMS]
        part = _once_more_after_a_deadlock(
            workspace_id, partial(_record, workspace_id, some, source, historical, now, from_import)
        )
        receipt.add(part, offset=start)
    logger.info("touches.recorded", extra={"count": receipt.accepted, "repeated": receipt.repeated})
    return receipt


def _once_more_after_a_deadlock(workspace_id: UUID, act: Callable[[], T]) -> T:
    """Runs the act in a transaction of its own (a savepoint within another's), again where PostgreSQL had to choose a victim.

    Customers are locked in one order by everybody; touches are inserted in the order of their request, so two writers of the
    same touch ids for different customers may still meet head on.
    """
    for _attempt in range(_ATTEMPTS):
        try:
            with _inside(workspace_id):
                return act()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) != _DEADLOCK:
                raise
            logger.warning("touches.deadlock")
    with _inside(workspace_id):
        return act()


@contextmanager
def _inside(workspace_id: UUID) -> Iterator[None]:
    with transaction.atomic() if tenancy.current_id() == workspace_id else tenancy.writing(workspace_id):
        yield


def _record(
    workspace_id: UUID, items: Sequence[Any], source: str, historical: bool, now: datetime, from_import: Import | None
) -> Receipt:
    receipt = Receipt()
    good = _read(items, receipt, now)
    fresh = _without_known(_first_of_each(good), source)
    if fresh:
        pairs = _pairs(fresh)
        people = lock_people(workspace_id, _names(fresh, now), now=now, also=pairs.keys())
        if pairs:
            link_anonymous(people, {key: people.customer(name) for key, name in pairs.items()}, now=now)
        fresh = _insert(workspace_id, people, fresh, source, historical, now, from_import)
        _after_insert(workspace_id, people, fresh, now)
    receipt.accepted = len(fresh)
    receipt.repeated = len(good) - len(fresh)
    _keep_rejected(workspace_id, items, receipt, source, now, from_import)
    if good:
        due.mark(workspace_id, "fold", "sync")
        ring("automations.fold", workspace_id=str(workspace_id))
    return receipt


def _read(items: Sequence[Any], receipt: Receipt, now: datetime) -> list[GoodTouch]:
    good = []
    for index, item in enumerate(items):
        try:
            good.append(read_touch(index, item, now=now))
        except Rejection as no:
            receipt.rejected.append({"index": index, "code": no.code, "detail": no.detail})
    return good


def _first_of_each(good: Sequence[GoodTouch]) -> list[GoodTouch]:
    first: dict[str, GoodTouch] = {}
    for touch in good:
        first.setdefault(touch.shape.touch_id, touch)
    return list(first.values())


def _name(touch: GoodTouch) -> Key:
    shape = touch.shape
    return (KNOWN, shape.customer) if shape.customer is not None else (ANONYMOUS, shape.anonymous_id or "")


def _names(touches: Sequence[GoodTouch], now: datetime) -> dict[Key, datetime]:
    """Who is spoken of, each with the moment since which they are known: their first touch here, at most now."""
    names: dict[Key, datetime] = {}
    for touch in touches:
        names[_name(touch)] = min(touch.at, names.get(_name(touch), now))
    return names


def _pairs(touches: Sequence[GoodTouch]) -> dict[Key, Key]:
    """Browser → customer, where a touch names both: it says that the browser belongs to the customer."""
    both = [touch for touch in touches if touch.shape.customer and touch.shape.anonymous_id]
    return {(ANONYMOUS, touch.shape.anonymous_id or ""): _name(touch) for touch in both}


def _without_known(touches: list[GoodTouch], source: str) -> list[GoodTouch]:
    """Leaves out touches that are recorded already, or were and have been erased."""
    ids = [touch.shape.touch_id for touch in touches]
    known = set(Touch.objects.filter(source=source, touch_id__in=ids).values_list("touch_id", flat=True))
    digests = {digest_of(source, touch_id): touch_id for touch_id in ids}
    known |= {digests[digest] for digest in TouchKey.objects.filter(digest__in=list(digests)).values_list("digest", flat=True)}
    return [touch for touch in touches if touch.shape.touch_id not in known]


def digest_of(source: str, touch_id: str) -> UUID:
    """The 128 bits by which a touch is known after its row is gone."""
    return UUID(bytes=hashlib.blake2b(f"{source}\x00{touch_id}".encode(), digest_size=16).digest())


def _insert(
    workspace_id: UUID,
    people: People,
    touches: list[GoodTouch],
    source: str,
    historical: bool,
    now: datetime,
    from_import: Import | None,
) -> list[GoodTouch]:
    """Inserts the touches in their order; what another writer has just recorded is left out. Gives back what stands."""
    batch = TouchBatch.objects.create(source=source, historical=historical, from_import=from_import, received_at=now)
    rows = (
        (
            workspace_id, batch.pk, people.identity(_name(touch)), source, shape.touch_id, shape.event, touch.at, now,
            shape.channel or "", shape.touchpoint or "", touch.value, touch.currency,
            shape.score.metric if shape.score else "", shape.score.value if shape.score else None, shape.props or {},
        )
        for touch in touches
        for shape in [touch.shape]
    )  # fmt: skip
    ids = {touch_id: pk for pk, touch_id in insert_rows(Touch, _TOUCH, rows, returning=("id", "touch_id"))}
    stand = [touch for touch in touches if touch.shape.touch_id in ids]
    if stand:
        TouchBatch.objects.filter(pk=batch.pk).update(touches=len(stand))
    else:
        batch.delete()
    scores = [
        (
            workspace_id,
            people.customer(_name(touch)).pk,
            ids[touch.shape.touch_id],
            score.metric,
            score.value,
            score.comment or "",
            touch.at,
        )
        for touch in stand
        if (score := touch.shape.score) is not None
    ]
    insert_rows(Score, ("workspace", "customer", "touch", "metric", "value", "comment", "at"), scores)
    return stand


def _after_insert(workspace_id: UUID, people: People, touches: Sequence[GoodTouch], now: datetime) -> None:
    """Customers have something to fold; what the touches told about them is written in the order of arrival."""
    concerned: set[int] = set()
    changed: dict[int, Customer] = {}
    for touch in touches:
        customer = people.customer(_name(touch))
        if not customer.has_unfolded:
            concerned.add(customer.pk)
        if touch.shape.identify is not None and apply_facts(customer, touch.shape.identify):
            changed[customer.pk] = customer
    Customer.objects.filter(pk__in=concerned).update(has_unfolded=True)
    _write_facts(changed.values(), now)


def _write_facts(customers: Any, now: datetime) -> None:
    update_rows(
        Customer,
        [*FIELDS, "updated_at"],
        [(*(getattr(customer, name) for name in FIELDS), now, customer.pk) for customer in customers],
    )


def _keep_rejected(
    workspace_id: UUID, items: Sequence[Any], receipt: Receipt, source: str, now: datetime, from_import: Import | None
) -> None:
    """Keeps what could not be read, the newest 10,000 of a workspace."""
    rows = [
        (workspace_id, source, no["index"], Json(keepable(items[no["index"]])), no["code"], no["detail"][:500],
         from_import.pk if from_import else None, now)
        for no in receipt.rejected
    ]  # fmt: skip
    if not rows:
        return
    insert_rows(RejectedTouch, ("workspace", "source", "index", "item", "code", "detail", "from_import", "at"), rows)
    oldest = RejectedTouch.objects.order_by("-pk").values_list("pk", flat=True)[KEPT_REJECTED : KEPT_REJECTED + 1].first()
    if oldest is not None:
        RejectedTouch.objects.filter(pk__lte=oldest).delete()


def upsert_customers(workspace_id: UUID, items: Sequence[Any], *, now: datetime) -> list[dict[str, Any]]:
    """Makes or completes customers by external_id, in the order of the items; a constant number of queries per 1,000.

    Each answer is index, status (201, 200, 400), id and errors.
    """
    answers: list[dict[str, Any]] = []
    for start in range(0, len(items), MOST_ITEMS):
        some = items[start : start + MOST_ITEMS]
        part = _once_more_after_a_deadlock(workspace_id, partial(_upsert, workspace_id, some, now))
        answers += [answer | {"index": answer["index"] + start} for answer in part]
    return answers


def _upsert(workspace_id: UUID, items: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = []
    good: list[tuple[int, CustomerIn]] = []
    for index, item in enumerate(items):
        answers.append({"index": index, "status": 400, "id": None, "errors": None})
        try:
            good.append((index, read_customer(item, now=now)))
        except Rejection as no:
            answers[index]["errors"] = {no.field or "non_field_errors": [no.detail]}
    if good:
        people = lock_people(workspace_id, _since(good, now), now=now)
        _complete(workspace_id, people, good, answers, now)
        due.mark(workspace_id, "sync")
    return answers


def _since(good: Sequence[tuple[int, CustomerIn]], now: datetime) -> dict[Key, datetime]:
    since: dict[Key, datetime] = {}
    for _index, shape in good:
        since.setdefault((KNOWN, shape.external_id), shape.created_at or now)
    return since


def _complete(
    workspace_id: UUID, people: People, good: Sequence[tuple[int, CustomerIn]], answers: list[dict[str, Any]], now: datetime
) -> None:
    companies = keep_companies(
        workspace_id, [shape.company for _index, shape in good if isinstance(shape.company, CompanyIn)], now=now
    )
    new = set(people.created)
    changed: dict[int, Customer] = {}
    for index, shape in good:
        customer = people.customer((KNOWN, shape.external_id))
        answers[index] |= {"status": 201 if customer.pk in new else 200, "id": customer.pk}
        new.discard(customer.pk)
        if _apply(customer, shape, companies):
            changed[customer.pk] = customer
    names = ["company", "created_at", *FIELDS, "updated_at"]
    rows = [(row.company_id, row.created_at, *(getattr(row, name) for name in FIELDS), now, row.pk) for row in changed.values()]
    update_rows(Customer, names, rows)
    ImportedCustomer.objects.filter(customer__in=people.customers).delete()  # now known by other means than an import


def _apply(customer: Customer, shape: CustomerIn, companies: Mapping[str, int]) -> bool:
    before = customer.company_id, customer.created_at
    if isinstance(shape.company, CompanyIn):
        customer.company_id = companies[shape.company.external_id]
    elif shape.company is None:
        customer.company_id = None
    if shape.created_at is not None:
        customer.created_at = shape.created_at
    return apply_facts(customer, shape) or before != (customer.company_id, customer.created_at)


def replay_rejected(row: RejectedTouch, *, item: Any, now: datetime) -> Receipt:
    """Tries a rejected item again, corrected or as it is; taken items are marked, a second time is refused."""
    with _inside(row.workspace_id):
        row = RejectedTouch.objects.select_for_update().get(pk=row.pk)
        if row.from_import_id is not None and not row.is_replayable and item == row.item:
            raise Refusal("not_replayable", _("This is a row of a file. Correct the file and import it again."), status=409)
        if row.replayed_at is not None:
            raise Refusal("already_replayed", _("This touch has been recorded already."), status=409)
        try:
            read_touch(0, item, now=now)
        except Rejection as no:
            RejectedTouch.objects.filter(pk=row.pk).update(code=no.code, detail=no.detail[:500])
            return Receipt(rejected=[{"index": 0, "code": no.code, "detail": no.detail}])
        RejectedTouch.objects.filter(pk=row.pk).update(replayed_at=now)
        return record_touches(row.workspace_id, [item], source=row.source, historical=False, now=now)
