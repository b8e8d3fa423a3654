"""A four-step funnel with a fourteen-day window: the embedded engine from cold beside SQLite, PostgreSQL and pandas.

    .venv/bin/python -m benchmarks.funnel [--touches 1000000] [--repeats 5] [--postgres postgres://…]

Ours is measured cold: each time a new process with the store's files out of the page cache; rivals are warm, with an index made
for the question. All answers are compared before anything is timed.
"""

import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

STEPS = ("s1", "s2", "s3", "s4")
NOISE = ("n1", "n2", "n3", "n4", "n5", "n6")
WINDOW_DAYS = 14
WORKSPACE = "0190b0c0-0000-7000-8000-000000000001"
START = 1_767_571_200  # 5 January 2026, seconds
_SPAN = 180 * 86_400


def make_touches(count: int) -> Any:
    """A structured array (customer, at in seconds, event): one customer per twenty touches, steps rarer than noise."""
    import numpy as np

    random = np.random.default_rng(7)
    rows = np.zeros(count, dtype=[("customer", "<u8"), ("at", "<i8"), ("event", "S2")])
    rows["customer"] = random.integers(1, max(2, count // 20), count)
    rows["at"] = START + random.integers(0, _SPAN, count)
    names = np.array([*STEPS, *NOISE], dtype="S2")
    rows["event"] = random.choice(names, count, p=[0.12, 0.1, 0.08, 0.06, *[0.64 / len(NOISE)] * len(NOISE)])
    return np.sort(rows, order=["customer", "at"])


# ------------------------------------------------------------------------------------------------ ours


def fill_store(rows: Any) -> None:
    """Straight into the store's tables, as the sync would leave them."""
    import uuid

    import numpy as np

    from analytics.store import engine, sync

    shape = [
        ("workspace", "V16"), ("identity", "<u8"), ("at", "<i8"), ("id", "<u8"), ("batch", "<u8"),
        ("size", "u1"), ("event", "S2"), ("channel", "u1"), ("touchpoint", "u1"), ("no_value", "u1"), ("currency", "u1"),
        ("metric", "u1"), ("no_score", "u1"), ("props_size", "u1"), ("props", "S2"),
    ]  # fmt: skip
    raw = uuid.UUID(WORKSPACE).bytes
    workspace = np.void(raw[:8][::-1] + raw[8:][::-1])
    client = engine.client()
    for start in range(0, len(rows), 250_000):
        some = rows[start : start + 250_000]
        block = np.zeros(len(some), dtype=shape)
        block["workspace"], block["identity"], block["at"] = workspace, some["customer"], some["at"] * 1_000_000
        block["id"], block["batch"] = np.arange(start + 1, start + 1 + len(some)), 1
        block["size"], block["event"], block["no_value"], block["no_score"] = 2, some["event"], 1, 1
        block["props_size"], block["props"] = 2, b"{}"
        client.raw_insert(
            "touches", column_names=list(sync.TOUCH_COLUMNS), insert_block=block.tobytes(), fmt="RowBinary",
            settings={"max_partitions_per_insert_block": 0},
        )  # fmt: skip
    client.command(
        f"insert into identities select distinct workspace, identity, identity, 1 from touches where workspace = '{WORKSPACE}'"
    )
    engine.close()


def ask_store() -> dict[str, Any]:
    """The product's own report: counts, times and all, as the worker gives it."""
    import uuid
    from datetime import UTC, datetime

    from analytics.reports import funnel
    from analytics.store import engine

    begun = time.perf_counter()
    engine.client()
    opened, used = time.perf_counter(), time.process_time()
    steps = [{"event": name, "any": [{"event": name, "where": None}], "first_time_ever": False} for name in STEPS]
    question = {
        "from": None, "to": None, "where": None, "segment": None, "steps": steps, "mode": "ordered", "exclusions": [],
        "window": WINDOW_DAYS * 86_400_000_000, "breakdown": None, "histogram": None, "trend": None, "timezone": "UTC",
        "week_start": "monday", "list_customers": False,
    }  # fmt: skip
    answer = funnel.answer(question, workspace_id=uuid.UUID(WORKSPACE), now=datetime(2027, 1, 1, tzinfo=UTC))
    done = time.perf_counter()
    return {
        "counts": [step["count"] for step in answer["steps"]],
        "opened": opened - begun,
        "answered": done - opened,
        "used": time.process_time() - used,
    }


def ask_cold(folder: Path) -> dict[str, Any]:
    """A new process over files that nobody has read lately."""
    for file in (folder / "store").rglob("*"):
        if file.is_file():
            with file.open("rb") as handle:
                os.posix_fadvise(handle.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    command = [sys.executable, "-m", "benchmarks.funnel", "--child"]
    out = subprocess.run(command, env={**os.environ, "CJM_DATA": str(folder)}, check=True, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found


# ------------------------------------------------------------------------------------------------ rivals


def _chain() -> str:
    """Each attempt takes, step by step, the earliest fitting event inside its window: index look-ups only."""
    window = WINDOW_DAYS * 86_400
    parts = [f"t1 as (select customer, at as s, at as t from bench_touches where event = '{STEPS[0]}')"]
    for number, name in enumerate(STEPS[1:], 2):
        parts.append(
            f"t{number} as (select customer, s, (select min(b.at) from bench_touches b where b.event = '{name}' "
            f"and b.customer = p.customer and b.at >= p.t and b.at <= p.s + {window}) as t "
            f"from t{number - 1} p where t is not null)"
        )
    counts = ", ".join(f"(select count(distinct customer) from t{n} where t is not null)" for n in range(1, len(STEPS) + 1))
    return f"with {', '.join(parts)} select {counts}"


def sqlite(rows: Any, folder: Path) -> Callable[[], list[int]]:
    base = sqlite3.connect(folder / "rival.sqlite3")
    base.execute("create table bench_touches (customer integer, at integer, event text)")
    lines = zip(rows["customer"].tolist(), rows["at"].tolist(), (name.decode() for name in rows["event"].tolist()), strict=True)
    base.executemany("insert into bench_touches values (?, ?, ?)", lines)
    base.execute("create index by_event on bench_touches (event, customer, at)")
    base.execute("analyze")
    base.commit()
    return lambda: list(base.execute(_chain()).fetchone())


def postgres(rows: Any, url: str) -> Callable[[], list[int]]:
    import psycopg

    base = psycopg.connect(url, autocommit=True)
    base.execute("create temporary table bench_touches (customer bigint, at bigint, event text)")
    with base.cursor().copy("copy bench_touches from stdin") as copy:
        for customer, at, name in zip(rows["customer"].tolist(), rows["at"].tolist(), rows["event"].tolist(), strict=True):
            copy.write_row((customer, at, name.decode()))
    base.execute("create index on bench_touches (event, customer, at)")
    base.execute("vacuum analyze bench_touches")
    return lambda: list(base.execute(_chain()).fetchone() or ())  # type: ignore[call-overload]


def pandas(rows: Any) -> Callable[[], list[int]]:
    import pandas as pd

    frame = pd.DataFrame({"customer": rows["customer"], "at": rows["at"], "event": rows["event"].astype(str)})

    def ask() -> list[int]:
        wanted = frame[frame["event"].isin(STEPS)].sort_values("at", kind="stable")
        found = wanted.loc[wanted["event"] == STEPS[0], ["customer", "at"]].assign(s=lambda part: part["at"])
        counts = [found["customer"].nunique()]
        for name in STEPS[1:]:
            step = wanted.loc[wanted["event"] == name, ["customer", "at"]].rename(columns={"at": "t"})
            joined = pd.merge_asof(
                found.sort_values("at", kind="stable"), step, left_on="at", right_on="t", by="customer", direction="forward"
            )
            joined = joined[joined["t"].notna() & (joined["t"] <= joined["s"] + WINDOW_DAYS * 86_400)]
            found = joined[["customer", "s"]].assign(at=joined["t"].astype("int64"))
            counts.append(found["customer"].nunique())
        return counts

    return ask


# ------------------------------------------------------------------------------------------------ the run


def timed(ask: Callable[[], Any], repeats: int) -> float:
    spent = []
    for _one in range(repeats):
        begun = time.perf_counter()
        ask()
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent)


def main(arguments: Sequence[str] | None = None) -> None:
    asked = _arguments().parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cjm.settings")
    os.environ.setdefault("CJM_LOG", "ERROR")
    if asked.child:
        _set_up()
        sys.stdout.write(json.dumps(ask_store()) + "\n")
        return
    with tempfile.TemporaryDirectory(prefix="cjm-bench-") as name:
        folder = Path(name)
        os.environ["CJM_DATA"] = name
        _set_up()
        rows = make_touches(asked.touches)
        fill_store(rows)
        rivals = {"SQLite, SQL": sqlite(rows, folder), "pandas": pandas(rows)}
        if asked.postgres:
            rivals["PostgreSQL, SQL"] = postgres(rows, asked.postgres)
        counts = ask_cold(folder)["counts"]
        for rival, ask in rivals.items():
            if ask() != counts:
                raise SystemExit(f"{rival} disagrees: {ask()} and ours {counts}")
        runs = [ask_cold(folder) for _one in range(asked.repeats)]
        ours = statistics.median(run["answered"] for run in runs)
        _print(asked.touches, counts, runs, ours, {rival: timed(ask, asked.repeats) for rival, ask in rivals.items()})


def _print(touches: int, counts: Sequence[int], runs: Sequence[dict[str, Any]], ours: float, rivals: dict[str, float]) -> None:
    opened = statistics.median(run["opened"] for run in runs)
    used = statistics.median(run["used"] for run in runs)
    lines = [
        f"{touches:,} touches, {len(STEPS)} steps, window {WINDOW_DAYS} days, counts {list(counts)} (equal everywhere)",
        "",
        "| | median, s | ours / theirs |",
        "|---|---:|---:|",
        f"| embedded engine, cold | {ours:.3f} | 1 |",
        *(f"| {rival}, warm | {seconds:.3f} | {ours / seconds:.2f} |" for rival, seconds in rivals.items()),
        "",
        f"Opening the engine in a new process, once: {opened:.2f} s. Processor time of our answer: {used:.2f} s.",
        f"Load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def _set_up() -> None:
    import django

    django.setup()


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--touches", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--postgres", default=os.environ.get("DATABASE_URL", ""), help="address of a PostgreSQL database")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    main()
