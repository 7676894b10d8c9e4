"""On a phone the open chat is the screen: for the keyboard, for readers, and for Back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.accessibility import accessible
from tests.support.chat_page import write
from tests.support.webchat import Backstage, Server

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 664}


@pytest.fixture
def phone(tab: Callable[[], Page], server: Server) -> Page:
    """The demo page on a phone, one page on in the browser's history; the chat is open."""
    page = tab()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{server.url}/kennis")
    page.goto(server.url)
    page.locator(".opener").click()
    return page


def shut(page: Page) -> int:
    """How many parts of the page itself are shut off."""
    count: int = page.evaluate("document.querySelectorAll('body > [inert]').length")
    return count


def test_nothing_behind_it_can_be_reached(phone: Page, complaints: list[str]) -> None:
    """By Tab in either direction or by a screen reader; closed or larger, everything can again."""
    page = phone
    page.emulate_media(reduced_motion="reduce")
    expect(page.get_by_role("dialog")).to_have_attribute("aria-modal", "true")
    assert shut(page) > 0
    assert page.locator("h1").evaluate("node => node.closest('[inert]') !== null")
    for key in ["Tab"] * 12 + ["Shift+Tab"] * 12:
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.localName") == "loket-chat"
    accessible(page, "full screen")
    assert all("inline style" in complaint for complaint in complaints)
    complaints.clear()
    page.set_viewport_size({"width": 1280, "height": 860})
    expect(page.get_by_role("dialog")).not_to_have_attribute("aria-modal", "true")
    assert shut(page) == 0
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    expect(page.get_by_role("dialog")).to_have_attribute("aria-modal", "true")
    assert shut(page) > 0
    page.keyboard.press("Escape")
    assert shut(page) == 0


def test_back_closes_it(phone: Page, server: Server) -> None:
    """Back once leads out of the chat, twice out of the page; a page's router hears nothing."""
    page = phone
    page.evaluate(
        "() => { window.heard = 0; addEventListener('popstate', () => { window.heard += 1; }); }"
    )
    page.evaluate("history.back()")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator(".opener")).to_be_focused()
    assert shut(page) == 0
    assert page.url == f"{server.url}/"
    assert page.evaluate("window.heard") == 0
    page.go_back()
    assert page.url == f"{server.url}/kennis"


def test_closing_it_leaves_no_trace_in_the_history(phone: Page, server: Server) -> None:
    """However often it was opened; Back is then the page before."""
    page = phone
    for _ in range(2):
        page.locator(".close").click()
        expect(page.get_by_role("dialog")).to_be_hidden()
        page.wait_for_function("!history.state?.loketChat")
        page.locator(".opener").click()
    page.locator(".close").click()
    page.wait_for_function("!history.state?.loketChat")
    page.go_back()
    assert page.url == f"{server.url}/kennis"


def test_back_closes_it_after_a_reload(phone: Page, server: Server) -> None:
    """The entry of the open chat is still there."""
    page = phone
    page.reload()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.evaluate("history.back()")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.url == f"{server.url}/"


def test_beside_a_page_back_is_the_pages(tab: Callable[[], Page], server: Server) -> None:
    """Where the chat is not the screen, it has no entry."""
    page = tab()
    page.goto(f"{server.url}/kennis")
    page.goto(server.url)
    page.locator(".opener").click()
    page.go_back()
    assert page.url == f"{server.url}/kennis"


def test_a_keyboard_on_the_screen_covers_nothing(phone: Page, backstage: Backstage) -> None:
    """The panel fits what is left; whoever zooms in by hand keeps its size."""
    page = phone
    write(page, "hoi")
    backstage.wait_for("hoi")
    resize = """([height, offsetTop, scale]) => {
        for (const [name, value] of Object.entries({height, offsetTop, scale})) {
            Object.defineProperty(visualViewport, name, {value, configurable: true});
        }
        visualViewport.dispatchEvent(new Event("resize"));
    }"""
    page.evaluate(resize, [360, 40, 1])
    box = page.locator(".panel").bounding_box()
    assert box is not None
    assert (box["y"], box["height"]) == (40, 360)
    form = page.locator("form").bounding_box()
    assert form is not None
    assert form["y"] + form["height"] <= 400
    page.evaluate(resize, [332, 10, 2])
    box = page.locator(".panel").bounding_box()
    assert box is not None
    assert (box["y"], box["height"]) == (0, PHONE["height"])


def test_notch_and_bar_cover_nothing(phone: Page) -> None:
    """What stands at the edges keeps clear of them."""
    page = phone
    insets = {"top": 47, "bottom": 34, "left": 20, "right": 20}
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setSafeAreaInsetsOverride", {"insets": insets})
    # While the panel is still sliding in it stands lower.
    still = "() => document.querySelector('loket-chat').shadowRoot.getAnimations().length === 0"
    page.wait_for_function(still)
    title, form = page.locator(".close").bounding_box(), page.locator("form").bounding_box()
    assert title is not None
    assert form is not None
    assert title["y"] >= 47
    assert title["x"] + title["width"] <= 370
    assert form["y"] + form["height"] <= 664 - 34
    assert form["x"] >= 20
    page.keyboard.press("Escape")
    opener = page.locator(".opener").bounding_box()
    assert opener is not None
    assert opener["y"] + opener["height"] <= 664 - 34
    assert opener["x"] + opener["width"] <= 370
