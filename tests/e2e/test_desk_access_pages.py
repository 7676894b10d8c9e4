"""The desk's log-in, account and user pages in a real browser: by keyboard, narrow, accessible."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.desk.login import one_time_links
from tests.support import desk_people
from tests.support.accessibility import accessible, fits
from tests.support.desk_people import PASSWORD
from tests.support.webchat import Server

pytestmark = pytest.mark.browser
SECRET = "a secret for tests that is long enough"


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    yield page
    # axe tries an inline style of its own, which the policy refuses; a refused page is logged.
    known = ("inline style", "Failed to load resource")
    assert [each for each in complaints if not any(words in each for words in known)] == []


def at_both_widths(page: Page, state: str) -> None:
    """Accessible, and nothing sticks out, on a desk's screen and at 320 pixels."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        accessible(page, f"{state} at {width}")
        fits(page, f"{state} at {width}")


def test_from_the_first_link_to_a_second_user(page: Page, server: Server) -> None:
    """By keyboard: the first supervisor, an invitation, logging out and in; all accessible."""
    page.goto(f"{server.url}/desk/setup/{one_time_links.setup_token(SECRET, datetime.now(UTC))}")
    at_both_widths(page, "set-up")
    page.get_by_label("Uw naam").focus()
    page.keyboard.type("Sanne")
    page.keyboard.press("Tab")
    page.keyboard.type("sanne")
    page.keyboard.press("Tab")
    page.keyboard.type("sanne1234567")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("te veel op uw naam")
    expect(page.get_by_label("Wachtwoord", exact=True)).to_be_focused()
    at_both_widths(page, "set-up refused")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Toon wachtwoord")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Wachtwoord", exact=True)).to_have_attribute("type", "text")
    page.get_by_label("Wachtwoord", exact=True).press("Enter")
    expect(page).to_have_url(f"{server.url}/desk")

    page.goto(f"{server.url}/desk/users")
    at_both_widths(page, "users")
    page.get_by_label("Naam", exact=True).fill("Samira")
    page.get_by_label("Inlognaam").fill("samira@voorbeeld.example")
    page.get_by_label("Alleen deze teams").check()
    page.get_by_label("Bezorging").check()
    page.get_by_role("button", name="Toevoegen").click()
    expect(page.get_by_role("status")).to_contain_text("Toegevoegd")
    at_both_widths(page, "added")
    link = page.locator("#link").inner_text()
    expect(page.locator("#link")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Kopieer de link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Gekopieerd")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Stuur hem aan Samira")

    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_role("status")).to_contain_text("U bent uitgelogd")
    page.goto(link)
    at_both_widths(page, "invitation")
    page.get_by_label("Wachtwoord", exact=True).fill("drie koeien in de wei")
    page.get_by_role("button", name="Naar de desk").click()
    page.goto(f"{server.url}/desk/account")
    expect(page.get_by_role("main")).to_contain_text("Bezorging")
    at_both_widths(page, "account")
    page.goto(f"{server.url}/desk/users")
    expect(page.get_by_role("heading")).to_have_text("Dit lukt niet")
    at_both_widths(page, "refused")


def test_a_wrong_password_is_said_and_mended_by_keyboard(page: Page, server: Server) -> None:
    """The error is announced, the name stays, the focus is where one types again."""
    desk_people.add(server.folder, "joost")
    page.goto(f"{server.url}/desk/account")
    expect(page.get_by_label("Inlognaam")).to_be_focused()
    at_both_widths(page, "log-in")
    page.keyboard.type("joost")
    page.keyboard.press("Tab")
    page.keyboard.type("een verkeerd wachtwoord")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("horen niet bij elkaar")
    expect(page.get_by_label("Inlognaam")).to_have_value("joost")
    expect(page.get_by_label("Wachtwoord", exact=True)).to_be_focused()
    at_both_widths(page, "wrong")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{server.url}/desk/account")
