"""Hypotheses and library looked at: nothing for axe to find, nothing wider than the screen, the result arrives as a fragment."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect

from analytics.calculators import Arm
from experiments.results import record_result
from experiments.verdict import Guardrail
from tests import make
from tests.browser.map_site import chromium
from touchpoints import editing, hypotheses, library
from workspaces.models import Membership

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=15_000)
TAGS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
WIDE, PHONE = {"width": 1440, "height": 960}, {"width": 390, "height": 844}


@pytest.fixture
def opened(live_server: Any, workspace: Any, editor: Membership) -> str:
    """The address of a verified hypothesis with a guardrail that is not ruled out."""
    library.preload_channels(by=editor, language="ru")
    map = make.journey_map("B2B SaaS CRM")
    stage = map.stages.order_by("rank").first()
    editing.add_placement(stage, "Обучение команды", by=editor)
    pain = editing.add_pain(stage, "Много настроек", by=editor, monthly_loss=1_760_000)
    needs: dict[str, Any] = {"metric": "Активация", "verification_method": "ab_test", "pain": pain, "baseline": 0.6}
    row = hypotheses.add_hypothesis(map, "Личная настройка", by=editor, owner=editor, expected_lift=0.15, **needs)
    record_result(
        row,
        by=editor,
        control=Arm(89, 149),
        treatment=Arm(110, 149),
        guardrails=[Guardrail("Обращения", 0.1, Arm(70, 149), Arm(74, 149))],
        people_a_month=250,
        value_of_one=Decimal(50_000),
        note="Внедрить",
    )
    early = hypotheses.add_hypothesis(map, "Урок на своих сделках", by=editor, owner=editor, expected_lift=0.08, **needs)
    record_result(early, by=editor, control=Arm(30, 90), treatment=Arm(36, 90), is_interim=True)
    hypotheses.move_hypothesis(early, "rejected", by=editor, reason="Не ко времени")
    return f"{live_server.url}/w/acme/hypotheses/{row.pk}/"


@pytest.fixture
def session(as_bob: Client) -> str:
    return as_bob.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def browser(opened: str, session: str) -> Iterator[Browser]:
    """Started after the rows are made: the driver's loop keeps the database shut."""
    with chromium() as made:
        yield made


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("locale", ["ru-RU", "en-US"])
def test_axe_finds_nothing(
    live_server: Any, browser: Browser, opened: str, session: str, scheme: Any, viewport: Any, locale: str
) -> None:
    room = browser.new_context(viewport=viewport, color_scheme=scheme, locale=locale)
    room.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = room.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    home = f"{live_server.url}/w/acme"
    for url in (
        f"{home}/hypotheses/",
        opened,
        f"{opened}edit/",
        f"{opened}results/new/",
        f"{home}/library/",
        f"{home}/library/new/",
    ):
        page.goto(url)
        if url == opened:
            expect(page.locator(".forest__row")).to_have_count(2)
        found = Axe().run(page, options=TAGS)
        assert found.violations_count == 0, f"{url}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
    assert problems == []


def test_a_hypothesis_is_written_verified_and_implemented_by_keyboard(
    live_server: Any, browser: Browser, opened: str, session: str
) -> None:
    room = browser.new_context(viewport=WIDE, locale="ru-RU")
    room.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = room.new_page()
    page.goto(f"{live_server.url}/w/acme/hypotheses/new/")
    page.get_by_label("Если мы").fill("Показать цену сразу")
    page.get_by_label("Новая метрика").fill("Заявки")
    page.get_by_label("Ожидаемый прирост").fill("2")
    page.get_by_role("button", name="Поставить на карту").press("Enter")
    expect(page.get_by_role("heading", level=2, name="Показать цену сразу")).to_be_visible()
    page.get_by_role("link", name="Ввести результат").press("Enter")
    for label, value in (
        ("Контроль: дошли до цели", "200"), ("Контроль: всего людей", "1000"),
        ("Вариант: дошли до цели", "250"), ("Вариант: всего людей", "1000"),
    ):  # fmt: skip
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Посчитать и записать на карту").press("Enter")
    expect(page.get_by_role("img", name="Заявки: +5,0")).to_be_visible()
    page.get_by_label("Причина решения").fill("Показываем всем")
    page.get_by_role("button", name="Отметить внедрённой").press("Enter")
    expect(page.locator(".exp .badge").first).to_have_text("Внедрено")
