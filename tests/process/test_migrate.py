"""The short way of an empty database to its tables beside the replay of every migration: both end with the same schema."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.process.product import ROOT

pytestmark = pytest.mark.process


def migrated(data: Path, *words: str) -> Path:
    """The database of a new data folder after `migrate`."""
    line = [sys.executable, "manage.py", "migrate", *words, "--verbosity", "0", "--data", str(data)]
    environment = {**os.environ, "DATABASE_URL": "sqlite:", "REDIS_URL": "", "CJM_LOG": "ERROR"}
    ended = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200, check=False)
    assert ended.returncode == 0, ended.stderr
    (file,) = data.glob("*.sqlite3")
    return file


def schema(file: Path) -> dict[str, Any]:
    """Tables with their columns, keys, indexes and checks, whatever the order they were made in."""
    with closing(sqlite3.connect(file)) as base:
        tables = dict(base.execute("select name, sql from sqlite_master where type = 'table' and name not like 'sqlite_%'"))
        indexes = base.execute("select tbl_name, name, sql from sqlite_master where type = 'index' and sql is not null")
        named = sorted(tuple(_plain(word) for word in row) for row in indexes)
        return {"indexes": named} | {name: _table(base, name, sql) for name, sql in tables.items()}


def _table(base: sqlite3.Connection, name: str, sql: str) -> dict[str, Any]:
    return {
        "columns": sorted(tuple(row[1:]) for row in base.execute(f'pragma table_xinfo("{name}")')),
        "keys": sorted(tuple(row[2:]) for row in base.execute(f'pragma foreign_key_list("{name}")')),
        "unique": sorted(
            tuple(part[2] for part in base.execute(f'pragma index_info("{row[1]}")'))
            for row in base.execute(f'pragma index_list("{name}")')
            if row[2]
        ),
        "checks": sorted(re.findall(r'CONSTRAINT "(\w+)" (\w+)', sql)),
    }


def _plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql)


def applied(file: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(file)) as base:
        return set(base.execute("select app, name from django_migrations"))


def test_the_short_way_and_the_replay_end_with_the_same_schema(tmp_path: Path) -> None:
    short, replayed = migrated(tmp_path / "short"), migrated(tmp_path / "replayed", "--replay")
    assert applied(short) == applied(replayed)
    ours, theirs = schema(short), schema(replayed)
    assert set(ours) == set(theirs)
    differing = {name: (ours[name], theirs[name]) for name in ours if ours[name] != theirs[name]}
    assert not differing
