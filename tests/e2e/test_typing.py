"""An agent types at the desk, and the customer sees that in the chat: both pages at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Request, expect

from tests.support.accessibility import accessible, fits
from tests.support.chat_page import sees, write
from tests.support.desk_office import Office
from tests.support.desk_page import Backroom
from tests.support.webchat import Backstage, Server

pytestmark = pytest.mark.browser

#: Counts how often a screen reader is told that somebody types.
COUNT = """
node => {
  window.spoken = 0;
  new MutationObserver(() => {
    window.spoken += node.textContent && node.getAttribute("aria-live") !== "off" ? 1 : 0;
  }).observe(node, { childList: true });
}
"""

Given = Callable[[str], Page]


@pytest.fixture
def given(server: Server, office: Office, page: Page, backstage: Backstage) -> Iterator[Given]:
    """Has the customer ask for a person, and Samira take it; gives Samira's page."""
    backroom = Backroom(server.folder)

    def take(text: str) -> Page:
        write(page, text)
        backstage.wait_for(text)
        desk = office.taken("samira", backroom.hand_over(text))
        expect(page.locator(".identity")).to_contain_text("Samira")
        return desk

    yield take
    backroom.close()


def key_by_key(desk: Page, text: str) -> None:
    """Types into the reply box, as fast as a person does."""
    desk.get_by_label("Uw antwoord").focus()
    desk.keyboard.type(text)


def test_the_customer_sees_that_a_person_types(
    page: Page, given: Given, complaints: list[str]
) -> None:
    """As long as something is being typed; heard once for each answer, not at each key."""
    page.emulate_media(reduced_motion="reduce")
    desk = given("ik wil iemand spreken")
    sign = page.locator(".typing")
    sign.evaluate(COUNT)
    expect(sign).to_be_empty()
    key_by_key(desk, "Goedemiddag")
    expect(sign).to_have_text("Samira typt…")
    expect(sign).to_have_role("status")
    still = "node => getComputedStyle(node, '::before').animationName"
    assert sign.evaluate(still) == "none"
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 640})
        fits(page, width)
        expect(sign).to_be_in_viewport()
    accessible(page, "typing")
    assert all("inline style" in complaint for complaint in complaints)
    complaints.clear()
    desk.get_by_label("Uw antwoord").fill("")
    expect(sign).to_be_empty()
    key_by_key(desk, "U krijgt ")
    expect(sign).to_have_text("Samira typt…")
    key_by_key(desk, "een label.")
    assert page.evaluate("window.spoken") == 1
    desk.keyboard.press("Control+Enter")
    sees(page, "U krijgt een label.")
    expect(sign).to_be_empty()
    key_by_key(desk, "Nog iets")
    expect(sign).to_have_text("Samira typt…")
    assert page.evaluate("window.spoken") == 2


def test_it_goes_by_itself(page: Page, given: Given) -> None:
    """Some seconds after the last key, though what was typed still stands at the desk."""
    desk = given("is er nog iemand")
    key_by_key(desk, "Ja")
    sign = page.locator(".typing")
    expect(sign).to_have_text("Samira typt…")
    expect(sign).to_be_empty()
    expect(desk.get_by_label("Uw antwoord")).to_have_value("Ja")


def test_the_desk_tells_it_once_in_three_seconds(office: Office) -> None:
    """However fast somebody types; and nothing of what is typed."""
    talk = office.customer("mag ik iets vragen")
    office.taken("samira", talk)
    # A clock is all of a browser's.
    desk = office.page(office.another("samira"), f"/c/{talk}")
    told: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/typing"):
            told.append(request.post_data or "")

    desk.on("request", note)
    desk.clock.install()
    desk.clock.pause_at("2030-01-01")
    key_by_key(desk, "geheim geheim")
    desk.clock.run_for(2_900)
    key_by_key(desk, " geheim")
    with desk.expect_request("**/typing"):
        desk.clock.run_for(200)
        key_by_key(desk, " geheim")
    with desk.expect_request("**/typing"):
        desk.get_by_label("Uw antwoord").fill("")
    assert told == ["", "", "over=1"]


def test_a_channel_that_shows_nothing_is_told_once(office: Office) -> None:
    """The page hears so, and leaves it at that."""
    desk = office.taken("samira", office.customer("vraag per sms"))
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    desk.route("**/typing", lambda route: route.fulfill(json={"shown": False}))
    with desk.expect_response("**/typing"):
        key_by_key(desk, "Dag")
    with desk.expect_request("**/draft"):
        desk.get_by_label("Uw antwoord").fill("")
    assert asked.count("typing") == 1
