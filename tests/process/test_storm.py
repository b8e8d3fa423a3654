"""Touches are posted from several threads while the product is killed again and again: what was acknowledged is there once."""

import itertools
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.process.product import Product, free_port, funnel, touch

pytestmark = pytest.mark.process
KILLS, POSTERS, BATCH = 3, 4, 10


class Poster(threading.Thread):
    """Posts batch after batch until told to stop; a batch that got no answer is posted again, as a careful client does."""

    def __init__(self, product: Product, name: str, stopping: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self.product, self.stopping = product, stopping
        self.acknowledged: set[str] = set()
        self.refused: list[Any] = []
        self.again = 0

    def run(self) -> None:
        for number in itertools.count():
            if self.stopping.is_set():
                return
            people = [f"{self.name}-{number}-{n}" for n in range(BATCH)]
            touches = [touch(f"{event}-{person}", event, customer=person) for person in people for event in ("seen", "bought")]
            if self._post_until_answered(touches):
                self.acknowledged.update(people)

    def _post_until_answered(self, touches: list[dict[str, Any]]) -> bool:
        while True:
            try:
                status, body = self.product.post("/api/v1/touches/", {"touches": touches, "source": "storm"}, seconds=20)
            except OSError:
                self.again += 1
                time.sleep(0.1)
                continue
            if status == 201:
                return True
            if status not in (401, 503):  # 401: the old token, until this start's own is known
                self.refused.append((status, body))
                return False


def test_every_acknowledged_touch_is_there_once(data: Path) -> None:
    port, stopping = free_port(), threading.Event()
    with Product(data, "--no-demo", port=port) as product:
        posters = [Poster(product, f"p{n}", stopping) for n in range(POSTERS)]
        for poster in posters:
            poster.start()
        for _kill in range(KILLS):
            time.sleep(1.5)
            product.kill()
            product.start()
        time.sleep(1)
        stopping.set()
        for poster in posters:
            poster.join(30)
        people = set().union(*(poster.acknowledged for poster in posters))
        assert [poster.refused for poster in posters] == [[]] * POSTERS
        assert sum(poster.again for poster in posters) > 0
        figures = _answer(product, funnel("seen", "bought"))
        assert [len(figures["customers"][0]), len(figures["customers"][1])] == [len(people)] * 2
        assert set(figures["customers"][0]) == people
        ids = [row["touch_id"] for row in _every(product, "/api/v1/touches/?limit=500")]
        assert len(ids) == len(set(ids)) == 2 * len(people)
        assert product.stop() == 0


def _answer(product: Product, question: dict[str, Any]) -> Any:
    status, body = product.post("/api/v1/reports/funnel/", question)
    while status == 202:
        time.sleep(0.2)
        status, body = product.get(f"/api/v1/reports/{body['report']}/")
    assert status == 200, body
    return body


def _every(product: Product, path: str | None) -> list[Any]:
    rows: list[Any] = []
    while path:
        status, page = product.get(path)
        assert status == 200, page
        rows += page["results"]
        path = page["next"] and page["next"].partition(f":{product.port}")[2]
    return rows
