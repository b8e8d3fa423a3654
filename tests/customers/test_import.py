"""Imports of touches from files: the pages, the command, the worker, the undo."""

import csv
import gzip
import io
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

import cjm
from automations import folding
from cjm.lib import clock
from customers import import_work
from customers.models import Customer, Import, RejectedTouch, Score, StageVisit, Touch
from tests import make
from tests.customers.sending import NOW, post, touch
from workspaces.models import Workspace

URL = "/w/acme/imports/"
ECOM = Path(cjm.__file__).parent / "data/ecom_touches.csv.gz"
TABLE = "user_id,event,timestamp,channel,amount,email,plan\n"


@pytest.fixture(autouse=True)
def standing_clock(as_alice: Client, as_charlie: Client) -> None:
    clock.install(lambda: NOW)
    for client in (as_alice, as_charlie):
        client.cookies["language"] = "en"


def upload(client: Client, content: str | bytes, name: str = "touches.csv") -> Any:
    body = content.encode() if isinstance(content, str) else content
    return client.post(URL, {"file": SimpleUploadedFile(name, body)})


def columns(row: Import, **over: Any) -> dict[str, Any]:
    fields = {f"column_{index}": field for index, field in enumerate(row.mapping["fields"])}
    return fields | {"source": "file", "timezone": "UTC", "event": "", "channel": "", "historical": "on"} | over


def check(client: Client, content: str | bytes, **over: Any) -> Import:
    assert upload(client, content).status_code == 302
    row = Import.objects.latest("id")
    assert client.post(f"{URL}{row.pk}/columns/", columns(row, **over)).status_code == 302
    import_work.work_on(row.workspace_id)
    row.refresh_from_db()
    return row


def record(client: Client, content: str | bytes, **over: Any) -> Import:
    row = check(client, content, **over)
    assert client.post(f"{URL}{row.pk}/start/").status_code == 302
    import_work.work_on(row.workspace_id)
    row.refresh_from_db()
    return row


def undo(client: Client, row: Import) -> None:
    assert client.post(f"{URL}{row.pk}/undo/").status_code == 302
    import_work.work_on(row.workspace_id)
    row.refresh_from_db()


def page(client: Client, row: Import) -> str:
    return client.get(f"{URL}{row.pk}/").content.decode()


def test_it_works(as_alice: Client, workspace: Workspace) -> None:
    row = record(as_alice, TABLE + "c1,signup,2026-01-05 10:00,email,12.50,a@b.example,pro\n", column_6="attrs")
    assert (row.state, row.accepted, row.repeated, row.rejected) == ("done", 1, 0, 0)
    stored = Touch.objects.select_related("identity__customer").get()
    assert (stored.event, stored.channel, str(stored.value), stored.source) == ("signup", "email", "12.50", "file")
    assert stored.occurred_at == datetime(2026, 1, 5, 10, tzinfo=UTC)
    customer = stored.identity.customer
    assert (customer.external_id, customer.email, customer.attrs) == ("c1", "a@b.example", {"plan": "pro"})
    assert customer.created_at == stored.occurred_at
    shown = page(as_alice, row)
    assert "Done" in shown and "Undo the import" in shown
    assert "touches.csv" in as_alice.get(URL).content.decode()


def test_columns_are_guessed_by_their_names(as_alice: Client, workspace: Workspace) -> None:
    upload(as_alice, "Клиент;Событие;Дата;Канал;Сумма;Город\nc1;signup;05.01.2026;email;1;Омск\n".encode("cp1251"))
    row = Import.objects.get()
    assert row.mapping["fields"] == ["customer", "event", "occurred_at", "channel", "value", "props"]
    assert "Омск" in page(as_alice, row)


def test_the_dry_run_records_nothing_and_tells_each_row_s_fault(as_alice: Client, workspace: Workspace) -> None:
    row = check(
        as_alice,
        TABLE
        + "c1,signup,2026-01-05,,,,\n,signup,2026-01-05,,,,\nc2,,2026-01-05,,,,\nc3,signup,soon,,,,\nc4,signup,,,,,\n"
        + "c5,signup,2026-01-05,,much,,\nc6,signup,1969-01-01,,,,\nc7,signup,2026-01-05,,,nobody,\n",
    )
    assert (row.state, row.rows_total, row.checked["faults"]) == ("checked", 8, 7)
    assert not Touch.objects.exists() and not Customer.objects.exists()
    faults = [(fault["row"], fault["column"], fault["code"]) for fault in row.checked["shown"]]
    assert faults == [
        (3, "user_id", "no_customer"), (4, "event", "no_event"), (5, "timestamp", "invalid_time"), (6, "timestamp", "no_time"),
        (7, "amount", "invalid_value"), (8, "timestamp", "invalid_time"), (9, "email", "invalid_value"),
    ]  # fmt: skip
    shown = page(as_alice, row)
    assert "“soon” is not a time that can be read" in shown and "Record 1 touch" in shown


