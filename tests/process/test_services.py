"""Several processes on one PostgreSQL with one Redis, and what still works when Redis is gone. Collected where both are given."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.process.product import Product, free_port, funnel, touch

pytestmark = pytest.mark.process


def until(is_true: Callable[[], Any], *, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


def count(product: Product) -> int:
    status, body = product.post("/api/v1/reports/funnel/", funnel("seen"), seconds=60)
    return int(body["steps"][0]["count"]) if status == 200 else -1


def test_two_processes_share_the_work_and_one_outlives_the_other(data: Path, tmp_path: Path) -> None:
    with Product(data, "--no-demo") as first, Product(tmp_path / "second", "--no-demo") as second:
        assert first.get("/readyz")[0] == second.get("/readyz")[0] == 200
        touches = [touch(n, "seen") for n in range(30)]
        assert first.post("/api/v1/touches/", {"touches": touches, "source": "crm"})[0] == 201
        assert count(second) == count(first) == 30
        first.kill()
        assert second.post("/api/v1/touches/", {"touches": [touch("more", "seen")], "source": "crm"})[0] == 201
        assert until(lambda: count(second) == 31, seconds=60)
        assert second.stop() == 0


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A Redis that this test may kill."""
    port = free_port()
    words = [shutil.which("redis-server") or "redis-server", "--port", str(port), "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    yield f"redis://127.0.0.1:{port}/0", server
    server.kill()
    server.wait()


def test_the_work_goes_on_without_redis(data: Path, own_redis: tuple[str, subprocess.Popen[bytes]]) -> None:
    url, server = own_redis
    with Product(data, "--no-demo", REDIS_URL=url) as product:
        assert product.post("/api/v1/touches/", {"touches": [touch(1, "seen")], "source": "crm"})[0] == 201
        assert count(product) == 1
        server.kill()
        server.wait()
        assert product.post("/api/v1/touches/", {"touches": [touch(2, "seen")], "source": "crm"})[0] == 201
        assert product.post("/api/v1/personas/", {"name": "Сергей"})[0] == 201
        assert until(lambda: count(product) == 2, seconds=40)
        assert product.get("/readyz")[0] == 200
        assert product.stop() == 0
