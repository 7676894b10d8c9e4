"""The chat window while a person answers."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bot.messages import Choice, Notice, Option, Text
from tests.support.accessibility import accessible
from tests.support.chat_page import sees, write
from tests.support.webchat import Backstage

pytestmark = pytest.mark.browser

CHOICE = Choice("Wat wilt u doen?", (Option("Bezorging verzetten", "/change"),))


@pytest.fixture
def with_samira(page: Page, backstage: Backstage) -> Page:
    """The chat of a customer whom Samira took over; the assistant's options were on the table."""
    write(page, "medewerker")
    backstage.answer("medewerker", CHOICE)
    expect(page.get_by_role("button", name="Bezorging verzetten")).to_be_enabled()
    backstage.take("Samira")
    sees(page, "medewerker", CHOICE.text, "U chat nu met Samira van Winkel.")
    return page


def test_the_window_is_that_persons(with_samira: Page, complaints: list[str]) -> None:
    """From the moment of taking over, before a word was said: title, line, icon and launcher."""
    page = with_samira
    expect(page.get_by_role("heading", name="Pakket & Plug – Samira")).to_be_visible()
    expect(page.locator(".identity")).to_have_text("U chat nu met Samira, medewerker")
    drawn = page.locator(".mark path").get_attribute("d")
    assert drawn == page.locator(".tool.person path").get_attribute("d")
    page.emulate_media(reduced_motion="reduce")
    accessible(page, "person")
    # axe tries an inline style of its own on the page, which the policy refuses.
    assert all("inline style" in complaint for complaint in complaints)
    complaints.clear()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Chat met Samira")).to_be_visible()
    assert page.locator(".opener path").get_attribute("d") == drawn
    page.reload()
    expect(page.get_by_role("button", name="Chat met Samira")).to_be_visible()


def test_what_the_assistant_offered_is_gone(with_samira: Page) -> None:
    """Also after a reload, and the button that asks for a person; both come back with the bot."""
    page = with_samira
    for _ in range(2):
        expect(page.locator(".identity")).to_contain_text("Samira")
        expect(page.get_by_role("button", name="Bezorging verzetten")).to_be_hidden()
        expect(page.get_by_role("button", name="Spreek met een medewerker")).to_be_hidden()
        page.reload()


def test_the_way_back_and_the_copy_work(with_samira: Page, backstage: Backstage) -> None:
    """The copy is the whole conversation; the way back is one tap, and the window follows."""
    page = with_samira
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Gesprek opslaan").click()
    assert "U chat nu met Samira" in waiting.value.path().read_text()
    page.get_by_role("button", name="Terug naar de assistent").click()
    backstage.wait_for("Terug naar de assistent")
    assert backstage.payloads()[-1] == "/resume_bot"
    back = Notice("U praat weer met de AI-assistent.", "to_bot")
    backstage.say(back, Text("Ja?"), owner="bot")
    expect(page.get_by_role("heading", name="Pakket & Plug – AI-assistent")).to_be_visible()
    expect(page.get_by_role("button", name="Spreek met een medewerker")).to_be_visible()
    expect(page.get_by_role("button", name="Terug naar de assistent")).to_be_hidden()
