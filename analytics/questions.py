"""Questions and their stored answers: a page asks, an analytics worker answers, the answer is kept with its age.

The same question over the same data is answered once: reports are found by the question's digest and the data's version.
A report that its worker left unfinished (killed) is taken up again when its claim has run out.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Max, Q
from django.utils.translation import gettext as _

from analytics.models import Report, StoreState
from analytics.reports import register
from analytics.store import engine, lease, sync
from cjm.lib import clock
from cjm.lib.refusals import NotFound, Refusal
from customers.models import Customer, StageVisit
from workspaces import bell, due, tenancy
from workspaces.models import Workspace

logger = logging.getLogger(__name__)
State = Report.State
KEPT_FOR = timedelta(hours=24)
_FRESH_FOR = timedelta(seconds=60)
_LISTS_LAST = timedelta(minutes=10)
_JUST_NOW = timedelta(seconds=10)
_CLAIM = timedelta(seconds=150)
_MOST_ATTEMPTS = 3
_FOLDING_SECONDS = 8.0
R = TypeVar("R")


def ask(kind: str, question: dict[str, Any], *, wait: float = 10.0, is_joining: bool = False) -> Report:
    """The report for a question of the active workspace, answered if that took at most `wait` seconds.

    An answer sees everything acknowledged before the question; `is_joining` contents itself with the answer that a worker has
    already begun to count, so that a page that asks again and again does not ask for more and more work.
    Raises Refusal for a question that cannot be answered. The row is committed at once by a connection of its own where the
    caller's transaction is open, so that the worker sees it.
    """
    workspace_id = tenancy.current_id()
    if kind not in register.KINDS or workspace_id is None:
        raise NotFound(_("There is no such report."))
    place = Workspace.objects.get(pk=workspace_id)
    ready = register.KINDS[kind].prepare(question, timezone=place.timezone, week_start=place.week_start)
    return _asked(workspace_id, kind, ready, wait, is_joining=is_joining)


def again(report: Report, *, wait: float, **changed: Any) -> Report:
    """Asks a stored report's question once more with some of its parts changed. A list of names serves its pages for minutes."""
    ready = report.question | changed
    recent = Report.objects.filter(
        kind=report.kind, digest=_digest(report.kind, ready), state=State.DONE, answered_at__gte=clock.now() - _LISTS_LAST
    )
    found: Report | None = recent.order_by("-id").first()
    return found or _asked(_workspace_of(report), report.kind, ready, wait, is_joining=True)


def _workspace_of(report: Report) -> UUID:
    workspace_id: Any = report.workspace_id
    return workspace_id  # type: ignore[no-any-return]


def _asked(workspace_id: UUID, kind: str, ready: dict[str, Any], wait: float, *, is_joining: bool) -> Report:
    report = _apart(lambda: _find_or_make(workspace_id, kind, ready, is_joining))
    if report.state in (State.WAITING, State.RUNNING):
        if settings.ANALYTICS_INLINE:
            answer(report.pk, workspace_id)
        report = _apart(lambda: _await(report.pk, workspace_id, wait))
    if report.state == State.FAILED:
        raise refusal_of(report)
    return report


def cancel(report: Report) -> None:
    """Ends the question; what is done already stays."""
    stopped = Report.objects.filter(pk=report.pk, state__in=(State.WAITING, State.RUNNING)).update(state=State.CANCELLED)
    if stopped:
        bell.ring("analytics.stop", report=str(report.pk))
        logger.info("report.cancelled", extra={"report": str(report.pk)})


def answer(report_id: UUID, workspace_id: UUID) -> None:
    """What the worker runs: claims the report, brings the store in step, answers, and keeps figures or refusal."""
    if not lease.hold():
        return
    report = _claim(report_id, workspace_id)
    if report is None:
        return
    outcome: dict[str, Any] = {"state": State.FAILED, "error": {"code": "broken", "status": 500, "detail": _broken()}}
    try:
        outcome = _answer(report, workspace_id)
    except Refusal as refusal:
        outcome = {"state": State.FAILED, "error": _error_of(refusal)}
    finally:
        with tenancy.writing(workspace_id):
            mine = Report.objects.filter(pk=report_id, state=State.RUNNING, attempts=report.attempts)
            mine.update(**outcome, progress=1.0, answered_at=clock.now(), claimed_until=None)


def refusal_of(report: Report) -> Refusal:
    """The refusal that a failed report keeps."""
    error = report.error or {}
    return Refusal(
        error.get("code", "broken"), error.get("detail", _broken()), status=error.get("status", 400), errors=error.get("errors")
    )


def answer_waiting(workspace_id: UUID) -> int:
    """Answers every report that waits or was left behind; returns how many."""
    with tenancy.reading(workspace_id):
        waiting = list(_claimable().order_by("asked_at", "id").values_list("pk", flat=True)[:50])
    for pk in waiting:
        answer(pk, workspace_id)
    due.settle(workspace_id, "report", is_done=lambda: _none_left(workspace_id))
    return len(waiting)


def tidy(workspace_id: UUID) -> int:
    """Drops answers older than a day; returns how many rows went."""
    with tenancy.writing(workspace_id):
        gone: int = Report.objects.filter(asked_at__lt=clock.now() - KEPT_FOR).delete()[0]
        return gone


# ------------------------------------------------------------------------------------------------ asking


