"""Writers that meet: nothing is lost, nothing doubled, nobody waits for ever."""

import random
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from automations import folding
from cjm.lib import clock
from customers.models import Customer, Identity, Score, StageVisit, Touch
from customers.recording import Receipt, record_touches
from tests import make
from tests.customers.sending import NOW, touch
from workspaces import tenancy
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace in a database that several threads may write: on SQLite a copy on disk, since one in memory locks tables."""
    clock.install(lambda: NOW)
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(tmp_path / "copy.sqlite3") as copy:
            connection.connection.backup(copy)
        copy.close()
        monkeypatch.setitem(connections.settings["default"], "NAME", str(tmp_path / "copy.sqlite3"))
    row: Workspace = together(partial(make.workspace, "Meeting"))[0]
    return row


def together(*acts: Any) -> list[Any]:
    def run(act: Any) -> Any:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=120) for future in [pool.submit(run, act) for act in acts]]


def sender(place: Workspace, items: list[dict[str, Any]]) -> Any:
    def act() -> list[Receipt]:
        return [
            record_touches(place.pk, items[start : start + 40], source="s", historical=False, now=NOW)
            for start in range(0, len(items), 40)
        ]

    return act


def counts(answers: list[list[Receipt]]) -> tuple[int, int, int]:
    receipts = [receipt for some in answers for receipt in some]
    return (
        sum(one.accepted for one in receipts),
        sum(one.repeated for one in receipts),
        sum(len(one.rejected) for one in receipts),
    )


def test_the_same_touches_of_the_same_customers_from_four_writers(place: Workspace) -> None:
    items = [touch(f"m-{number}", f"c{number % 23}", score={"metric": "nps", "value": 5}) for number in range(200)]
    orders = [random.Random(seed).sample(items, len(items)) for seed in range(4)]
    assert counts(together(*[sender(place, some) for some in orders])) == (200, 600, 0)
    assert rows(place, Touch, Customer, Identity, Score) == [200, 23, 23, 200]


def test_the_same_touch_ids_of_different_customers_cross(place: Workspace) -> None:
    """Head on: neither customer's lock orders these writers, only the unique key of touches does."""
    one = [touch(f"m-{number}", "left") for number in range(200)]
    other = [touch(f"m-{number}", "right") for number in reversed(range(200))]
    assert counts(together(sender(place, one), sender(place, other))) == (200, 200, 0)


def test_recording_folding_and_joining_at_once_lose_nothing(place: Workspace) -> None:
    def draw() -> None:
        with tenancy.writing(place.pk):
            make.journey_map()

    together(draw)
    items = [touch(f"m-{number}", f"c{number % 5}", event=f"stage-{number % 3 + 1}") for number in range(200)]
    browsing = [touch(f"b-{number}", f"c{number % 5}", anonymous_id=f"b{number % 5}") for number in range(200)]

    def fold() -> None:
        for _turn in range(20):
            folding.fold_some(place.pk)

    together(sender(place, items), sender(place, browsing), fold, fold)
    together(partial(folding.fold_all, place.pk))
    assert rows(place, Touch) == [400]
    assert rows(place, Customer, has_unfolded=True) == [0]
    assert rows(place, StageVisit, exited_at__isnull=True) == [5]


def rows(place: Workspace, *models: Any, **where: Any) -> list[int]:
    def count() -> list[int]:
        with tenancy.reading(place.pk):
            return [model.objects.filter(**where).count() for model in models]

    found: list[int] = together(count)[0]
    return found
