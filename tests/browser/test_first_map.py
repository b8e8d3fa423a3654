"""From the page before the first map to an own map with a figure on it, as a newcomer does it; the clicks are counted."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.map_site import Site, chromium, serve

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)
MAIL = "new@example.test"
CLICKS = 15
MINUTES = 5
CARDS = {
    "Гуглит «как увеличить продажи»": "Спрашивает в отраслевом чате",
    "Сравнивает CRM-системы": "Сравнивает три системы в таблице",
    "Согласует бюджет, подписывает": "Согласует бюджет с финансистом",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve(Path(tmp_path_factory.mktemp("first"))) as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


class Hand:
    """Clicks, and counts them; keys are free."""

    def __init__(self) -> None:
        self.clicks = 0

    def click(self, target: Locator) -> None:
        self.clicks += 1
        target.click()


def sign_up(page: Page, site: Site) -> None:
    """A newcomer with a workspace of her own, at the page before the first map."""
    page.goto(f"{site.address}/accounts/signup/")
    page.get_by_label("Адрес электронной почты").fill(MAIL)
    page.get_by_label("Пароль").first.fill("correct horse battery staple")
    page.get_by_label("Ваше имя").fill("Новичок")
    page.get_by_role("button", name="Зарегистрироваться").click()
    page.get_by_label("Название").fill("Моя компания")
    page.get_by_role("button", name="Создать пространство").click()
    expect(page.get_by_role("heading", name="Начните с одной персоны и одного сценария")).to_be_visible()


def test_it_takes_five_minutes_and_fifteen_clicks(site: Site, browser: Browser) -> None:
    room = browser.new_context(viewport={"width": 1440, "height": 1000}, locale="ru-RU")
    page = room.new_page()
    sign_up(page, site)
    began, hand = time.monotonic(), Hand()

    hand.click(page.get_by_role("link", name="B2B SaaS CRM"))
    page.get_by_label("Название").fill("Наш путь клиента")
    page.get_by_label("Новая персона").fill("Ирина, коммерческий директор")
    hand.click(page.get_by_role("button", name="Создать карту"))
    page.locator("#mapview[data-ready]").wait_for(state="attached")

    for old, new in CARDS.items():
        hand.click(page.get_by_role("button", name=old))
        page.locator("form.editor textarea").fill(new)
        page.keyboard.press("Enter")
        expect(page.locator("form.editor")).to_have_count(0)
        expect(page.get_by_role("button", name=new)).to_be_visible()

    hand.click(page.get_by_role("columnheader").get_by_role("button", name="Решение"))
    hand.click(page.get_by_text("Добавить метрику"))
    page.locator(".metricadd").get_by_label("Название").fill("Конверсия в демо")
    page.locator(".metricadd").get_by_label("Значение").fill("31,6")
    hand.click(page.locator(".metricadd").get_by_label("переход с предыдущего этапа"))
    hand.click(page.locator(".metricadd").get_by_role("button", name="Добавить"))
    expect(page.locator(".map__figures .conv", has_text="31,6")).to_be_visible()
    expect(page.locator(".metricline", has_text="Конверсия в демо")).to_be_visible()

    assert hand.clicks <= CLICKS
    assert time.monotonic() - began < MINUTES * 60
    page.reload()
    for text in (*CARDS.values(), "Ирина, коммерческий директор"):
        expect(page.get_by_text(text).first).to_be_attached()
    expect(page.locator(".map__figures .conv", has_text="31,6")).to_be_visible()
    room.close()