def test_rejected_rows_are_kept_and_downloaded_as_they_were(as_alice: Client, workspace: Workspace) -> None:
    row = record(as_alice, "user_id,event,timestamp,note\nc1,signup,2026-01-05,x\nc2,=1+1,soon,y\n")
    assert (row.accepted, row.rejected) == (1, 1)
    kept = RejectedTouch.objects.get()
    assert (kept.index, kept.item["event"]) == (3, "=1+1")
    sheet = as_alice.get(f"{URL}{row.pk}/rejected/").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(sheet)))
    assert lines[0] == ["row", "reason", "user_id", "event", "timestamp", "note"]
    assert lines[1][0] == "3" and lines[1][2:] == ["c2", "'=1+1", "soon", "y"]
    assert "«soon»" in page(as_alice, row)  # kept in the language of the workspace


def test_the_same_file_again_is_counted_as_repeats(as_alice: Client, workspace: Workspace) -> None:
    content = "user_id,event,timestamp\nc1,a,2026-01-05\nc1,a,2026-01-05\nc2,b,2026-01-06\n"
    assert record(as_alice, content).accepted == 3
    again = record(as_alice, content)
    assert (again.accepted, again.repeated) == (0, 3)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"\n\n", "The file is empty."),
        (b"PK\x03\x04rest", "This is an Excel file."),
        (b"a,b\x00,c\n1,2,3", "This is not a text file."),
        (b"a,b,a\n1,2,3", "Two columns are called “a”."),
        (b",,\n1,2,3", "The first line must name the columns."),
        (b"\x1f\x8bnot gzip", "The archive is damaged"),
        (",".join(f"c{number}" for number in range(201)).encode(), "more than 200 columns"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_with_a_sentence(
    as_alice: Client, workspace: Workspace, content: bytes, words: str
) -> None:
    response = upload(as_alice, content)
    assert response.status_code == 400
    assert words in response.content.decode()
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        "user_id,event,timestamp\nc1,Заявка,2026-01-05\n".encode("utf-8-sig"),
        "user_id;event;timestamp\r\nc1;Заявка;2026-01-05\r\n".encode("cp1251"),
        "user_id\tevent\ttimestamp\nc1\tЗаявка\t05.01.2026\n".encode("utf-16"),
        gzip.compress('user_id,event,timestamp,note\nc1,Заявка,2026-01-05,"two\nlines, one ""cell"""\n'.encode()),
        ("\n\nuser_id,event,timestamp,note\n\nc1,Заявка,1767571200," + "y" * 200_000 + "\n").encode(),
        ('user_id,event,timestamp,"a\nheader"\nc1,Заявка,2026-01-05T00:00:00Z,1\n').encode(),
        "user_id,event,timestamp\nc1,Заявка,2026-01-05,too,many,cells\n".encode(),
    ],
)
def test_files_of_every_make_are_read(as_alice: Client, workspace: Workspace, content: bytes) -> None:
    row = record(as_alice, content)
    assert (row.accepted, row.rejected) == (1, 0)
    stored = Touch.objects.get()
    assert (stored.event, stored.occurred_at.date().isoformat()) == ("Заявка", "2026-01-05")


def test_a_header_alone_has_nothing_to_record(as_alice: Client, workspace: Workspace) -> None:
    row = check(as_alice, "user_id,event,timestamp\n")
    assert (row.state, row.rows_total) == ("checked", 0)
    assert as_alice.post(f"{URL}{row.pk}/start/").status_code == 409


def test_broken_text_in_the_middle_fails_the_check_with_the_line(as_alice: Client, workspace: Workspace) -> None:
    row = check(as_alice, 'user_id,event,timestamp\nc1,a,2026-01-05\nc2,"' + "x" * 1_100_000 + "\n")
    assert row.state == "failed"
    assert "is not valid CSV" in page(as_alice, row)


def test_times_without_a_zone_stand_in_the_chosen_one(as_alice: Client, workspace: Workspace) -> None:
    record(as_alice, "user_id,event,timestamp\nc1,a,05.01.2026 10:00\n", timezone="Europe/Moscow")
    assert Touch.objects.get().occurred_at == datetime(2026, 1, 5, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"column_0": ""}, "Say which column holds the customer&#x27;s id."),
        ({"column_2": "props"}, "Say which column holds the time."),
        ({"column_1": "props"}, "Say which column holds the event"),
        ({"column_1": "customer"}, "Two columns are mapped to “Customer id”"),
        ({"timezone": "Mars/Base"}, "This time zone is not known."),
        ({"column_1": "mood"}, ""),
    ],
)
def test_a_mapping_that_cannot_work_is_refused(as_alice: Client, workspace: Workspace, over: dict[str, str], words: str) -> None:
    upload(as_alice, "user_id,event,timestamp\nc1,a,2026-01-05\n")
    row = Import.objects.get()
    response = as_alice.post(f"{URL}{row.pk}/columns/", columns(row, **over))
    assert response.status_code == 400
    assert words in response.content.decode()


