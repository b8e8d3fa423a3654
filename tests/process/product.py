"""The product as a process: started by its command, spoken to over HTTP, stopped or killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


class Product:
    """`manage.py up --json` on its own data folder. Use as a context manager; it is killed at the end if it still runs."""

    def __init__(self, data: Path, *words: str, port: int = 0, command: list[str] | None = None, **environment: str) -> None:
        self.data, self.port = data, port or free_port()
        self.log = data.parent / f"{data.name}.log"
        start = command or [sys.executable, "manage.py", "up"]
        self._words = [*start, "--json", "--port", str(self.port), "--data", str(data), *words]
        dropped = ("CJM_DATA", "PYTEST_CURRENT_TEST", "DJANGO_SETTINGS_MODULE")
        self._environment = {name: value for name, value in os.environ.items() if name not in dropped} | environment
        self.greeting: dict[str, str] = {}

    def __enter__(self) -> "Product":
        return self.start()

    def __exit__(self, *_rest: object) -> None:
        if self.process.poll() is None:
            self.kill()

    def start(self, *, seconds: float = 60) -> "Product":
        """Starts and waits for the line that says it is ready."""
        self.launch()
        end = time.monotonic() + seconds
        line = b""
        while not line and time.monotonic() < end and self.process.poll() is None:
            assert self.process.stdout is not None
            line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"The product did not start: {self.said()}")
        self.greeting = json.loads(line)
        return self

    def launch(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._words, cwd=ROOT, env=self._environment, stdout=subprocess.PIPE, stderr=log, start_new_session=True
            )

    def refusal(self, *, seconds: float = 60) -> tuple[int, str]:
        """Starts where it should not, and gives the exit code and what was said."""
        ended = subprocess.run(
            self._words, cwd=ROOT, env=self._environment, capture_output=True, text=True, timeout=seconds, check=False
        )
        return ended.returncode, ended.stderr

    def said(self) -> str:
        return self.log.read_text()[-4000:]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def stop(self, number: int = signal.SIGTERM, *, seconds: float = 30) -> int:
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def get(self, path: str, **options: Any) -> tuple[int, Any]:
        return self.ask("GET", path, **options)

    def post(self, path: str, body: Any, **options: Any) -> tuple[int, Any]:
        return self.ask("POST", path, body, **options)

    def ask(self, method: str, path: str, body: Any = None, *, token: str = "", seconds: float = 20) -> tuple[int, Any]:
        """The status and the body (read as JSON where it is). Raises OSError where nobody answers."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        request.add_header("Authorization", f"Bearer {token or self.greeting['token']}")
        data = None
        if body is not None:
            request.add_header("Content-Type", "application/json")
            data = json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, data, timeout=seconds) as answer:
                return answer.status, _read(answer.read(), answer.headers.get("Content-Type", ""))
        except urllib.error.HTTPError as error:
            return error.code, _read(error.read(), error.headers.get("Content-Type", ""))


def _read(body: bytes, kind: str) -> Any:
    return json.loads(body) if "json" in kind else body.decode()


def touch(number: int | str, event: str = "signed_up", *, customer: str = "", **fields: Any) -> dict[str, Any]:
    return {
        "touch_id": f"t-{number}",
        "customer": customer or f"c-{number}",
        "event": event,
        "occurred_at": "2026-11-01T09:00:00Z",
        **fields,
    }


def funnel(*events: str) -> dict[str, Any]:
    return {
        "steps": [{"event": event} for event in events],
        "from": "2026-10-01T00:00:00Z",
        "to": "2026-11-20T00:00:00Z",
        "list_customers": True,
    }
