"""`manage.py backup` on a running instance, `manage.py restore`, and the same figures afterwards."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.process.product import ROOT, Product, funnel, touch

pytestmark = pytest.mark.process
EMBEDDED = {"DATABASE_URL": "sqlite:", "REDIS_URL": ""}


def manage(*words: Any, **environment: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "manage.py", *map(str, words)]
    return subprocess.run(
        line, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=False
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


def test_reports_after_a_restore_equal_those_before(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.backup"
    with Product(data, "--no-demo") as product:
        fill(product)
        before = seen(product)
        made = manage("backup", file, "--data", data)
        assert made.returncode == 0, made.stderr
        assert product.post("/api/v1/touches/", {"touches": [touch("later")], "source": "crm"})[0] == 201
        assert product.stop() == 0
    assert before[0]["steps"][1]["count"] == 20
    assert file.stat().st_mode & 0o077 == 0
    done = manage("restore", file, "--replace", "--data", data)
    assert done.returncode == 0, done.stderr
    with Product(data) as product:
        assert seen(product) == before
        assert product.post("/api/v1/touches/", {"touches": [touch("seen-1", "seen")], "source": "crm"})[1]["repeated"] == 1
        assert product.post("/api/v1/touches/", {"touches": [touch("new", "seen")], "source": "crm"})[1]["accepted"] == 1
        assert product.post("/api/v1/reports/funnel/", funnel("seen"))[1]["steps"][0]["count"] == 41


def test_it_goes_into_another_folder(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.backup"
    with Product(data, "--no-demo", **EMBEDDED) as product:
        fill(product)
        before = seen(product)
        assert manage("backup", file, "--data", data, **EMBEDDED).returncode == 0
    done = manage("restore", file, "--data", tmp_path / "other", **EMBEDDED)
    assert done.returncode == 0, done.stderr
    with Product(tmp_path / "other", **EMBEDDED) as product:
        assert seen(product) == before


def test_a_running_installation_is_not_restored_over(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.backup"
    with Product(data, "--no-demo") as product:
        assert manage("backup", file, "--data", data).returncode == 0
        refused = manage("restore", file, "--replace", "--data", data)
        assert refused.returncode == 1
        assert "Traceback" not in refused.stderr
        assert product.get("/readyz")[0] == 200
        product.stop()


def test_what_is_there_is_kept_without_replace(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.backup"
    with Product(data, "--no-demo") as product:
        assert manage("backup", file, "--data", data).returncode == 0
        product.stop()
    refused = manage("restore", file, "--data", data)
    assert (refused.returncode, "--replace" in refused.stderr) == (1, True)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 half of one"])
def test_a_file_that_is_no_backup_is_refused(data: Path, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "all.backup"
    file.write_bytes(content)
    refused = manage("restore", file, "--data", data)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr


def test_a_folder_that_is_missing_is_said(data: Path, tmp_path: Path) -> None:
    assert manage("migrate", "--data", data, "-v0").returncode == 0
    refused = manage("backup", tmp_path / "no" / "such" / "place", "--data", data)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