def _find_or_make(workspace_id: UUID, kind: str, ready: dict[str, Any], is_joining: bool) -> Report:
    digest = _digest(kind, ready)
    with tenancy.reading(workspace_id):
        same = Report.objects.filter(kind=kind, digest=digest)
        running = same.filter(state__in=(State.WAITING, State.RUNNING)).order_by("-id").first()
        if not settings.ANALYTICS_INLINE and not sync.is_behind(workspace_id):
            done: Report | None = same.filter(state=State.DONE, data_version=_version(kind)).order_by("-id").first()
            if done is not None and _is_fresh(done, ready):
                return done
            last: Report | None = same.filter(state=State.DONE, answered_at__gte=clock.now() - _JUST_NOW).order_by("-id").first()
            if is_joining and last is not None and not settings.TEST_CLOCK:
                return last
    with tenancy.writing(workspace_id):
        report: Report | None = running if running is not None and (is_joining or not _has_begun(running)) else None
        if report is None:
            report = Report.objects.create(kind=kind, question=ready, digest=digest, asked_at=clock.now())
        due.mark(workspace_id, "report")
        bell.ring("analytics.answer", report=str(report.pk), workspace=str(workspace_id))
    return report


def _digest(kind: str, ready: dict[str, Any]) -> str:
    return hashlib.sha256(msgspec.json.encode([kind, ready], order="sorted")).hexdigest()


def _has_begun(report: Report) -> bool:
    """A question that a worker has begun may have been read before touches that were acknowledged since."""
    return report.state != State.WAITING


def _version(kind: str) -> int:
    """What the figures of this kind depend on, as a number that moves whenever it does. One or two queries."""
    version: int = StoreState.objects.values_list("version", flat=True).first() or 0
    if not register.KINDS[kind].reads_visits:
        return version
    visits = StageVisit.objects.aggregate(last=Max("pk"), n=Count("pk"), open=Count("pk", filter=Q(exited_at__isnull=True)))
    text = f"{version} {visits['last']} {visits['n']} {visits['open']}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "big")


def _is_fresh(done: Report, ready: dict[str, Any]) -> bool:
    """An answer moves with the clock while windows are open; a minute's age is shown, not hidden."""
    answered = done.answered_at
    if answered is None or ready["list_customers"]:
        return False
    age = clock.now() - answered
    return timedelta(0) <= age < _FRESH_FOR and not (settings.TEST_CLOCK and age > timedelta(0))


def _await(report_id: UUID, workspace_id: UUID, wait: float) -> Report:
    """Looks at the row until it is answered or the time is over."""
    end, pause = time.monotonic() + wait, 0.005
    while True:
        with tenancy.reading(workspace_id):
            report: Report = Report.objects.get(pk=report_id)
        if report.state not in (State.WAITING, State.RUNNING) or time.monotonic() >= end:
            return report
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)


def _apart(act: Callable[[], R]) -> R:
    """Runs on a connection of its own where this one is inside a transaction: only committed rows can be answered."""
    if settings.ANALYTICS_INLINE or not connection.in_atomic_block:
        return act()

    def work() -> R:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as apart:
        return apart.submit(work).result()


# ------------------------------------------------------------------------------------------------ answering


def _claimable() -> Any:
    left_behind = Q(state=State.RUNNING, claimed_until__lt=datetime.now(UTC))
    return Report.objects.filter(Q(state=State.WAITING) | left_behind)


def _none_left(workspace_id: UUID) -> bool:
    with tenancy.reading(workspace_id):
        return not Report.objects.filter(state__in=(State.WAITING, State.RUNNING)).exists()


def _claim(report_id: UUID, workspace_id: UUID) -> Report | None:
    with tenancy.writing(workspace_id):
        claimed = _claimable().filter(pk=report_id).update(
            state=State.RUNNING, attempts=F("attempts") + 1, claimed_until=datetime.now(UTC) + _CLAIM, progress=0.05
        )  # fmt: skip
        found: Report | None = Report.objects.get(pk=report_id) if claimed else None
        return found


def _answer(report: Report, workspace_id: UUID) -> dict[str, Any]:
    if report.attempts > _MOST_ATTEMPTS:
        raise Refusal("broken", _broken(), status=500)
    if register.KINDS[report.kind].reads_visits:
        _await_visits(workspace_id)
    sync.sync_workspace(workspace_id)
    _note(report, workspace_id, 0.3)
    with sync.store_errors(), engine.named(str(report.pk)), tenancy.reading(workspace_id):
        version = _version(report.kind)
        figures = register.KINDS[report.kind].answer(
            report.question,
            workspace_id=workspace_id,
            now=clock.now(),
            progress=lambda share: None,
        )
    return {"state": State.DONE, "answer": figures, "data_version": version}


def _await_visits(workspace_id: UUID) -> None:
    """Gives the folding of acknowledged touches a few seconds, so that their stage visits are counted."""
    end = time.monotonic() + (0 if settings.ANALYTICS_INLINE else _FOLDING_SECONDS)
    while time.monotonic() < end:
        with tenancy.reading(workspace_id):
            if not Customer.objects.filter(has_unfolded=True).exists():
                return
        time.sleep(0.1)


def _note(report: Report, workspace_id: UUID, share: float) -> None:
    with tenancy.writing(workspace_id):
        Report.objects.filter(pk=report.pk, state=State.RUNNING).update(progress=share)


def _error_of(refusal: Refusal) -> dict[str, Any]:
    errors = {name: [str(line) for line in lines] for name, lines in (refusal.errors or {}).items()}
    return {"code": refusal.code, "status": refusal.status, "detail": str(refusal.text), "errors": errors or None}


def _broken() -> str:
    return _("This question could not be answered. Nothing is lost; ask again in a minute.")
