"""Two conversations of one customer are joined at the desk, and split, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.messages import Inbound
from bot.store.conversation import conversations
from bot.store.handover import handovers
from bot.store.notify import notifier
from bot.store.sql.database import Database
from bot.store.worker import inbox
from tests.support import desk_people
from tests.support.accessibility import everywhere
from tests.support.browsers import visitor
from tests.support.chat_page import sees, write
from tests.support.desk_page import Backroom, answer, log_in, ready
from tests.support.webchat import Server, running

pytestmark = pytest.mark.browser
PHONE = "31612345678"
NUMBER = "PP-100871"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One with WhatsApp, of which nothing is sent: delivery is another process."""
    with running(
        tmp_path_factory.mktemp("web"),
        WHATSAPP_TOKEN="t",
        WHATSAPP_PHONE_NUMBER_ID="1",
        WHATSAPP_APP_SECRET="s",
        WHATSAPP_VERIFY_TOKEN="v",
    ) as server:
        yield server


def by_whatsapp(database: Database, text: str) -> str:
    """The customer writes by WhatsApp; the conversation's id."""
    now = datetime.now(UTC)
    with database.begin() as conn:
        number = inbox.accept(conn, Inbound("whatsapp", PHONE, text, text), now).inbox_id
        inbox.done(conn, number, now, None)
        return conversations.open_(conn, "whatsapp", PHONE, now).id


def settled_before(database: Database) -> str:
    """What a person settled with the customer by WhatsApp; the conversation's id."""
    talk = by_whatsapp(database, f"Goedemorgen, bestelling {NUMBER} is nog niet binnen.")
    now = datetime.now(UTC)
    with database.begin() as conn:
        summary = {"question": f"Waar blijft {NUMBER}?", "unproved": [NUMBER]}
        handovers.open_(conn, talk, "asked", "", summary, now)
        handovers.close(conn, talk, "closed", now, settled="Het pakket komt morgen.")
        conversations.change(conn, talk, owner="closed")
    return talk


def chats(chromium: Browser, server: Server, text: str) -> Page:
    """The customer writes in the web chat."""
    page = visitor(chromium).new_page()
    page.goto(server.url)
    page.get_by_role("button", name="Chat met de AI-assistent").click()
    write(page, text)
    sees(page, text)
    return page


def joins(page: Page) -> None:
    """From the conversation to the page of both."""
    # The number of the case is looked for at once; words are needed, as nothing was proved there.
    page.get_by_role("link", name="Voeg een ander gesprek").click()
    expect(page.get_by_role("searchbox")).to_have_value(NUMBER)
    hit = page.get_by_role("listitem").filter(has_text="WhatsApp")
    expect(hit).to_contain_text("Het pakket komt morgen")
    everywhere(page)
    expect(hit.get_by_role("link")).to_have_text(NUMBER)
    hit.get_by_role("button", name="Voeg samen").click()
    expect(hit.get_by_label("Hoe weet u dat")).to_be_focused()
    page.keyboard.type("Postcode en bestelnummer nagevraagd")
    page.keyboard.press("Enter")


def follows(page: Page, there: str) -> None:
    """The agent goes on where the customer wrote last."""
    # The customer goes on by WhatsApp: it shows here, and the agent follows with one press.
    lines = page.locator("#lines .line-customer")
    expect(lines).to_have_count(3)
    expect(page.locator("#talk-joined")).to_contain_text("De klant schreef hier het laatst")
    page.get_by_role("button", name="Antwoord via WhatsApp").click()
    expect(page).to_have_url(there)
    expect(page.get_by_label("Uw antwoord aan de klant, via WhatsApp")).to_be_visible()
    answer(page, "Dan stuur ik het hier.")
    expect(page.locator("#lines .line-human")).to_contain_text("Dan stuur ik het hier.")


def test_one_customer_on_two_channels(
    chromium: Browser,
    context: BrowserContext,
    server: Server,
    database: Database,
    complaints: list[str],
) -> None:
    """Found by the number, joined with a proof, answered where the customer is, and split again."""
    desk_people.add(server.folder, "iris", "agent", name="Iris")
    app = settled_before(database)
    customer = chats(chromium, server, "Mijn pakket is er nog steeds niet.")
    room = Backroom(server.folder)
    chat = room.hand_over("Mijn pakket is er nog steeds niet.")
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    log_in(page, server.url, "iris")
    page.goto(f"{server.url}/desk/c/{chat}")
    ready(page)
    page.locator("#take").click()
    page.get_by_label("Uw antwoord").wait_for()

    joins(page)

    # Both histories in one order of time, each message with its channel.
    lines = page.locator("#lines .line-customer")
    expect(lines).to_have_count(2)
    expect(lines.nth(0)).to_contain_text("WhatsApp")
    expect(lines.nth(1)).to_contain_text("steeds niet")
    expect(page.locator("#talk-joined")).to_contain_text("U antwoordt via")
    expect(page.locator("#summary")).to_contain_text("Postcode en bestelnummer nagevraagd")
    everywhere(page)

    by_whatsapp(database, "Ik zit nu in de trein.")
    wakes = notifier.of(f"sqlite:///{server.folder / 'loket.db'}", server.folder)
    wakes.ring("inbox", app)
    follows(page, f"{server.url}/desk/c/{app}?hier=1")
    assert "Dan stuur ik het hier." in [text for _, text in room.said(app)]
    assert "Dan stuur ik het hier." not in [text for _, text in room.said(chat)]
    expect(customer.get_by_text("Dan stuur ik het hier.")).to_have_count(0)
    expect(customer.get_by_text("Goedemorgen")).to_have_count(0)

    # One line among the agent's own, which leads to where the customer wrote last.
    own = page.locator('[data-keyed="mine"] .row-link')
    expect(own).to_have_count(1)
    own.click()
    expect(page).to_have_url(f"{server.url}/desk/c/{app}")
    ready(page)

    # The page found both; split they are by themselves again.
    page.goto(f"{server.url}/desk/zoeken?q={NUMBER}")
    expect(page.locator(".hits li").filter(has_text="samengevoegd")).to_have_count(2)
    page.goto(f"{server.url}/desk/c/{chat}?hier=1")
    ready(page)
    page.get_by_role("button", name="Haal uit elkaar").click()
    expect(lines).to_have_count(1)
    expect(page.locator("#talk-joined")).to_be_empty()
    expect(own).to_have_count(2)
    wakes.close()
    room.close()
    customer.context.close()
    assert complaints == []
