"""The desk on a phone: the answer is written where the conversation is read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect

from bot.messages import Inbound
from bot.store.conversation import conversations
from bot.store.handover import handover_moves, handovers
from bot.store.sql.database import Database
from bot.store.worker import inbox
from tests.support import desk_people
from tests.support.accessibility import accessible, fits
from tests.support.browsers import visitor
from tests.support.desk_page import answer, log_in, ready
from tests.support.webchat import Server

pytestmark = pytest.mark.browser


def talking(database: Database, agent_id: int, messages: int) -> str:
    """A customer who wrote much, and whom an agent has; the conversation's id."""
    now = datetime.now(UTC)
    with database.begin() as conn:
        for number in range(messages):
            text = f"Bericht {number}: mijn pakket is nog steeds niet bezorgd, hoe kan dat?"
            inbox.accept(conn, Inbound("webchat", "w" * 32, f"m{number}", text), now)
        talk = conversations.open_(conn, "webchat", "w" * 32, now)
        found = handovers.open_(conn, talk.id, "asked", "", {"question": "Waar?"}, now)
        handover_moves.take(conn, found, agent_id, now)
        conversations.change(conn, talk.id, owner="human")
        return talk.id


def test_the_answer_is_at_hand_on_a_phone(
    chromium: Browser, server: Server, database: Database
) -> None:
    """The newest message and the field are in view at once; the talk scrolls between them."""
    agent = desk_people.add(server.folder, "iris", name="Iris")
    talk = talking(database, agent.id, 25)
    context = visitor(chromium, width=390, height=844)
    page = context.new_page()
    log_in(page, server.url, "iris")
    for width, height in ((390, 844), (320, 640)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{server.url}/desk/c/{talk}")
        ready(page)
        for part in ("#reply", "#reply-form [type=submit]", "#lines > :last-child"):
            expect(page.locator(part)).to_be_in_viewport(ratio=0.95)
        page.locator("#log").evaluate("log => log.scrollTo(0, 0)")
        expect(page.locator("#lines > .line").first).to_be_in_viewport()
        expect(page.locator("#reply")).to_be_in_viewport(ratio=0.95)
        # Also at the top of the page, with the bar in view.
        page.evaluate("scrollTo(0, 0)")
        expect(page.locator(".brand")).to_be_in_viewport()
        expect(page.locator("#reply")).to_be_in_viewport(ratio=0.95)
        accessible(page, width)
        fits(page, width)
    answer(page, "Ik zoek het uit.")
    expect(page.locator("#lines > :last-child")).to_contain_text("Ik zoek het uit.")
    expect(page.locator("#lines > :last-child")).to_be_in_viewport(ratio=0.95)
    context.close()
