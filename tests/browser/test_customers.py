"""The list of customers and the card of one, looked at: by role and name, both languages, themes and widths."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.map_site import chromium
from tests.browser.people_site import PHONE, WIDE, People, check, people

pytestmark = pytest.mark.browser
PAGES = [
    "customers/",
    "customers/?q=nobody",
    "customers/c1/",
    "customers/c1/?show=all",
    "customers/c9/",
    "segments/",
    "imports/rejected/",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[People]:
    with people(tmp_path_factory.mktemp("people"), browser) as made:
        _fill(made)
        yield made


def _fill(site: People) -> None:
    def sent(number: int, day: str, event: str, **fields: Any) -> dict[str, Any]:
        return {"touch_id": f"m-{number}", "customer": "c1", "event": event, "occurred_at": f"{day}T09:00:00Z"} | fields

    anna = {"name": "Анна Белова", "email": "anna@x.example", "attrs": {"plan": "pro"}}
    answer = {"metric": "csat", "value": 4, "comment": "Понятно"}
    site.put("/api/v1/test/clock/", {"now": "2026-11-01T09:00:00Z"})
    first = sent(1, "2026-06-02", "article_read", channel="blog", touchpoint="Статья", identify=anna)
    money = sent(2, "2026-09-20", "proposal_received", value="1240000.00", currency="RUB")
    many = [sent(100 + number, f"2026-10-{number % 28 + 1:02}", f"page_{number % 9}", channel="website") for number in range(70)]
    other = {"touch_id": "o", "customer": "c9", "event": "page_viewed", "occurred_at": "2026-10-20T09:00:00Z"}
    bad = {"touch_id": "bad", "customer": "c9", "event": "page_viewed", "occurred_at": "вчера"}
    site.post("/api/v1/touches/", {"touches": [first, money, sent(3, "2026-10-01", "csat", score=answer), *many, other, bad]})
    site.post("/api/v1/segments/", {"name": "Pro", "rule": {"field": "customer.attrs.plan", "op": "eq", "value": "pro"}})
    for stage, now in (
        ("awareness", "2026-06-02"),
        ("consideration", "2026-07-02"),
        ("decision", "2026-09-03"),
        ("consideration", "2026-09-18"),
    ):
        site.stand("c1", stage, f"{now}T10:00:00Z")
    site.put("/api/v1/test/clock/", {"now": "2026-11-01T09:00:00Z"})


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing(site: People, language: str, scheme: Any, viewport: Any) -> None:
    room = site.enter(language=language, color_scheme=scheme, viewport=viewport)
    page = room.new_page()
    for path in PAGES:
        page.goto(f"{site.base}/w/people/{path}")
        check(page)
    room.close()


def test_the_list_leads_to_the_card(site: People) -> None:
    page = site.open("customers/")
    page.get_by_role("searchbox", name="Имя, почта или код").fill("белова")
    page.get_by_role("button", name="Показать").click()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Анна Белова").click()
    expect(page.get_by_role("heading", name="Анна Белова")).to_be_visible()


def test_the_card_has_every_region_of_the_reference(site: People) -> None:
    page = site.open("customers/c1/")
    expect(page.get_by_role("heading", name="Этап: Исследование")).to_be_visible()
    expect(page.get_by_text("1 возврат")).to_be_visible()
    rail = page.get_by_role("list", name="Этапы пути")
    expect(rail.get_by_role("listitem")).to_have_count(10)
    expect(rail.locator("[aria-current=step]")).to_contain_text("Исследование")
    expect(page.get_by_role("img", name="Путь по времени")).to_be_visible()
    for name in ("Касания", "Вовлечённость", "Ответы", "Что известно"):
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_text("«Понятно»").first).to_be_visible()
    expect(page.get_by_text("1,24 млн ₽").first).to_be_visible()


def test_a_long_history_grows_in_place_and_without_scripts_page_by_page(site: People) -> None:
    page = site.open("customers/c1/?show=all")
    entries = page.locator("#touches .tl li")
    expect(entries).to_have_count(50 + page.locator("#touches .tl .stagechg, #touches .tl .jump").count())
    before = entries.count()
    page.get_by_role("link", name="Показать более ранние").click()
    expect(page.get_by_role("link", name="Показать более ранние")).to_have_count(0)
    assert entries.count() > before
    plain = site.open("customers/c1/?show=all", java_script_enabled=False)
    plain.get_by_role("link", name="Показать более ранние").click()
    expect(plain.get_by_text("первое касание", exact=True)).to_be_visible()


def test_a_segment_counts_itself_and_narrows_the_list(site: People) -> None:
    page = site.open("segments/")
    row = page.get_by_role("row").filter(has_text="Pro")
    expect(row.get_by_role("link", name="1", exact=True)).to_be_visible()
    row.get_by_role("link", name="Pro").click()
    expect(page.get_by_role("link", name="Анна Белова")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(2)


def test_the_list_is_downloaded(site: People) -> None:
    page = site.open("customers/")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Экспорт CSV").click()
    assert "Анна Белова" in waiting.value.path().read_text("utf-8-sig")
