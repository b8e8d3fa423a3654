"""Touches a second through the REST door, in batches of 500, beside raw writes of the same rows into the same database.

    [DATABASE_URL=postgres://…] .venv/bin/python -m benchmarks.ingest [--touches 20000] [--repeats 5]

Three ways on one database, each from empty, in turns, medians of the turns: ours (token, checks, identities, dedupe, commit per
batch), the bare `INSERT` of finished rows in batches of 500 with a commit each, and on PostgreSQL one `COPY`. The bare ways know
no customer, no repeat and no refusal: the ratio says what these cost.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

_HELD = tempfile.TemporaryDirectory(prefix="cjm-ingest-")
os.environ["CJM_DATA"] = _HELD.name
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cjm.settings")
os.environ["CJM_LOG"] = "ERROR"
os.environ["CJM_TOUCHES_PER_SECOND"] = "1000000"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from customers.inserting import plain  # noqa: E402
from customers.models import Customer, Identity, Touch, TouchBatch  # noqa: E402
from workspaces import tenancy  # noqa: E402
from workspaces.models import Workspace  # noqa: E402
from workspaces.tokens import mint_token  # noqa: E402

BATCH = 500
COLUMNS = (
    "workspace_id", "batch_id", "identity_id", "source", "touch_id", "event", "occurred_at", "received_at", "channel",
    "touchpoint", "currency", "score_metric", "props",
)  # fmt: skip


def make_items(count: int) -> list[dict[str, Any]]:
    """Touches of one customer per ten."""
    return [
        {
            "touch_id": f"m-{number}", "customer": f"c-{number * 7919 % max(1, count // 10)}", "event": f"event_{number % 12}",
            "occurred_at": f"2026-0{number % 6 + 1}-{number % 28 + 1:02}T{number % 24:02}:00:00Z", "channel": "email",
            "props": {"doc": f"guide-{number % 50}"},
        }
        for number in range(count)
    ]  # fmt: skip


class Place:
    """A new workspace for every turn."""

    def __init__(self) -> None:
        self.row = Workspace.objects.create(name="Bench", slug=f"bench-{time.time_ns()}")
        self.token = mint_token(self.row, name="bench", scopes=("ingest",))[1]

    def raw_rows(self, items: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        """Finished rows of one identity, as a writer without a door would have them."""
        from django.utils.dateparse import parse_datetime

        with tenancy.writing(self.row.pk):
            batch = TouchBatch.objects.create(source="bench")
            identity = Identity.objects.create(value="c", customer=Customer.objects.create(external_id="c"))
        rows = []
        for item in items:
            at = plain(parse_datetime(item["occurred_at"]))
            shape = (batch.pk, identity.pk, "bench", item["touch_id"], item["event"], at, at, item["channel"], "", "", "")
            rows.append((plain(self.row.pk), *shape, json.dumps(item["props"])))
        return rows


def through_rest(place: Place, items: list[dict[str, Any]]) -> float:
    client = Client(headers={"Authorization": f"Bearer {place.token}"})
    bodies = [json.dumps({"touches": items[start : start + BATCH], "source": "bench"}) for start in range(0, len(items), BATCH)]
    began = time.perf_counter()
    for body in bodies:
        answer = client.post("/api/v1/touches/", body, content_type="application/json")
        if answer.status_code != 201 or answer.json()["rejected"]:
            raise RuntimeError(answer.content)
    return time.perf_counter() - began


def raw_insert(place: Place, items: list[dict[str, Any]]) -> float:
    rows = place.raw_rows(items)
    line = "(" + ", ".join(["%s"] * len(COLUMNS)) + ")"
    began = time.perf_counter()
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        with tenancy.writing(place.row.pk), connection.cursor() as cursor:
            sql = f"insert into customers_touch ({', '.join(COLUMNS)}) values {', '.join([line] * len(some))}"
            cursor.execute(sql, [value for row in some for value in row])
    return time.perf_counter() - began


def raw_copy(place: Place, items: list[dict[str, Any]]) -> float:
    rows = place.raw_rows(items)
    began = time.perf_counter()
    with tenancy.writing(place.row.pk), connection.cursor() as cursor:
        # Row-level security forbids COPY FROM into a guarded table: rows go over a temporary one, which is still COPY's pace.
        names = ", ".join(COLUMNS)
        cursor.execute(f"create temp table incoming on commit drop as select {names} from customers_touch limit 0")
        with cursor.copy(f"copy incoming ({names}) from stdin") as pipe:
            for row in rows:
                pipe.write_row(row)
        cursor.execute(f"insert into customers_touch ({names}) select {names} from incoming")
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--touches", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    items = make_items(options.touches)
    ways: dict[str, Callable[[Place, list[dict[str, Any]]], float]] = {
        "REST, batches of 500": through_rest,
        "raw INSERT": raw_insert,
    }
    if connection.vendor == "postgresql":
        ways["raw COPY"] = raw_copy
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _turn in range(options.repeats):
        for name, way in ways.items():
            place = Place()
            seconds[name].append(way(place, items))
            with tenancy.reading(place.row.pk):
                if Touch.objects.count() != len(items):
                    raise RuntimeError(f"{name} stored {Touch.objects.count()} of {len(items)}")
    pace = {name: len(items) / statistics.median(some) for name, some in seconds.items()}
    print(f"{connection.vendor}, {len(items)} touches, median of {options.repeats}")
    for name, rate in pace.items():
        print(f"  {name:24} {rate:10,.0f} touches/s   {rate / pace['raw INSERT']:6.2f} of raw INSERT")


if __name__ == "__main__":
    main()
