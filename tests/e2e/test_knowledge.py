"""An answer with its source in a real browser: the words marked, the link, the page it leads to."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from bot.knowledge import pages
from bot.knowledge.text_fragment import link
from bot.messages import Quote
from tests.support.accessibility import accessible, fits
from tests.support.browsers import visitor
from tests.support.webchat import ROOT, Backstage, Server

pytestmark = pytest.mark.browser

PAGE = pages.load(ROOT)["retourkosten"]
PASSAGE = PAGE.blocks[0]
ANSWER = PASSAGE.sentences[0]
#: `::target-text` in knowledge.css.
HIGHLIGHT = (0xFF, 0xE0, 0x8A)


def highlighted(page: Page) -> int:
    """How many pixels of the page have the colour of a highlighted passage."""
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return sum(count for count, colour in image.getcolors(1 << 24) or () if colour == HIGHLIGHT)


def test_the_words_are_marked_and_the_link_leads_to_them(
    page: Page, backstage: Backstage, server: Server
) -> None:
    """The passage once, its answer marked, title, date, note; the browser highlights it there."""
    page.get_by_label("Uw bericht").fill("wat kost terugsturen")
    page.get_by_label("Uw bericht").press("Enter")
    address = link(f"{server.url}{PAGE.url}", ANSWER, PAGE.blocks, PASSAGE.text)
    quote = Quote(
        ANSWER, PASSAGE.text, PAGE.title, address, date(2026, 9, 1), ((0, len(ANSWER)),), "Let op."
    )
    backstage.answer("wat kost terugsturen", quote)
    shown = page.get_by_role("log").locator(".quote")
    expect(shown.locator("mark")).to_have_text(ANSWER)
    expect(shown.locator("blockquote")).to_have_text(PASSAGE.text)
    expect(shown).to_contain_text("Gecontroleerd op 1 september 2026")
    expect(shown).to_contain_text("Let op.")
    expect(page.get_by_role("log").get_by_text(ANSWER)).to_have_count(1)
    with page.expect_popup() as popup:
        shown.get_by_role("link", name=PAGE.title).click()
    expect(popup.value.get_by_role("heading", name=PAGE.title, exact=True)).to_be_visible()
    expect(popup.value.locator("#inhoud").get_by_text(ANSWER)).to_be_in_viewport()
    assert highlighted(popup.value) > 1000


def test_a_second_place_of_the_same_words_is_found(tab: Callable[[], Page], server: Server) -> None:
    """Not the first one; without the prefix the browser would stop there."""
    known = pages.load(ROOT)["contact"]
    page = tab()
    page.goto(link(f"{server.url}{known.url}", known.blocks[-1].text, known.blocks))
    assert highlighted(page) > 1000


def test_the_pages_are_searched_without_a_script(chromium: Browser, server: Server) -> None:
    """A form, its answer, and the way to the passage; what was asked is text and nothing else."""
    plain = visitor(chromium, java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{server.url}/kennis")
    page.get_by_label("Zoek in deze pagina’s").fill("wat kost terugsturen <b>")
    page.get_by_role("button", name="Zoek").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Gevonden bij ‘wat kost terugsturen <b>’"
    )
    expect(page.get_by_role("searchbox")).to_have_value("wat kost terugsturen <b>")
    page.get_by_role("link", name=PAGE.title).click()
    expect(page.get_by_role("heading", name=PAGE.title, exact=True)).to_be_visible()
    page.goto(f"{server.url}/kennis?q=xyzzy")
    expect(page.get_by_text("Niets gevonden.")).to_be_visible()
    plain.close()


@pytest.mark.parametrize("path", ["/kennis", "/kennis?q=kosten", "/kennis/cookies"])
def test_the_pages_are_accessible(
    path: str, tab: Callable[[], Page], server: Server, complaints: list[str]
) -> None:
    """No violation of WCAG 2.1 AA that axe can find, nothing wider than a phone."""
    page = tab()
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{server.url}{path}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    fits(page)
    accessible(page)
    # axe tries an inline style of its own on the page, which the policy refuses.
    assert all("inline style" in complaint for complaint in complaints)
    complaints.clear()