def test_a_reader_looks_but_changes_nothing(as_alice: Client, as_charlie: Client, workspace: Workspace) -> None:
    row = check(as_alice, "user_id,event,timestamp\nc1,a,2026-01-05\n")
    assert "Record 1 touch" not in page(as_charlie, row)
    assert upload(as_charlie, "a,b\n").status_code == 403
    for deed in ("columns", "start", "undo"):
        assert as_charlie.post(f"{URL}{row.pk}/{deed}/").status_code == 403


def test_a_stranger_finds_no_import(as_alice: Client, as_mallory: Client, workspace: Workspace) -> None:
    row = check(as_alice, "user_id,event,timestamp\nc1,a,2026-01-05\n")
    for deed in ("", "columns/", "start/", "undo/", "progress/", "rejected/"):
        assert as_mallory.post(f"/w/foreign/imports/{row.pk}/{deed}").status_code in (404, 405)
        assert as_mallory.get(f"/w/foreign/imports/{row.pk}/{deed}").status_code in (404, 405)


def test_progress_is_a_fragment_that_asks_again_while_the_work_goes_on(as_alice: Client, workspace: Workspace) -> None:
    row = check(as_alice, "user_id,event,timestamp\nc1,a,2026-01-05\n")
    as_alice.post(f"{URL}{row.pk}/start/")
    assert 'hx-trigger="every 1s"' in page(as_alice, row)
    fragment = as_alice.get(f"{URL}{row.pk}/progress/", headers={"HX-Request": "true"})
    assert b"<html" not in fragment.content and "HX-Refresh" not in fragment.headers
    import_work.work_on(workspace.pk)
    assert as_alice.get(f"{URL}{row.pk}/progress/").headers["HX-Refresh"] == "true"


def state() -> tuple[Any, ...]:
    """Everything that an import may change, as it stands."""
    people = Customer.objects.order_by("external_id").values_list(
        "external_id", "name", "email", "attrs", "deleted_at", "has_unfolded"
    )
    visits = StageVisit.objects.order_by("customer__external_id", "entered_at", "stage__rank")
    stays = visits.values_list("customer__external_id", "stage__name", "entered_at", "exited_at", "entry")
    return list(people), list(stays), Touch.objects.count(), Score.objects.count()


def test_undo_brings_back_customers_facts_and_visits(as_alice: Client, api: Client, workspace: Workspace) -> None:
    make.journey_map()
    post(
        api,
        touch(
            "m-1",
            "c1",
            event="stage-1",
            occurred_at="2026-01-01T00:00:00Z",
            identify={"name": "Anna", "attrs": {"plan": "trial", "age": 3}},
        ),
    )
    post(api, touch("m-2", "c1", event="stage-3", occurred_at="2026-02-01T00:00:00Z"))
    folding.fold_all(workspace.pk)
    before = state()
    content = (
        "user_id,event,timestamp,name,plan,city,score\n"
        "c1,stage-2,2026-01-10,Boris,pro,Omsk,\nc1,stage-1,2026-02-10,Victor,max,,9\nc2,stage-1,2026-02-10,,pro,,\n"
    )
    row = record(as_alice, content, column_4="attrs", column_5="attrs")
    folding.fold_all(workspace.pk)
    assert state() != before
    assert Customer.objects.get(external_id="c1").attrs == {"plan": "max", "age": 3, "city": "Omsk"}
    undo(as_alice, row)
    assert row.state == "undone"
    assert state() == before
    assert "This import has been undone" in page(as_alice, row)
    assert as_alice.post(f"{URL}{row.pk}/undo/").status_code == 409
    assert record(as_alice, content, column_4="attrs", column_5="attrs").accepted == 3


def test_undo_leaves_what_was_said_since(as_alice: Client, api: Client, workspace: Workspace) -> None:
    row = record(as_alice, "user_id,event,timestamp,name\nc1,a,2026-01-05,Anna\nc2,a,2026-01-05,\nc3,a,2026-01-05,\n")
    api.post("/api/v1/customers/", {"external_id": "c1", "name": "Anna B."}, content_type="application/json")
    post(api, touch("m-1", "c2"))
    undo(as_alice, row)
    assert list(Customer.objects.order_by("external_id").values_list("external_id", "name")) == [("c1", "Anna B."), ("c2", "")]
    assert Touch.objects.get().touch_id == "m-1"


