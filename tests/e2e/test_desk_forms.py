"""The forms at the desk, in a real browser: they cover no message, and lose no word."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from bot.store.sql import tables
from tests.support.accessibility import accessible, fits
from tests.support.desk_office import Office
from tests.support.desk_page import open_menu, ready

pytestmark = pytest.mark.browser


def overlap(page: Page, one: str, other: str) -> bool:
    """Whether two things lie over each other in the window."""
    return bool(
        page.evaluate(
            """names => {
                const [one, other] = names.map(name =>
                    document.querySelector(name).getBoundingClientRect());
                return one.bottom > other.top && other.bottom > one.top;
            }""",
            [one, other],
        )
    )


def test_the_newest_message_stays_in_sight(office: Office) -> None:
    """Whatever form is open, on a low window and on phones, and after one took another's place."""
    talk = office.customer("mijn pakket is er niet")
    for number in range(12):
        office.writes(talk, f"bericht {number}: het pakket is er nog steeds niet, hoe kan dat?")
    samira = office.page(office.browser("samira"), f"/c/{talk}")
    samira.set_viewport_size({"width": 1280, "height": 720})
    samira.locator("#log").evaluate("log => log.scrollTo(0, 0)")
    samira.locator("#take").click()
    newest = samira.locator("#lines > .line-customer").last
    expect(samira.get_by_label("Uw antwoord")).to_be_focused()
    expect(newest).to_be_in_viewport(ratio=1)
    for width, height in ((1280, 720), (390, 844), (320, 640)):
        samira.set_viewport_size({"width": width, "height": height})
        for menu in ("transfer", "close", "later", "answers"):
            open_menu(samira, menu)
            form = samira.locator(f"#menu-{menu} .drop-form")
            expect(form).to_be_in_viewport()
            expect(samira.locator("#lines > :last-child")).to_be_in_viewport(ratio=0.95)
            # A form that is longer than its place scrolls there, and lies over no message.
            place = ".talk-head" if menu in ("transfer", "close") else "#composer"
            assert not overlap(samira, place, "#lines > :last-child"), (menu, width)
            samira.keyboard.press("Escape")
        accessible(samira, width)
        fits(samira, width)


def test_what_was_agreed_is_kept_until_all_is_closed(office: Office) -> None:
    """By a reload and to another device; the search of standard answers begins anew each time."""
    talk = office.customer("mijn bon is kwijt")
    samira = office.taken("samira", talk)
    samira.keyboard.press("Alt+s")
    samira.keyboard.type("geduld")
    samira.keyboard.press("Escape")
    samira.keyboard.press("Alt+s")
    expect(samira.locator("#answer-search")).to_have_value("")
    assert samira.locator("#menu-answers li[hidden]").count() == 0
    samira.keyboard.press("Alt+k")
    with samira.expect_response("**/draft"):
        samira.keyboard.type("De bon is per mail verstuurd")
    samira.keyboard.type(".")
    samira.reload()
    agreed = samira.get_by_label("Wat is er afgesproken?")
    expect(agreed).to_have_value("De bon is per mail verstuurd.")
    phone = office.page(office.another("samira"), f"/c/{talk}")
    expect(phone.get_by_label("Wat is er afgesproken?")).to_have_value(
        re.compile("De bon is per mail verstuurd")
    )
    els = office.page(office.browser("els"), f"/c/{talk}")
    expect(els.get_by_label("Wat is er afgesproken?")).to_have_count(0)
    ready(samira)
    samira.keyboard.press("Alt+k")
    samira.keyboard.press("Control+Enter")
    expect(samira.locator(".state-closed")).to_contain_text("De bon is per mail verstuurd.")
    with office.database.read() as conn:
        left = select(tables.drafts).where(tables.drafts.c.conversation_id == talk)
        assert conn.execute(left).all() == []
