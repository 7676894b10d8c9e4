"""Whether a quote helped, in a real browser: one tap, kept without a line too, counted by page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from bot.messages import Quote
from tests.support import desk_people
from tests.support.accessibility import accessible, everywhere, fits
from tests.support.browsers import visitor
from tests.support.desk_page import log_in
from tests.support.webchat import Backstage, Server

pytestmark = pytest.mark.browser

PASSAGE = "Terugsturen kost 3,95 euro. Dat halen we af van het bedrag dat u terugkrijgt."
QUOTE = Quote(
    "Terugsturen kost 3,95 euro.", PASSAGE, "Kosten van een retour",
    "/kennis/retourkosten#:~:text=Terugsturen", marks=((0, 27),),
)  # fmt: skip


def asked(page: Page, backstage: Backstage, text: str) -> None:
    """A question, and the answer that quotes a page."""
    page.get_by_label("Uw bericht").fill(text)
    page.get_by_label("Uw bericht").press("Enter")
    backstage.answer(text, QUOTE)
    expect(page.locator(".quote").last).to_be_visible()


def kept(response: Response) -> bool:
    """Whether it says that the server has a vote."""
    return response.url.endswith("/webchat/votes") and response.status == 204


def test_one_tap_says_whether_it_helped(
    page: Page, backstage: Backstage, complaints: list[str]
) -> None:
    """By keyboard too; it can be changed, is no message, and is not asked again."""
    page.set_viewport_size({"width": 320, "height": 640})
    asked(page, backstage, "wat kost terugsturen")
    question = page.get_by_role("group", name="Hielp dit?")
    yes, no = (question.get_by_role("button", name=each, exact=True) for each in ("Ja", "Nee"))
    no.focus()
    with page.expect_response(kept):
        no.press("Enter")
    expect(question).to_contain_text("Dank u. Typ uw vraag anders, of typ ‘medewerker’.")
    expect(no).to_have_attribute("aria-pressed", "true")
    expect(no).to_be_focused()
    assert backstage.votes() == [False]
    fits(page)
    accessible(page)
    # axe tries an inline style of its own on the page, which the policy refuses.
    assert all("inline style" in complaint for complaint in complaints)
    complaints.clear()
    with page.expect_response(kept):
        yes.click()
    expect(question).to_contain_text("Bedankt.")
    expect(yes).to_have_attribute("aria-pressed", "true")
    expect(no).to_have_attribute("aria-pressed", "false")
    assert backstage.votes() == [True]
    asked(page, backstage, "en binnen hoeveel dagen")
    expect(question).to_have_count(2)
    assert len(backstage.received()) == 2
    page.reload()
    expect(page.locator(".quote")).to_have_count(2)
    expect(question).to_have_count(1)
    expect(page.locator(".message").last.get_by_role("group", name="Hielp dit?")).to_be_visible()


def test_a_tap_without_a_line_is_kept(page: Page, backstage: Backstage) -> None:
    """Told when the line is back, by this page or by the one after it."""
    asked(page, backstage, "wat kost het")
    before = backstage.votes()
    tap = page.get_by_role("group", name="Hielp dit?").get_by_role("button", name="Nee")
    page.route("**/webchat/votes", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda each: each.url.endswith("/votes")):
        tap.click()
    assert backstage.votes() == before
    with page.expect_response(kept):
        page.unroute("**/webchat/votes")
        page.reload()
    assert backstage.votes() == [*before, False]
    asked(page, backstage, "en wanneer")
    page.context.set_offline(True)
    tap.click()
    expect(page.locator(".helpful")).to_contain_text("Dank u.")
    with page.expect_response(kept):
        page.context.set_offline(False)
    assert backstage.votes() == [*before, False, False]


def test_what_the_server_refuses_is_said(page: Page, backstage: Backstage) -> None:
    """In place of thanks, and nothing stands as said."""
    asked(page, backstage, "hoeveel kost het")
    page.route("**/webchat/votes", lambda route: route.fulfill(status=404, json={"error": "Weg."}))
    question = page.get_by_role("group", name="Hielp dit?")
    question.get_by_role("button", name="Ja").click()
    expect(question).to_contain_text("Weg.")
    expect(question.locator("[aria-pressed=true]")).to_have_count(0)


def test_supervisors_see_it_by_page(
    page: Page, backstage: Backstage, server: Server, chromium: Browser
) -> None:
    """On a phone too; not among the figures of one agent."""
    asked(page, backstage, "kost dat iets")
    with page.expect_response(kept):
        page.locator(".helpful").get_by_role("button", name="Nee").click()
    votes = backstage.votes()
    els = desk_people.add(server.folder, "els", "supervisor", name="Els")
    context = visitor(chromium)
    desk = context.new_page()
    log_in(desk, server.url, "els")
    desk.set_viewport_size({"width": 320, "height": 800})
    desk.goto(f"{server.url}/desk/overzicht/periode")
    table = desk.get_by_role("region", name="Antwoorden uit de kennisbank: hielp dit?")
    row = table.get_by_role("row", name="Kosten van een retour")
    counts = [str(votes.count(each)) for each in (True, False)]
    expect(row.locator("td")).to_have_text(counts)
    expect(row.get_by_role("link")).to_have_attribute("href", "/kennis/retourkosten")
    everywhere(desk)
    desk.goto(f"{server.url}/desk/overzicht/periode?medewerker={els.id}")
    expect(desk.get_by_role("heading", name="Afgehandeld")).to_be_visible()
    expect(table).to_have_count(0)
    context.close()
