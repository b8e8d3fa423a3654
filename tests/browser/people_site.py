"""The whole product with a worker, a workspace with customers in it, and a Chromium: what browser tests of traffic stand on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.process.product import Product

TAGS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
WIDE, PHONE = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}


class People:
    """A workspace "people" of a running product; `state` is a signed-in session."""

    def __init__(self, product: Product, browser: Browser) -> None:
        self.product, self.browser = product, browser
        self.base = f"http://127.0.0.1:{product.port}"
        self.put("/api/v1/test/clock/", {"now": "2026-06-01T09:00:00Z"})
        body = {"slug": "people", "timezone": "Europe/Moscow"}
        self.place = product.post("/api/v1/test/workspaces/", body)[1]
        room = browser.new_context()
        room.new_page().goto(product.greeting["login_url"])
        self.state = room.storage_state()

    def put(self, path: str, body: Any, *, token: str = "") -> Any:
        status, answer = self.product.ask("PUT", path, body, token=token)
        assert status == 200, answer
        return answer

    def post(self, path: str, body: Any) -> Any:
        status, answer = self.product.post(path, body, token=self.place["token"])
        assert status in (200, 201), answer
        return answer

    def stand(self, customer: str, stage: str, now: str) -> None:
        self.put("/api/v1/test/clock/", {"now": now})
        path = f"/api/v1/customers/{customer}/stage/"
        self.put(path, {"map": self.place["map"], "stage": stage}, token=self.place["token"])

    def enter(self, *, language: str = "ru", **context: Any) -> BrowserContext:
        room = self.browser.new_context(**{"storage_state": self.state, "viewport": WIDE, "locale": language} | context)
        room.add_cookies([{"name": "language", "value": language, "url": self.base}])
        return room

    def open(self, path: str, **context: Any) -> Page:
        page = self.enter(**context).new_page()
        answer = page.goto(f"{self.base}/w/people/{path}")
        assert answer is not None and answer.ok, answer
        return page


@contextmanager
def people(folder: Path, browser: Browser) -> Iterator[People]:
    environment = {"CJM_TEST_CLOCK": "1", "DATABASE_URL": "sqlite:", "REDIS_URL": "", "CLICKHOUSE_URL": ""}
    with Product(folder / "data", "--no-demo", **environment) as product:
        yield People(product, browser)


def check(page: Page) -> None:
    """Nothing for axe to find, and nothing wider than the window."""
    found = Axe().run(page, options=TAGS).response["violations"]
    assert [(line["id"], [node["target"] for node in line["nodes"]]) for line in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
