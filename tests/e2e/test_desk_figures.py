"""The supervisors' figures on a phone, in a real browser: rows stack and no word is broken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.store.conversation import conversations
from bot.store.handover import handover_moves, handovers
from bot.store.sql.database import Database
from tests.support import desk_people
from tests.support.accessibility import everywhere
from tests.support.browsers import visitor
from tests.support.desk_page import log_in
from tests.support.webchat import Server

pytestmark = pytest.mark.browser

#: Words of the tables that stand on more than one line, and cells that stick out of the page.
BROKEN = """() => [...document.querySelectorAll(".card :is(th, td)")].flatMap((cell) => {
  const out = cell.getBoundingClientRect().right > innerWidth + 1 ? [cell.textContent] : [];
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    for (const { 0: word, index } of walker.currentNode.data.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(walker.currentNode, index);
      range.setEnd(walker.currentNode, index + word.length);
      if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) out.push(word);
    }
  }
  return out;
})"""


@pytest.fixture(scope="module")
def supervisor(server: Server, chromium: Browser) -> Iterator[Page]:
    """A supervisor, after a colleague has handled two cases."""
    desk_people.add(server.folder, "els", "supervisor", name="Els")
    joost = desk_people.add(server.folder, "joost", name="Joost van den Heuvel")
    database = Database(f"sqlite:///{server.folder / 'loket.db'}")
    now = datetime.now(UTC)
    with database.begin() as conn:
        for number, team in enumerate(("retour_betaling", "energie")):
            talk = conversations.open_(conn, "webchat", f"klant {number}", now).id
            handed = handovers.open_(conn, talk, "asked", "return_item", {}, now, team=team)
            handover_moves.take(conn, handed, joost.id, now)
            handovers.close(conn, talk, "closed", now, agent_id=joost.id)
            conversations.change(conn, talk, owner="closed")
    database.dispose()
    context = visitor(chromium)
    page = context.new_page()
    log_in(page, server.url, "els")
    yield page
    context.close()


@pytest.mark.parametrize("width", [320, 390, 700])
@pytest.mark.parametrize("path", ["/desk/overzicht", "/desk/overzicht/periode"])
def test_no_word_of_a_table_is_broken(
    supervisor: Page, server: Server, path: str, width: int
) -> None:
    """On a phone each row is a block in which every figure says what it is of."""
    page = supervisor
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{server.url}{path}")
    expect(page.locator(".card td").first).to_be_visible()
    assert page.evaluate(BROKEN) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    labels = page.locator(".card td").evaluate_all(
        "all => all.map(cell => getComputedStyle(cell, '::before').content)"
    )
    assert not {"none", '""'} & set(labels)
    everywhere(page)


def test_an_impossible_period_leaves_the_form(supervisor: Page, server: Server) -> None:
    """What was typed stands in it, beside what is wrong with it; one click further it works."""
    page = supervisor
    page.goto(f"{server.url}/desk/overzicht/periode?van=2026-02-01&tot=2026-01-01&medewerker=")
    expect(page.get_by_role("alert")).to_contain_text("De eerste dag ligt na de laatste.")
    expect(page.get_by_label("Van", exact=True)).to_have_value("2026-02-01")
    expect(page.get_by_label("Tot en met")).to_have_value("2026-01-01")
    everywhere(page)
    page.get_by_label("Van", exact=True).fill("2025-01-01")
    page.get_by_role("button", name="Toon").click()
    expect(page.get_by_role("alert")).to_contain_text("ten hoogste 92 dagen")
    page.get_by_label("Van", exact=True).fill("2025-12-25")
    page.get_by_role("button", name="Toon").click()
    expect(page.get_by_role("heading", name="Afgehandeld")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
