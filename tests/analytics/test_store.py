"""The column store stays in step with the record, whatever is killed, undone or erased."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from analytics.models import Report
from analytics.store import engine, sync
from cjm.lib import clock
from customers.models import Customer, Import, Touch, TouchBatch
from tests import make
from tests.analytics.journeys import START, record
from workspaces import tenancy
from workspaces.models import Workspace

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def still_clock(workspace: Workspace) -> None:
    clock.install(lambda: START + timedelta(days=60))


def stored(workspace: Workspace) -> int:
    sql = "select count() from touches final where workspace = {w:UUID}"
    count: int = engine.rows(sql, {"w": str(workspace.pk)})[0][0]
    return count


def ask(api: Client, *events: str) -> list[int]:
    question = {"steps": [{"event": event} for event in events]}
    response = api.post("/api/v1/reports/funnel/", question, content_type="application/json")
    return [step["count"] for step in response.json()["steps"]]


def test_a_question_sees_what_was_just_recorded(api: Client, workspace: Workspace) -> None:
    record([("c1", "a", 0)])
    assert ask(api, "a") == [1]
    record([("c2", "a", 0)])
    assert ask(api, "a") == [2]


def test_a_batch_appended_twice_counts_once(workspace: Workspace) -> None:
    record([("c1", "a", 0), ("c2", "b", 5)])
    sync.sync_workspace(workspace.pk)
    TouchBatch.objects.update(synced_at=None)
    sync.sync_workspace(workspace.pk)
    assert stored(workspace) == 2


def test_a_sync_appends_only_what_is_new(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    record([(f"c{n}", "a", n) for n in range(50)])
    sync.sync_workspace(workspace.pk)
    sizes: list[int] = []
    real = engine.insert

    def insert(table: str, columns: Any, lines: Any) -> int:
        count = real(table, columns, lines)
        sizes.append(count if table == "touches" else 0)
        return count

    monkeypatch.setattr(engine, "insert", insert)
    record([("c1", "a", 90)])
    sync.sync_workspace(workspace.pk)
    assert sum(sizes) == 1


def test_a_store_that_differs_is_made_anew(workspace: Workspace) -> None:
    record([(f"c{n}", "a", n) for n in range(9)])
    assert sync.check(workspace.pk)
    engine.command("alter table touches delete where id % 2 = 0", mutations_sync=2)
    assert not sync.check(workspace.pk)
    assert stored(workspace) == 9
    assert sync.check(workspace.pk)


def test_a_lost_folder_is_made_anew(api: Client, workspace: Workspace) -> None:
    record([(f"c{n}", "a", n) for n in range(9)])
    assert ask(api, "a") == [9]
    for table in engine.TABLES:
        engine.command(f"truncate table {table}")
    (engine.folder() / "cjm-store-id").unlink()
    assert ask(api, "a") == [9]


def test_an_undone_import_leaves_the_store(api: Client, workspace: Workspace) -> None:
    record([("c1", "a", 0)])
    before = ask(api, "a", "b")
    run = Import.objects.create(state="done")
    batch = record([("c1", "b", 5), ("c2", "a", 0)], from_import=run)
    assert ask(api, "a", "b") == [2, 1]
    Touch.objects.filter(batch=batch).delete()
    TouchBatch.objects.filter(pk=batch.pk).update(undone_at=clock.now())
    Import.objects.filter(pk=run.pk).update(state="undone")
    assert ask(api, "a", "b") == before
    assert sync.check(workspace.pk)


def test_an_erased_person_leaves_no_byte_in_the_store(api: Client, workspace: Workspace) -> None:
    mark = "unmistakable-4c1d"
    record([("c1", "a", 0, {"mail": mark}), ("c2", "a", 0)])
    Customer.objects.filter(external_id="c1").update(attrs={"mail": mark}, email=f"{mark}@example.test")
    assert ask(api, "a") == [2]
    assert files_with(mark)
    assert api.delete("/api/v1/customers/c1/").status_code == 204
    assert ask(api, "a") == [1]
    assert stored(workspace) == 1
    assert not files_with(mark)
    assert mark not in str(list(Report.objects.values_list("answer", flat=True)))


def files_with(mark: str) -> list[Path]:
    files = [file for file in engine.folder().rglob("*") if file.is_file()]
    return [file for file in files if mark.encode() in file.read_bytes()]


def test_workspaces_do_not_see_each_other(api: Client, workspace: Workspace) -> None:
    record([("c1", "a", 0)])
    other = make.workspace("Other")
    with tenancy.reading(other.pk):
        record([("c1", "a", 0), ("c2", "a", 0)])
        sync.sync_workspace(other.pk)
        theirs = Client(headers={"Authorization": f"Bearer {make.token(other)}"})
    assert ask(api, "a") == [1]
    assert ask(theirs, "a") == [2]


def test_a_forked_child_is_refused_with_a_sentence(workspace: Workspace) -> None:
    engine.client()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            engine.client()
            os.write(writing, b"opened")
        except engine.StoreBusy as refusal:
            os.write(writing, refusal.code.encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 100) == b"store_busy"
    assert engine.rows("select 1") == [(1,)]


def test_a_second_process_is_refused_with_a_sentence(workspace: Workspace) -> None:
    engine.client()
    script = (
        "import django; django.setup()\n"
        "from analytics.store import engine\n"
        "try:\n    engine.client()\nexcept engine.StoreBusy as refusal:\n    print(refusal.code, refusal.text)\n"
    )
    out = run_python(script, settings.DATA_DIR)
    assert "store_busy" in out


def run_python(script: str, folder: Path) -> str:
    environment = {**os.environ, "CJM_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "cjm.settings"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120)
    return done.stdout + done.stderr


FILL = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests import make
from tests.analytics.journeys import record
from workspaces import tenancy
place = make.workspace("Kill")
with tenancy.reading(place.pk):
    for part in range(12):
        record([(f"c{n % 100}", "a", part * 1000 + n) for n in range(300)])
print(place.pk)
"""
SYNC = """
import django; django.setup()
from analytics.store import sync
from workspaces.models import Workspace
sync.CHUNK_ROWS = 300
sync.sync_workspace(Workspace.objects.get(slug="kill").pk)
"""
COUNT = (
    SYNC
    + """
from analytics.store import engine
print("total", engine.rows("select count(), uniqExact(id) from touches final")[0])
"""
)


def test_a_killed_sync_neither_loses_nor_doubles(tmp_path: Path) -> None:
    environment = {**os.environ, "CJM_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "cjm.settings", "CJM_LOG": "INFO"}
    environment.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, "-c", FILL], env=environment, cwd=ROOT, check=True, capture_output=True, timeout=300)
    for pause in (0.0, 0.1):
        victim = subprocess.Popen(
            [sys.executable, "-c", SYNC], env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert victim.stdout is not None
        for line in victim.stdout:
            if "store.appended" in line:
                time.sleep(pause)
                break
        victim.send_signal(signal.SIGKILL)
        victim.wait()
    out = subprocess.run([sys.executable, "-c", COUNT], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert "total (3600, 3600)" in out.stdout, out.stdout + out.stderr
