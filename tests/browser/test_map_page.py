"""The map page looked at: both languages, both themes, both widths; nothing for axe to find; regions by role and name."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.map_site import Site, chromium, serve

pytestmark = pytest.mark.browser
expect.set_options(timeout=15_000)
TAGS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
WIDE, PHONE = {"width": 1440, "height": 1160}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve(Path(tmp_path_factory.mktemp("look"))) as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture(autouse=True)
def rooms_closed(browser: Browser) -> Iterator[None]:
    yield
    for room in browser.contexts:
        room.close()


@pytest.mark.parametrize("person", ["alice", "eve"], ids=["russian", "english"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing(site: Site, browser: Browser, person: str, scheme: str, viewport: dict[str, int]) -> None:
    page = site.open(browser, person, "look", viewport=viewport, color_scheme=scheme)
    _check(page)
    page.locator(".tp:visible").first.click()
    expect(page.locator("#inspector .inspector__title")).to_be_visible()
    _check(page)


@pytest.mark.parametrize("path", ["outline/", "?view=show"])
def test_axe_finds_nothing_on_the_other_faces(site: Site, browser: Browser, path: str) -> None:
    for scheme in ("light", "dark"):
        page = site.enter(browser, "alice", color_scheme=scheme).new_page()
        page.goto(site.url("look", path))
        _check(page)


def test_axe_finds_nothing_on_an_empty_map(site: Site, browser: Browser) -> None:
    _check(site.open(browser, "alice", "empty"))


def test_every_region_is_found_by_role_and_name(site: Site, browser: Browser) -> None:
    page = site.open(browser, "alice", "look")
    for role, name in (
        ("navigation", "Вид карты"),
        ("group", "Сейчас на карте"),
        ("button", "Отменить: Ctrl+Z"),
        ("button", "Экспорт"),
        ("link", "Показать"),
        ("region", "Полотно карты, прокручивается по горизонтали"),
        ("grid", "Карта пути клиента: look, Сергей"),
        ("button", "Добавить этап"),
        ("gridcell", "Эмоции"),
        ("toolbar", "Инструменты карты"),
        ("button", "Данные"),
    ):
        expect(page.get_by_role(role, name=name, exact=True).first).to_be_visible()  # type: ignore[arg-type]
    for lane in ("Действия клиента", "Точки контакта", "Мысли", "Эмоции", "Барьеры", "Возможности", "Закулисье", "Системы"):
        expect(page.get_by_role("rowheader", name=lane)).to_be_visible()
    expect(page.get_by_role("slider")).to_have_count(4)


def test_the_curve_can_be_read_as_a_table(site: Site, browser: Browser) -> None:
    page = site.open(browser, "charlie", "look")
    page.get_by_role("button", name="Таблицей").click()
    expect(page.get_by_role("table", name="Эмоции по этапам")).to_be_visible()
    expect(page.get_by_role("table").get_by_role("row", name="Осознание")).to_contain_text("−1,5")


def test_a_phone_shows_one_stage_and_the_curve_leads_to_another(site: Site, browser: Browser) -> None:
    page = site.open(browser, "alice", "look", viewport=PHONE, has_touch=True)
    expect(page.get_by_role("button", name="Действие 1")).to_be_visible()
    expect(page.get_by_role("button", name="Действие 3")).not_to_be_visible()
    page.get_by_role("columnheader").get_by_role("button", name="Исследование").tap()
    expect(page.get_by_role("button", name="Действие 2")).to_be_visible()
    box = page.locator("#curve").bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + box["width"] * 0.9, box["y"] + 40)
    expect(page.get_by_role("button", name="Действие 4")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_inspector_opens_and_gives_the_focus_back(site: Site, browser: Browser) -> None:
    page = site.open(browser, "alice", "look")
    card = page.get_by_role("button", name="Точка 2")
    card.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="О выбранном")
    expect(panel.get_by_role("heading", name="Точка 2")).to_be_focused()
    expect(panel).to_contain_text("«Слишком долго»")
    page.keyboard.press("Escape")
    expect(panel).not_to_be_visible()
    expect(card).to_be_focused()


def test_the_show_walks_the_stages(site: Site, browser: Browser) -> None:
    page = site.open(browser, "alice", "look", "?view=show")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#live")).to_have_text("Исследование")
    expect(page.locator(".map__stage.is-aside")).to_have_count(3)
    page.keyboard.press("Escape")
    expect(page.get_by_role("toolbar")).to_be_visible()


def test_the_page_has_no_errors_of_its_scripts(site: Site, browser: Browser) -> None:
    room = site.enter(browser, "alice")
    page = room.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(site.url("look"))
    page.locator("#mapview[data-ready]").wait_for(state="attached")
    page.wait_for_timeout(500)
    assert errors == []


def _check(page: Page) -> None:
    page.wait_for_timeout(300)
    found = Axe().run(page, options=TAGS).response["violations"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found] == []
