"""Each product of these tests has a data folder, and with DATABASE_URL and REDIS_URL a database of its own."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

HAS_SERVICES = os.environ.get("DATABASE_URL", "").startswith("postgres") and bool(os.environ.get("REDIS_URL"))
collect_ignore = ["test_migrate.py"] if HAS_SERVICES else ["test_services.py"]  # one is about SQLite whatever the run
PARALLEL = {"master": 8, "gw0": 9, "gw1": 10, "gw2": 11, "gw3": 12}


@pytest.fixture(scope="module")
def services() -> Iterator[None]:
    """Where the run is on PostgreSQL, a database of this file; where it is on Redis, a number that no other file uses now."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield from _services(monkeypatch)


@pytest.fixture
def fresh_services() -> Iterator[None]:
    """The same for one test."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield from _services(monkeypatch)


def _services(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    redis_url = os.environ.get("REDIS_URL", "")
    if redis_url:
        import redis

        mine = urlsplit(redis_url)._replace(path=f"/{PARALLEL[os.environ.get('PYTEST_XDIST_WORKER', 'master')]}").geturl()
        redis.Redis.from_url(mine).flushdb()
        monkeypatch.setenv("REDIS_URL", mine)
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield
        return
    import psycopg

    name = f"cjm_process_{uuid.uuid4().hex[:12]}"
    monkeypatch.setenv("DATABASE_URL", urlunsplit(urlsplit(url)._replace(path=f"/{name}")))
    with psycopg.connect(urlunsplit(urlsplit(url)._replace(path="/postgres")), autocommit=True) as server:
        server.execute(f"create database {name}")
        yield
        server.execute(f"drop database {name} with (force)")


@pytest.fixture
def data(fresh_services: None, tmp_path: Path) -> Path:
    """The data folder of a new installation."""
    return tmp_path / "data"
