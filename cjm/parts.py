"""The threads beside the web server: workers, beat, poller; and the supervisor that starts a dead one anew."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from celery import Celery
from celery.beat import ScheduleEntry, Scheduler, SchedulingError, Service
from celery.concurrency import get_implementation
from celery.worker import WorkController
from celery.worker import state as worker_state
from django.conf import settings
from django.db import DatabaseError, connections
from kombu.exceptions import KombuError

from analytics.store import lease
from cjm import heart
from cjm.celery import BEAT, app, make_app
from cjm.lib.refusals import Refusal
from customers.tasks import run_import
from workspaces import due

logger = logging.getLogger(__name__)
_SILENCE_SECONDS = 5.0
_CHECK_SECONDS = 0.5
_LONGEST_PAUSE = 30.0


class Part:
    """A thread that is started anew when it ends before it was told to."""

    def __init__(self, name: str, run: Callable[[], None]) -> None:
        self.name, self._run = name, run
        self._thread: threading.Thread | None = None
        self._not_before, self._pause = 0.0, 0.5
        self.starts = 0

    def is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start_if_dead(self) -> None:
        if self.is_alive() or time.monotonic() < self._not_before:
            return
        if self.starts:
            logger.error("part.died", extra={"part": self.name, "starts": self.starts})
        self.starts += 1
        self._not_before = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def join(self, seconds: float) -> bool:
        if self._thread is not None:
            self._thread.join(max(seconds, 0))
        return not self.is_alive()


class Supervisor:
    """Keeps the parts running, holds the lease of the embedded store, and ends everything in order."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._beat: Service | None = None
        self._default = Part("worker", lambda: _work(app, "default", settings.WORKERS))
        self._analytics = Part("analytics", lambda: _work(make_app("cjm-analytics", is_main=False), "analytics", 2))
        self._others = [Part("beat", self._run_beat), Part("poller", self._run_poller)]
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
        self.on_round: list[Callable[[], None]] = []

    def start(self) -> None:
        self._thread.start()

    def stop(self, seconds: float) -> bool:
        """Lets running tasks finish for so long; False where one did not, and will be taken up again by the next start."""
        end = time.monotonic() + seconds
        self.stopping.set()
        self._thread.join(2)
        worker_state.should_stop = 0  # type: ignore[assignment]
        if self._beat is not None:
            self._beat.stop(wait=False)
        parts = [self._default, self._analytics, *self._others]
        left = [part.name for part in parts if not part.join(end - time.monotonic())]
        return not left

    def _run(self) -> None:
        while not self.stopping.is_set():
            for part in [self._default, *self._others]:
                part.start_if_dead()
            try:
                self._look_round()
            except (DatabaseError, Refusal, OSError) as error:
                logger.warning("supervisor.round_failed", extra={"error": type(error).__name__})
            finally:
                connections.close_all()
            self.stopping.wait(_CHECK_SECONDS)

    def _look_round(self) -> None:
        """What may fail while a service is away, and is tried again in the next round."""
        if lease.hold():
            self._analytics.start_if_dead()
        for deed in self.on_round:
            deed()

    def _run_beat(self) -> None:
        self._beat = Service(app, scheduler_cls=PatientScheduler)
        self._beat.start(embedded_process=False)

    def _run_poller(self) -> None:
        """Does the beat's polling itself while no worker gives a sign of life, as when the broker is away."""
        while not self.stopping.wait(1.0):
            quiet = heart.age("worker")
            if quiet is not None and quiet > _SILENCE_SECONDS and settings.REDIS_URL:
                _poll_here()
            connections.close_all()


class PatientScheduler(Scheduler):
    """The schedule in memory; a broker that is away costs one line in the log now and then."""

    _silent_until = 0.0

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except (SchedulingError, KombuError, OSError) as error:
            if time.monotonic() > self._silent_until:
                self._silent_until = time.monotonic() + 60
                logger.warning("beat.broker_away", extra={"error": type(error).__name__})


def _work(celery: Celery, queue: str, threads: int) -> None:
    WorkController(
        app=celery,
        queues=[queue],
        pool_cls=get_implementation("threads"),
        concurrency=threads,
        hostname=f"{queue}@cjm",
        use_eventloop=False,
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
    ).start()


def _poll_here() -> None:
    for line in BEAT.values():
        if line["schedule"] == 1.0:
            app.tasks[line["task"]]()
    for workspace_id in due.marked("import"):
        run_import(workspace=str(workspace_id))
