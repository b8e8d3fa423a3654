"""The product as a real process on a database of its own, and a Chromium: what the browser tests of the map stand on."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip


@dataclass
class Site:
    address: str
    maps: dict[str, str]
    cookies: dict[str, str]
    session: str

    def url(self, name: str, path: str = "") -> str:
        return f"{self.address}/w/acme/maps/{self.maps[name]}/{path}"

    def open(self, browser: Browser, person: str, name: str, path: str = "", **context: Any) -> Page:
        """The page of a map as this person sees it, after its scripts have started."""
        room = self.enter(browser, person, **context)
        page = room.new_page()
        page.goto(self.url(name, path), wait_until="load")
        page.locator("#mapview[data-ready]").wait_for(state="attached")
        return page

    def enter(self, browser: Browser, person: str, **context: Any) -> BrowserContext:
        room = browser.new_context(**{"viewport": {"width": 1440, "height": 1000}} | context)
        room.add_cookies([{"name": self.session, "value": self.cookies[person], "url": self.address}])
        return room


@contextmanager
def serve(folder: Path) -> Iterator[Site]:
    """Starts the web application on a fresh SQLite file with the rows of map_rows."""
    environment = os.environ | {"CJM_DATA": str(folder), "DATABASE_URL": "sqlite:", "REDIS_URL": "", "CJM_LOG": "WARNING"}
    run = {"cwd": settings.BASE_DIR, "env": environment, "check": True, "capture_output": True, "text": True}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], **run)
    made = json.loads(subprocess.run([sys.executable, "-m", "tests.browser.map_rows"], **run).stdout.splitlines()[-1])
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", "cjm.asgi:application", f"--port={port}", "--timeout-graceful-shutdown=1"]
    with (folder / "web.log").open("w") as log:
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(port)
            yield Site(f"http://127.0.0.1:{port}", **made)
        finally:
            process.terminate()
            process.wait(15)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
