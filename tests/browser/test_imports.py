"""A file from upload to undo in the browser, with the product's own worker doing the work."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.map_site import chromium
from tests.browser.people_site import PHONE, People, check, people

pytestmark = pytest.mark.browser
GOOD = "user_id,event,timestamp,city\n" + "".join(f"c{number % 40},visited,2026-05-01 10:00,Омск\n" for number in range(1200))
BAD = "user_id,event,timestamp\nc1,visited,2026-05-01\nc2,visited,soon\n"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[People]:
    with people(tmp_path_factory.mktemp("imports"), browser) as made:
        yield made


def upload(page: Page, folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content)
    page.get_by_label("Файл CSV").set_input_files(folder / name)
    page.get_by_role("button", name="Загрузить").click()
    expect(page.get_by_role("heading", name="Столбцы")).to_be_visible()


def test_a_file_is_checked_recorded_and_taken_back(site: People, tmp_path: Path) -> None:
    page = site.open("imports/")
    check(page)
    upload(page, tmp_path, "visits.csv", GOOD)
    check(page)
    expect(page.get_by_label("user_id")).to_have_value("customer")
    expect(page.get_by_label("city")).to_have_value("props")
    page.get_by_role("button", name="Проверить файл").click()
    record = page.get_by_role("button", name="Записать 1\xa0200 касаний")
    expect(record).to_be_visible(timeout=30_000)
    check(page)
    record.click()
    expect(page.get_by_role("heading", name="Итог")).to_be_visible(timeout=60_000)
    expect(page.locator(".outcome")).to_contain_text("1\xa0200")
    check(page)
    page.get_by_role("link", name="Отменить импорт").click()
    check(page)
    page.get_by_role("button", name="Отменить импорт").click()
    expect(page.get_by_role("heading", name="Этот импорт отменён")).to_be_visible(timeout=60_000)
    page.goto(f"{site.base}/w/people/customers/")
    expect(page.get_by_text("Клиентов пока нет")).to_be_visible()


def test_faults_are_shown_by_row_and_downloaded(site: People, tmp_path: Path) -> None:
    page = site.open("imports/", viewport=PHONE, color_scheme="dark")
    upload(page, tmp_path, "bad.csv", BAD)
    page.get_by_role("button", name="Проверить файл").click()
    expect(page.get_by_text("«soon»: такое время не прочитать")).to_be_visible(timeout=30_000)
    check(page)
    page.get_by_role("button", name="Записать 1 касание").click()
    expect(page.get_by_role("heading", name="Итог")).to_be_visible(timeout=60_000)
    check(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Скачать отклонённые строки").click()
    assert "soon" in waiting.value.path().read_text("utf-8-sig")


def test_it_works_without_scripts(site: People, tmp_path: Path) -> None:
    page = site.open("imports/", java_script_enabled=False)
    upload(page, tmp_path, "plain.csv", GOOD.replace("visited", "plain"))
    page.get_by_role("button", name="Проверить файл").click()
    _refresh_until(page, "button", "Записать 1\xa0200 касаний")
    page.get_by_role("button", name="Записать 1\xa0200 касаний").click()
    _refresh_until(page, "heading", "Итог")


def _refresh_until(page: Page, role: str, name: str) -> None:
    for _turn in range(60):
        if page.get_by_role(role, name=name).count():  # type: ignore[arg-type]
            return
        page.get_by_role("link", name="Обновить").click()
        page.wait_for_timeout(500)
    raise AssertionError(page.content())