def test_undo_of_two_imports_leaves_nobody_whatever_the_order(as_alice: Client, workspace: Workspace) -> None:
    first = record(as_alice, "user_id,event,timestamp\nc1,a,2026-01-05\n")
    second = record(as_alice, "user_id,event,timestamp\nc1,b,2026-01-05\n")
    undo(as_alice, first)
    assert Customer.objects.count() == 1
    undo(as_alice, second)
    assert not Customer.objects.exists()


def test_a_killed_worker_s_import_is_taken_up_where_it_stood(as_alice: Client, workspace: Workspace, monkeypatch: Any) -> None:
    monkeypatch.setattr(import_work, "SLICE", 10)
    content = "user_id,event,timestamp\n" + "".join(f"c{number % 7},a,2026-01-05\n" for number in range(95))
    row = check(as_alice, content)
    as_alice.post(f"{URL}{row.pk}/start/")
    claimed = import_work._claim(workspace.pk)
    assert claimed is not None
    work = import_work.record_file(claimed)
    next(work), next(work)
    work.close()
    row.refresh_from_db()
    assert (row.rows_read, row.accepted) == (20, 20)
    assert import_work._claim(workspace.pk) is None
    Import.objects.filter(pk=row.pk).update(leased_until=datetime.now(UTC) - timedelta(seconds=1))
    import_work.work_on(workspace.pk)
    row.refresh_from_db()
    assert (row.state, row.rows_read, row.accepted, row.repeated) == ("done", 95, 95, 0)
    assert Touch.objects.count() == 95


def test_slices_are_short_so_that_an_edit_never_waits(as_alice: Client, workspace: Workspace) -> None:
    assert import_work.SLICE <= 1000


@pytest.mark.timeout(600)
def test_the_command_imports_with_progress_and_the_whole_shop_file_can_be_undone(
    workspace: Workspace, as_alice: Client, capsys: Any
) -> None:
    shop = make.journey_map(stages=("Главная", "Товар", "Корзина", "Покупка"))
    for stage, event in zip(shop.stages.order_by("rank"), ("home", "product_view", "add_to_cart", "purchase"), strict=True):
        stage.targets.update(event=event)
    folding.fold_all(workspace.pk)
    before = state()
    call_command(
        "import_touches", str(ECOM), "--workspace", "acme", "--timezone", "UTC", "--source", "shop",
        "--map", "session_id=props", "platform=props", "user_cohort=attrs",
    )  # fmt: skip
    out = capsys.readouterr().out
    assert "31106 rows, 0 with errors, 600 customers, 19 events" in out
    assert "31106 accepted, 0 repeated, 0 rejected" in out
    folding.fold_all(workspace.pk)
    assert Customer.objects.count() == 600
    with gzip.open(ECOM, "rt") as file:
        wanted = Counter(line["event"] for line in csv.DictReader(file))
    assert Counter(Touch.objects.values_list("event", flat=True)) == wanted
    assert Touch.objects.order_by("pk").first().occurred_at == datetime(2024, 3, 13, 10, 21, 14, tzinfo=UTC)
    assert StageVisit.objects.count() > 600
    undo(as_alice, Import.objects.get())
    assert state() == before


def test_a_dry_run_of_the_command_leaves_no_trace(workspace: Workspace, tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "t.csv"
    file.write_text("who,what,when\nc1,a,2026-01-05\nc2,a,soon\n")
    call_command(
        "import_touches", str(file), "--workspace", "acme", "--dry-run", "--map", "who=customer", "what=event", "when=occurred_at"
    )
    out = capsys.readouterr().out
    assert "2 rows, 1 with errors" in out and "row 3: “soon” is not a time" in out
    assert not Touch.objects.exists() and not Import.objects.filter(deleted_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--workspace", "nowhere"], "There is no workspace"),
        (["--workspace", "acme", "--map", "mood=event"], "The file has no column “mood”"),
        (["--workspace", "acme", "--map", "who=mood"], "There is no field “mood”"),
        (["--workspace", "acme", "--map", "who"], "Write --map COLUMN=FIELD"),
        (["--workspace", "acme", "--map", "who=customer", "--timezone", "Mars/Base"], "This time zone is not known."),
        (["--workspace", "acme"], "Say which column holds the customer's id."),
    ],
)
def test_the_command_refuses_with_a_sentence(workspace: Workspace, tmp_path: Path, options: list[str], words: str) -> None:
    file = tmp_path / "t.csv"
    file.write_text("who,event,timestamp\nc1,a,2026-01-05\n")
    with pytest.raises(CommandError, match=words):
        call_command("import_touches", str(file), *options)
    assert not Import.objects.exists()
