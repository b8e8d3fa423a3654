"""The map edited in a browser: in place, by keyboard, by dragging, by two people at once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.map_site import Site, chromium, serve

pytestmark = pytest.mark.browser
expect.set_options(timeout=15_000)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve(Path(tmp_path_factory.mktemp("map"))) as made:
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


def test_a_card_is_edited_in_its_place(site: Site, browser: Browser) -> None:
    page = site.open(browser, "alice", "edit")
    page.get_by_role("button", name="Действие 2").click()
    page.locator("form.editor textarea").fill("Читает отзывы\nна двух сайтах")
    page.keyboard.press("Enter")
    expect(page.locator("form.editor")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name=re.compile("Читает отзывы"))).to_be_visible()


def test_escape_drops_the_text(site: Site, browser: Browser) -> None:
    page = site.open(browser, "alice", "edit")
    page.get_by_role("button", name="Действие 3").click()
    page.locator("form.editor textarea").fill("Не то")
    page.keyboard.press("Escape")
    expect(page.locator("form.editor")).to_have_count(0)
    expect(page.get_by_role("button", name="Действие 3")).to_be_visible()


def test_a_double_click_adds_a_card_once(site: Site, browser: Browser) -> None:
    page = site.open(browser, "alice", "edit")
    cell = page.get_by_role("gridcell", name="Мысли, Осознание")
    cell.hover()
    cell.get_by_role("button", name="Карточка").click()
    page.locator("form.editor textarea").fill("Одна мысль")
    page.locator("form.editor").get_by_role("button", name="Сохранить").dblclick()
    expect(cell.get_by_role("button", name="Одна мысль")).to_have_count(1)
    page.reload()
    expect(page.get_by_role("button", name="Одна мысль")).to_have_count(1)


def test_what_was_deleted_comes_back_from_the_toast(site: Site, browser: Browser) -> None:
    page = site.open(browser, "alice", "edit")
    page.get_by_role("button", name="Мысль 4").focus()
    page.keyboard.press("Delete")
    expect(page.get_by_role("button", name="Мысль 4")).to_have_count(0)
    page.locator("#toasts").get_by_role("button", name="Отменить").click()
    expect(page.get_by_role("button", name="Мысль 4")).to_be_visible()


def test_text_stays_while_the_server_is_away(site: Site, browser: Browser) -> None:
    page = site.open(browser, "alice", "edit")
    page.get_by_role("button", name="Мысль 3").click()
    page.context.set_offline(True)
    page.locator("form.editor textarea").fill("Без связи")
    page.keyboard.press("Enter")
    expect(page.locator("form.editor [role=alert]")).to_contain_text("Нет связи")
    expect(page.locator("form.editor textarea")).to_have_value("Без связи")
    page.context.set_offline(False)
    expect(page.get_by_role("button", name="Без связи")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Без связи")).to_be_visible()


def test_the_keyboard_alone_builds_a_map(site: Site, browser: Browser) -> None:
    page = site.open(browser, "alice", "keys")
    keys = page.keyboard
    page.get_by_role("gridcell", name="Действия клиента, Осознание").focus()
    keys.press("ArrowRight")
    expect(page.get_by_role("gridcell", name="Действия клиента, Исследование")).to_be_focused()
    keys.press("n")
    keys.type("Спрашивает коллег")
    keys.press("Enter")
    expect(page.get_by_role("button", name="Спрашивает коллег")).to_be_focused()
    keys.press("Alt+ArrowRight")
    third = page.get_by_role("gridcell", name="Действия клиента, Решение")
    expect(third.get_by_role("button", name="Спрашивает коллег")).to_be_focused()
    keys.press("Alt+ArrowUp")
    expect(third.locator(".item").first).to_have_text("Спрашивает коллег")
    keys.press("F2")
    keys.press("Control+a")
    keys.type("Спрашивает друзей")
    keys.press("Enter")
    expect(third.get_by_role("button", name="Спрашивает друзей")).to_be_focused()
    keys.press("Control+z")
    expect(third.get_by_role("button", name="Спрашивает коллег")).to_be_visible()
    keys.press("Control+Shift+z")
    expect(third.get_by_role("button", name="Спрашивает друзей")).to_be_visible()
    keys.press("Escape")
    expect(third).to_be_focused()
    keys.press("?")
    expect(page.locator("#keys")).to_be_visible()
    keys.press("Escape")
    expect(page.locator("#keys")).not_to_be_visible()


def test_stages_and_lanes_move_by_keyboard(site: Site, browser: Browser) -> None:
    page = site.open(browser, "alice", "keys")
    page.get_by_role("columnheader").get_by_role("button", name="Осознание").focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator(".map__stage h2").nth(1)).to_have_text("Осознание")
    page.get_by_role("rowheader").get_by_role("button", name="Мысли").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".map__lane .map__lane-btn").nth(1)).to_have_text("Мысли")


def test_a_point_of_the_curve_moves_by_keys(site: Site, browser: Browser) -> None:
    page = site.open(browser, "alice", "keys")
    point = page.get_by_role("slider").first
    name, before = point.get_attribute("id"), float(point.get_attribute("aria-valuenow") or 0)
    point.focus()
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowUp")
    with page.expect_response(lambda response: "/emotions/" in response.url):
        pass
    page.reload()
    expect(page.locator(f"#{name}")).to_have_attribute("aria-valuenow", f"{before + 0.6:.1f}")


def test_a_touchpoint_is_dragged_to_another_stage(site: Site, browser: Browser) -> None:
    page = site.open(browser, "alice", "drag")
    card = page.get_by_role("button", name="Точка 1").locator("xpath=..")
    target = page.get_by_role("gridcell", name="Точки контакта, Решение")
    _drag(page, card.bounding_box(), target.locator(".items").bounding_box())
    expect(target.get_by_role("button", name="Точка 1")).to_be_visible()
    page.reload()
    expect(page.get_by_role("gridcell", name="Точки контакта, Решение").get_by_role("button", name="Точка 1")).to_be_visible()


def test_a_point_is_dragged_on_the_curve(site: Site, browser: Browser) -> None:
    page = site.open(browser, "alice", "drag")
    point = page.get_by_role("slider").last
    name = point.get_attribute("id")
    box = point.bounding_box()
    assert box
    page.mouse.move(box["x"] + 12, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 12, box["y"] + 12 - 38, steps=5)
    expect(page.locator("#curve .tip")).to_contain_text("1,0")
    with page.expect_response(lambda response: "/emotions/" in response.url):
        page.mouse.up()
    page.reload()
    expect(page.locator(f"#{name}")).to_have_attribute("aria-valuenow", "1.0")


def test_buttons_do_what_dragging_does(site: Site, browser: Browser) -> None:
    page = site.open(browser, "alice", "drag")
    page.get_by_role("button", name="Точка 4").click()
    panel = page.get_by_role("complementary", name="О выбранном")
    before = float(panel.get_by_label("Оценка точки").input_value())
    panel.get_by_role("button", name="Хуже на 0,1").click()
    expect(page.get_by_role("slider").last).to_have_attribute("aria-valuenow", f"{before - 0.1:.1f}")
    panel.get_by_label("Этап", exact=True).select_option(label="Исследование")
    expect(
        page.get_by_role("gridcell", name="Точки контакта, Исследование").get_by_role("button", name="Точка 4")
    ).to_be_visible()
    panel.get_by_role("button", name="Место: раньше").click()
    expect(page.get_by_role("gridcell", name="Точки контакта, Исследование").locator(".tp__name").first).to_have_text("Точка 4")


def test_a_double_click_on_the_curve_adds_a_point(site: Site, browser: Browser) -> None:
    page = site.open(browser, "alice", "drag")
    before = page.get_by_role("slider").count()
    box = page.locator("#curve").bounding_box()
    assert box
    page.mouse.dblclick(box["x"] + 40, box["y"] + 30)
    expect(page.get_by_role("slider")).to_have_count(before + 1)
    panel = page.get_by_role("complementary", name="О выбранном")
    panel.get_by_label("Эмоция", exact=True).fill("Радость")
    panel.get_by_label("Эмоция", exact=True).blur()
    expect(page.get_by_role("slider", name="Эмоция: Радость")).to_be_visible()


def test_a_second_browser_sees_each_change_without_a_reload(site: Site, browser: Browser) -> None:
    alice, bob = site.open(browser, "alice", "pair"), site.open(browser, "bob", "pair")
    alice.get_by_role("button", name="Действие 1").click()
    expect(bob.locator(".presence__tag")).to_have_text("Alice правит")
    alice.locator("form.editor textarea").fill("Видно обоим")
    alice.keyboard.press("Enter")
    expect(bob.get_by_role("button", name="Видно обоим")).to_be_visible()
    bob.get_by_role("button", name="Барьер 1").focus()
    bob.keyboard.press("Alt+ArrowRight")
    expect(alice.get_by_role("gridcell", name="Барьеры, Исследование").get_by_role("button", name="Барьер 1")).to_be_visible()
    expect(alice.locator("#faces .avatar")).to_have_count(2)
    assert alice.evaluate("performance.getEntriesByType('navigation').length") == 1


def test_two_people_on_one_cell_lose_nothing(site: Site, browser: Browser) -> None:
    alice, bob = site.open(browser, "alice", "pair"), site.open(browser, "bob", "pair")
    alice.get_by_role("button", name="Действие 2").click()
    bob.get_by_role("button", name="Действие 2").click()
    alice.locator("form.editor textarea").fill("Текст Алисы")
    bob.locator("form.editor textarea").fill("Текст Боба")
    alice.keyboard.press("Enter")
    expect(bob.get_by_role("button", name="Текст Алисы")).to_be_visible()
    expect(bob.locator("form.editor textarea")).to_have_value("Текст Боба")
    bob.locator("form.editor textarea").press("Enter")
    dialog = bob.get_by_role("dialog")
    expect(dialog).to_contain_text("Текст Алисы")
    expect(dialog).to_contain_text("Текст Боба")
    dialog.get_by_role("button", name="Оба вместе").click()
    dialog.get_by_role("button", name="Оставить этот текст").click()
    expect(dialog).to_have_count(0)
    expect(alice.get_by_role("button", name=re.compile("Текст Алисы\\s+Текст Боба"))).to_be_visible()


def test_the_title_is_edited_in_its_place(site: Site, browser: Browser) -> None:
    alice, bob = site.open(browser, "alice", "pair"), site.open(browser, "bob", "pair")
    alice.get_by_label("Название карты").fill("Путь покупателя")
    alice.keyboard.press("Enter")
    expect(bob.get_by_label("Название карты")).to_have_value("Путь покупателя")


def _drag(page: Page, start: dict[str, float] | None, end: dict[str, float] | None) -> None:
    assert start and end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(start["x"] + start["width"] / 2 + 12, start["y"] + start["height"] / 2 + 6, steps=4)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 12, steps=12)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 14, steps=2)
    page.mouse.up()
