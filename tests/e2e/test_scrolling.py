"""Where the chat stands while answers come in: at the beginning of what is new."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.messages import Choice, Option, RatingRequest, Text
from tests.support.chat_page import sees, write
from tests.support.webchat import DISCLOSURE, Backstage

pytestmark = pytest.mark.browser

#: An answer that fills any window.
LONG = tuple(
    Text(f"Alinea {number}. " + "Dit leest u in uw eigen tempo, van boven naar beneden. " * 4)
    for number in range(8)
)
OPTIONS = Choice("Wat wilt u doen?", tuple(Option(f"Keuze {n}", f"/c{n}") for n in range(6)))
#: CSS pixels; zoomed in to 200 %, a window of 1366 by 650 has half of both.
SIZES = pytest.mark.parametrize(
    ("width", "height"),
    [(1366, 650), (683, 325), (390, 664), (195, 332), (320, 640)],
    ids=["1366x650", "1366x650 at 200 %", "390x664", "390x664 at 200 %", "320"],
)


def at_top(page: Page, node: Locator) -> None:
    """The message stands at the top of the log, wholly in sight."""
    expect(node).to_be_in_viewport(ratio=1)
    assert offset(page, node) < 30


def offset(page: Page, node: Locator) -> float:
    """How far a message's top is below that of the log."""
    top, log = node.bounding_box(), page.get_by_role("log").bounding_box()
    assert top is not None
    assert log is not None
    return top["y"] - log["y"]


@SIZES
def test_the_disclosure_is_in_sight_after_the_first_turn(
    page: Page, backstage: Backstage, width: int, height: int
) -> None:
    """However long the answer is, and also after a reload."""
    page.set_viewport_size({"width": width, "height": height})
    write(page, "hoi")
    backstage.answer("hoi", *LONG, OPTIONS)
    notice = page.get_by_role("log").get_by_text(DISCLOSURE.text)
    for _ in range(2):
        expect(page.get_by_role("button", name="Keuze 5")).to_be_attached()
        at_top(page, notice)
        page.reload()


@SIZES
def test_a_short_first_turn_shows_all(
    page: Page, backstage: Backstage, width: int, height: int
) -> None:
    """Or, where it does not fit, its beginning."""
    page.set_viewport_size({"width": width, "height": height})
    write(page, "hoi")
    backstage.answer("hoi", Text("Wat is uw bestelnummer?"))
    sees(page, "Wat is uw bestelnummer?")
    expect(page.get_by_role("log").get_by_text(DISCLOSURE.text)).to_be_in_viewport(ratio=1)
    if height > 600:
        expect(page.get_by_text("Wat is uw bestelnummer?")).to_be_in_viewport(ratio=1)


def test_a_long_answer_is_read_on_with_one_button(page: Page, backstage: Backstage) -> None:
    """Nothing is passed over on the way to the end; there the button is gone."""
    write(page, "hoi")
    backstage.answer("hoi", *LONG, OPTIONS)
    onward = page.locator(".newer")
    last = page.get_by_role("button", name="Keuze 5")
    expect(onward).to_have_text("Lees verder")
    log = page.get_by_role("log")
    for _ in range(20):
        if not onward.is_visible():
            break
        seen = log.evaluate("log => log.scrollTop + log.clientHeight")
        onward.click()
        assert log.evaluate("log => log.scrollTop") <= seen
    expect(onward).to_be_hidden()
    expect(last).to_be_in_viewport(ratio=1)


def test_each_turn_is_shown_from_its_beginning(page: Page, backstage: Backstage) -> None:
    """Not only the first; and the customer's own message is always in sight."""
    for question in ("een", "twee"):
        write(page, question)
        expect(page.get_by_role("log").get_by_text(question, exact=True)).to_be_in_viewport()
        backstage.answer(question, Text(f"Antwoord {question}."), *LONG)
        sees(page, f"Antwoord {question}.")
        if question == "twee":
            at_top(page, page.locator(".message", has_text=f"Antwoord {question}."))


def test_what_a_person_says_later_does_not_take_the_page_away(
    page: Page, backstage: Backstage
) -> None:
    """While the beginning of an answer is being read, more of it only offers the button."""
    write(page, "hoi")
    backstage.answer("hoi", *LONG)
    notice = page.get_by_role("log").get_by_text(DISCLOSURE.text)
    at_top(page, notice)
    backstage.say(Text("Met Samira."), author="human", owner="human")
    expect(page.locator(".identity")).to_have_text("U chat nu met een medewerker")
    at_top(page, notice)


def test_what_came_while_closed_is_shown_from_its_beginning(
    page: Page, backstage: Backstage
) -> None:
    """Opening the chat leads to the first of it."""
    write(page, "hoi")
    backstage.answer("hoi", *LONG)
    sees(page, LONG[-1].text.strip())
    page.get_by_role("log").evaluate("log => { log.scrollTop = log.scrollHeight; }")
    page.keyboard.press("Escape")
    backstage.say(Text("Eerste nieuws."), *LONG, RatingRequest("Bent u geholpen?"))
    page.get_by_role("button", name="nieuwe berichten").click()
    at_top(page, page.locator(".message", has_text="Eerste nieuws."))
