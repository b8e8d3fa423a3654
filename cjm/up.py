"""The whole product in one process: web server in the main thread, workers, beat and poller beside it."""

import asyncio
import json
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn

import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.utils.translation import gettext as _

from analytics.models import Store
from analytics.store import engine, lease
from cjm import heart, locks, welcome
from cjm.lib.refusals import Refusal
from cjm.parts import Supervisor
from workspaces.live import hub

logger = logging.getLogger(__name__)
_STOP_SECONDS = 12.0
_READY_SECONDS = 60.0


def up(*, host: str, port: int, with_demo: bool, as_json: bool) -> None:
    """Runs until SIGTERM or SIGINT; raises Refusal where it may not start."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    door = _take_port(host, port)
    held = locks.hold_installation()
    _prepare(with_demo=with_demo)
    greeting = welcome.welcome(port=port, shared=locks.is_shared())
    supervisor = Supervisor()
    supervisor.on_round.append(lambda: welcome.keep(greeting.token))
    server = Server(_config(), lambda: _greet(greeting, _url(host, door), as_json=as_json))
    connections.close_all()
    supervisor.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # uvicorn raises the signal again after its own end; the lines below must run
    server.run(sockets=[door])
    _stop(supervisor)
    del held


class Server(uvicorn.Server):
    """Announces readiness once, and ends the open streams when it is told to stop: each would keep it alive."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        threading.Thread(target=self._announce, name="announce", daemon=True).start()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The signal may come while this very thread holds the hub's lock, so the loop closes it on its next turn."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(hub.close)
        super().handle_exit(sig, frame)


def _config() -> uvicorn.Config:
    return uvicorn.Config(
        "cjm.asgi:application",
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=5,
        proxy_headers=settings.SECURE_PROXY_SSL_HEADER is not None,
    )


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)


def _take_port(host: str, port: int) -> socket.socket:
    """Listens at once, so that a second start is refused early and a first visitor waits instead of being turned away."""
    door = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
        door.listen(2048)
    except OSError as error:
        text = _("Port %(port)s of %(host)s cannot be opened: %(reason)s. Choose another one with --port.")
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise Refusal("port_taken", text % {"port": port, "host": host, "reason": reason}) from error
    return door


def _prepare(*, with_demo: bool) -> None:
    call_command("migrate", interactive=False, verbosity=0)
    _refuse_a_superuser()
    if not locks.is_shared():
        Store.objects.update(owner="", leased_until=None)  # nobody else runs: a killed predecessor's lease need not run out
    if not welcome.is_empty():
        return
    if with_demo:
        from cjm import demo
        from cjm.lib.clock import now

        demo.start(base_now=now())
    else:
        welcome.make_main()


def _refuse_a_superuser() -> None:
    if not settings.PRODUCTION or connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = session_user")
        if cursor.fetchone()[0]:
            raise Refusal("superuser", _("CJM_PRODUCTION=1 refuses a database login that may pass by row-level security."))


def _url(host: str, door: socket.socket) -> str:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{door.getsockname()[1]}"


def _greet(greeting: welcome.Welcome, url: str, *, as_json: bool) -> None:
    """Prints once a worker has taken up its first task; without one after a minute it says so and prints all the same."""
    end = time.monotonic() + _READY_SECONDS
    while heart.age("worker") is None and time.monotonic() < end:
        time.sleep(0.02)
    if heart.age("worker") is None:
        logger.error("up.worker_is_silent")
    lines = {
        "url": url,
        "login_url": url + greeting.signin_path,
        "token": greeting.words,
        "workspace": greeting.workspace.slug,
    }
    sys.stdout.write(json.dumps(lines) + "\n" if as_json else _sentences(lines))
    sys.stdout.flush()


def _sentences(lines: dict[str, Any]) -> str:
    labels = {
        "url": _("CJM is ready"),
        "login_url": _("Sign in (works once)"),
        "token": _("API token of this start"),
        "workspace": _("Workspace"),
    }
    width = max(map(len, labels.values()))
    body = "\n".join(f"  {labels[name]:<{width}}  {value}" for name, value in lines.items())
    return f"\n{body}\n\n  {_('Ctrl-C stops it.')}\n\n"


def _stop(supervisor: Supervisor) -> None:
    """Ends in order. A task that does not finish in time is cut off: it is taken up again by the next start."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(1))
    is_over = supervisor.stop(_STOP_SECONDS)
    lease.release()
    connections.close_all()
    sys.stdout.flush()
    logger.info("up.stopped", extra={"clean": is_over})
    if is_over:
        engine.close()
    else:
        os._exit(0)
