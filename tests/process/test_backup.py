"""`manage.py backup` on a running instance, `manage.py restore`, and the same figures afterwards."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.process.product import ROOT, Product, funnel, touch

pytestmark = pytest.mark.process


def manage(*words: Any, **environment: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "manage.py", *map(str, words)]
    return subprocess.run(
        line, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=200, check=False
    )


def fill(product: Product) -> None:
    touches = [touch(f"{step}-{n}", step, customer=f"c-{n}") for n in range(40) for step in ("seen", "bought")[: 1 + n % 2]]
    assert product.post("/api/v1/touches/", {"touches": touches, "source": "crm"})[0] == 201
    assert product.post("/api/v1/personas/", {"name": "Сергей"})[0] == 201
    assert product.post("/api/v1/maps/", {"title": "Карта", "kind": "current_state"})[0] == 201


def seen(product: Product) -> list[Any]:
    """What a program sees of this installation."""
    answers = [
        product.post("/api/v1/reports/funnel/", funnel("seen", "bought")),
        product.get("/api/v1/personas/"),
        product.get("/api/v1/maps/"),
        product.get("/api/v1/touches/?limit=200"),
    ]
    assert [status for status, _body in answers] == [200] * 4
    return [{name: value for name, value in body.items() if name != "as_of"} for _status, body in answers]


@dataclass
class Story:
    """A product that was filled, backed up while it ran, changed after that, and stopped."""

    data: Path
    file: Path
    before: list[Any]
    over_a_running_one: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def story(services: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("backup")
    data, file = folder / "data", folder / "all.backup"
    with Product(data, "--no-demo") as product:
        fill(product)
        before = seen(product)
        made = manage("backup", file, "--data", data)
        assert made.returncode == 0, made.stderr
        assert product.post("/api/v1/touches/", {"touches": [touch("later")], "source": "crm"})[0] == 201
        refused = manage("restore", file, "--replace", "--data", data)
        assert product.get("/healthz")[0] == 200
        assert product.stop() == 0
    yield Story(data, file, before, refused)


def test_a_running_installation_is_not_restored_over(story: Story) -> None:
    assert story.over_a_running_one.returncode == 1
    assert "Traceback" not in story.over_a_running_one.stderr


def test_what_is_there_is_kept_without_replace(story: Story) -> None:
    refused = manage("restore", story.file, "--data", story.data)
    assert (refused.returncode, "--replace" in refused.stderr) == (1, True)


def test_only_its_owner_may_read_a_backup(story: Story) -> None:
    assert story.file.stat().st_mode & 0o077 == 0


def test_reports_after_a_restore_equal_those_before(story: Story) -> None:
    assert story.before[0]["steps"][1]["count"] == 20
    done = manage("restore", story.file, "--replace", "--data", story.data)
    assert done.returncode == 0, done.stderr
    with Product(story.data) as product:
        assert seen(product) == story.before
        assert product.post("/api/v1/touches/", {"touches": [touch("seen-1", "seen")], "source": "crm"})[1]["repeated"] == 1
        assert product.post("/api/v1/touches/", {"touches": [touch("new", "seen")], "source": "crm"})[1]["accepted"] == 1
        assert product.post("/api/v1/reports/funnel/", funnel("seen"))[1]["steps"][0]["count"] == 41
        assert product.stop() == 0


def test_it_moves_to_another_folder_and_to_sqlite(story: Story, tmp_path: Path) -> None:
    embedded = {"DATABASE_URL": "sqlite:", "REDIS_URL": ""}
    done = manage("restore", story.file, "--data", tmp_path / "other", **embedded)
    assert done.returncode == 0, done.stderr
    with Product(tmp_path / "other", **embedded) as product:
        assert seen(product) == story.before


@pytest.mark.parametrize("content", [b"no archive", b"PK\x03\x04 half of one"])
def test_a_file_that_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "all.backup"
    file.write_bytes(content)
    refused = manage("restore", file, "--data", tmp_path / "data")
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
