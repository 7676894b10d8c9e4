"""What was not seen yet: counted, named, and told to whoever wrote it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bot.messages import Text
from tests.support.chat_page import sees, write
from tests.support.webchat import Backstage, Server

pytestmark = pytest.mark.browser


def told(backstage: Backstage, *statuses: str) -> None:
    """Waits until the newest messages have come this far."""
    deadline = time.monotonic() + 30
    while (found := backstage.statuses()[-len(statuses) :]) != list(statuses):
        assert time.monotonic() < deadline, found
        time.sleep(0.02)


def started(page: Page, backstage: Backstage) -> None:
    """A conversation in which everything was seen; the chat is closed."""
    write(page, "hoi")
    backstage.answer("hoi", Text("dag"))
    sees(page, "hoi", "dag")
    told(backstage, "delivered", "delivered")
    page.keyboard.press("Escape")


def test_what_is_new_is_counted_across_pages(
    page: Page, server: Server, backstage: Backstage
) -> None:
    """On the next page, on the way back and after a reload, until the chat is opened; then not."""
    started(page, backstage)
    expect(page.get_by_role("button", name="Chat met de AI-assistent")).to_be_visible()
    backstage.say(Text("een"), Text("twee"))
    news = page.get_by_role("button", name="2 nieuwe berichten")
    expect(news).to_be_visible()
    page.goto(f"{server.url}/kennis")
    page.goto(server.url)
    expect(news).to_be_visible()
    page.go_back()
    page.go_forward()
    expect(news).to_be_visible()
    page.reload()
    expect(news).to_be_visible()
    news.click()
    told(backstage, "delivered", "delivered")
    page.keyboard.press("Escape")
    page.reload()
    expect(page.get_by_role("button", name="Chat met de AI-assistent")).to_be_visible()
    expect(page.locator(".badge")).to_be_hidden()


def test_what_came_while_no_page_was_open_is_new(
    page: Page, tab: Callable[[], Page], backstage: Backstage
) -> None:
    """Also the very first answer."""
    write(page, "hoi")
    backstage.wait_for("hoi")
    page.evaluate("sessionStorage.clear()")
    page.close()
    backstage.answer("hoi", Text("dag"))
    page = tab()
    expect(page.get_by_role("button", name="2 nieuwe berichten")).to_be_visible()


def test_the_launcher_names_who_wrote(page: Page, backstage: Backstage) -> None:
    """The assistant, a person, or a person by name; of several the last."""
    started(page, backstage)
    opener = page.locator(".opener")
    backstage.say(Text("nog iets"))
    expect(opener).to_contain_text("Bericht van de AI-assistent")
    backstage.take("Samira", Text("Met Samira."))
    expect(opener).to_contain_text("Bericht van Samira")
    expect(page.get_by_role("button", name="Bericht van Samira 3 nieuwe berichten")).to_be_visible()
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 640})
        expect(opener).to_be_in_viewport(ratio=1)
        expect(opener.get_by_text("Bericht van Samira")).to_be_visible()


def test_delivered_means_seen_in_an_open_chat(page: Page, backstage: Backstage) -> None:
    """A page that has it with the chat closed does not count, nor one that nobody looks at."""
    started(page, backstage)
    backstage.say(Text("gezien?"), author="human", owner="human")
    expect(page.get_by_role("button", name="1 nieuw bericht")).to_be_visible()
    told(backstage, "sent")
    page.evaluate(
        """() => {
            Object.defineProperty(document, "hidden", {value: true, configurable: true});
            document.querySelector("loket-chat").open();
        }"""
    )
    sees(page, "gezien?")
    backstage.say(Text("en dit?"), author="human")
    sees(page, "gezien?", "en dit?")
    told(backstage, "sent", "sent")
    page.evaluate(
        """() => {
            Object.defineProperty(document, "hidden", {value: false});
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    told(backstage, "delivered", "delivered")


def test_what_one_tab_shows_is_not_new_in_another(
    page: Page, tab: Callable[[], Page], backstage: Backstage
) -> None:
    """The count goes when the message was seen anywhere in this browser."""
    started(page, backstage)
    other = tab()
    backstage.say(Text("nieuws"))
    for each in (page, other):
        expect(each.get_by_role("button", name="1 nieuw bericht")).to_be_visible()
    other.get_by_role("button", name="1 nieuw bericht").click()
    expect(page.locator(".badge")).to_be_hidden()
