"""`manage.py up`: starting, greeting, stopping."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.process.product import ROOT, Product, free_port

pytestmark = pytest.mark.process
EMBEDDED = {"DATABASE_URL": "sqlite:", "REDIS_URL": ""}


def test_it_greets_with_one_json_line_when_ready(data: Path) -> None:
    with Product(data, "--no-demo") as product:
        assert product.greeting["url"] == f"http://127.0.0.1:{product.port}"
        assert product.greeting["workspace"] == "main"
        status, said = product.get("/readyz")
        assert (status, said["ready"], said["migrations_pending"]) == (200, True, 0)
        assert said["worker_tick_age_seconds"] < 5
        assert product.get("/healthz") == (200, "ok\n")
        assert "cjm_touches_total 0" in product.get("/metrics")[1]
        assert product.stop() == 0


def test_the_link_signs_in_once(data: Path) -> None:
    with Product(data, "--no-demo") as product:
        assert _arrives(product.greeting["login_url"]) == f"{product.greeting['url']}/w/main/"
        assert "/w/main/" not in _arrives(product.greeting["login_url"])


def _arrives(link: str) -> str:
    """Where a fresh browser stands after following the link and pressing its one button, if there is one."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    try:
        page = browser.open(link)
    except urllib.error.HTTPError as error:
        return error.url
    return str(page.url)


def test_everything_it_writes_lies_in_its_folder(data: Path) -> None:
    before = _tree()
    with Product(data, "--no-demo", PYTHONDONTWRITEBYTECODE="1") as product:
        assert product.stop() == 0
    assert _tree() == before
    assert (data / "secret_key").exists()


def _tree() -> set[Path]:
    kept = ("cjm", "workspaces", "customers", "analytics", "locale", "static", "templates")
    return {path for folder in kept for path in (ROOT / folder).rglob("*.mo")} | set(ROOT.glob("*"))


def test_a_start_expires_the_token_of_the_one_before(data: Path) -> None:
    port = free_port()
    with Product(data, "--no-demo", port=port) as product:
        old = product.greeting["token"]
        assert product.get("/api/v1/customers/")[0] == 200
        product.stop()
    with Product(data, "--no-demo", port=port) as product:
        assert product.get("/api/v1/customers/")[0] == 200
        assert product.get("/api/v1/customers/", token=old)[0] == 401


def test_a_second_start_on_the_same_folder_is_refused(data: Path) -> None:
    with Product(data, "--no-demo", **EMBEDDED) as product:
        code, said = Product(data, "--no-demo", **EMBEDDED).refusal()
        assert code == 1
        assert str(product.process.pid) in said and "Traceback" not in said
        assert product.get("/healthz")[0] == 200


def test_a_taken_port_is_refused_with_a_sentence(data: Path) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        code, said = Product(data, "--no-demo", port=door.getsockname()[1]).refusal()
    assert code == 1
    assert "--port" in said and "Traceback" not in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_with_an_open_stream(data: Path, number: int) -> None:
    with Product(data, "--no-demo") as product:
        status, made = product.post("/api/v1/maps/", {"title": "Карта", "kind": "current_state"})
        assert status == 201, made
        stream = _open_stream(product, f"/api/v1/maps/{made['id']}/events/")
        ended = threading.Event()
        threading.Thread(target=lambda: (_drain(stream), ended.set()), daemon=True).start()
        assert product.stop(number) == 0
        assert ended.wait(5)


def _open_stream(product: Product, path: str) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", product.port))
    words = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {product.greeting['token']}\r\n\r\n"
    line.sendall(words.encode())
    assert b" 200 " in line.recv(4096)
    return line


def _drain(stream: socket.socket) -> None:
    while stream.recv(4096):
        pass


def test_it_starts_again_after_a_kill(data: Path) -> None:
    port = free_port()
    with Product(data, "--no-demo", port=port) as product:
        product.kill()
    with Product(data, "--no-demo", port=port) as product:
        assert product.get("/readyz")[0] == 200
        assert product.stop() == 0


def test_a_dead_worker_is_started_anew(data: Path) -> None:
    command = [sys.executable, str(ROOT / "tests/process/losing_a_worker.py")]
    with Product(data, "--no-demo", command=command) as product:
        end = time.monotonic() + 20
        while "part.died" not in product.said() and time.monotonic() < end:
            time.sleep(0.1)
        assert "part.died" in product.said()
        time.sleep(3)
        status, said = product.get("/readyz")
        assert status == 200
        assert said["worker_tick_age_seconds"] < 3
        assert product.stop() == 0


@pytest.mark.parametrize(
    "environment",
    [
        {"CJM_PRODUCTION": "1"},
        {"CJM_PRODUCTION": "1", "SECRET_KEY": "short"},
        {"CJM_PRODUCTION": "1", "SECRET_KEY": "x" * 50, "CJM_DEBUG": "1"},
        {"CJM_PRODUCTION": "1", "SECRET_KEY": "x" * 50, "CJM_TEST_CLOCK": "1"},
        {"CJM_PRODUCTION": "1", "SECRET_KEY": "x" * 50, "DATABASE_URL": "postgres://cjm@127.0.0.1/cjm"},
        {"CJM_PRODUCTION": "1", "SECRET_KEY": "x" * 50, "DATABASE_URL": "sqlite:", "REDIS_URL": "redis://127.0.0.1:6379/0"},
        {
            "CJM_PRODUCTION": "1",
            "SECRET_KEY": "x" * 50,
            "DATABASE_URL": "sqlite:",
            "REDIS_URL": "",
            "CLICKHOUSE_URL": "http://cjm@127.0.0.1:8123/cjm",
        },
    ],
)
def test_careless_production_settings_are_refused(data: Path, environment: dict[str, str]) -> None:
    words = [sys.executable, "manage.py", "check", "--data", str(data)]
    ended = subprocess.run(
        words, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert "CJM_PRODUCTION=1" in ended.stderr or "SECRET_KEY" in ended.stderr
