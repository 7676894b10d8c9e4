"""The desk on a phone: the answer is written where the conversation is read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect

from bot.messages import Inbound
from bot.store.conversation import conversations, customer_links
from bot.store.handover import handover_moves, handovers
from bot.store.sql.database import Database
from bot.store.worker import inbox
from tests.support import desk_people
from tests.support.accessibility import accessible, fits
from tests.support.browsers import visitor
from tests.support.desk_page import answer, log_in, ready
from tests.support.webchat import Server

pytestmark = pytest.mark.browser


def talking(database: Database, agent_id: int, messages: int, who: str = "w" * 32) -> str:
    """A customer who wrote much, and whom an agent has; the conversation's id."""
    now = datetime.now(UTC)
    with database.begin() as conn:
        for number in range(messages):
            text = f"Bericht {number}: mijn pakket is nog steeds niet bezorgd, hoe kan dat?"
            inbox.accept(conn, Inbound("webchat", who, f"{who[0]}{number}", text), now)
        talk = conversations.open_(conn, "webchat", who, now)
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


def test_the_messages_keep_half_of_a_phone(
    chromium: Browser, server: Server, database: Database
) -> None:
    """Also of joined conversations; what is folded opens by a key, and shuts by a tap beside."""
    agent = desk_people.add(server.folder, "jan", name="Jan")
    talk, other = (talking(database, agent.id, 4, who * 32) for who in "xy")
    with database.begin() as conn:
        customer_links.add(conn, other, talk, "", "gebeld", agent.id, datetime.now(UTC))
    context = visitor(chromium, width=390, height=844)
    page = context.new_page()
    log_in(page, server.url, "jan")
    for width, height in ((390, 844), (320, 640)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{server.url}/desk/c/{talk}?hier=1")
        ready(page)
        log = page.locator("#log").bounding_box()
        assert log
        assert log["height"] >= height / 2
        expect(page.locator("#menu-close")).to_be_hidden()
        for fold, held in (("joined", ".joined-others"), ("more-acts", "#menu-close > summary")):
            page.locator(f"#{fold} > summary").focus()
            page.keyboard.press("Enter")
            expect(page.locator(held)).to_be_in_viewport()
            accessible(page, (fold, width))
            fits(page, (fold, width))
            page.locator("#log").click()
            expect(page.locator(held)).to_be_hidden()
        page.keyboard.press("Alt+k")
        page.keyboard.type("Opgelost.")
        # A phone that is turned keeps what is being filled in.
        page.set_viewport_size({"width": height, "height": width})
        page.set_viewport_size({"width": width, "height": height})
        expect(page.get_by_label("Wat is er afgesproken?")).to_be_focused()
        page.get_by_label("Wat is er afgesproken?").fill("")
    context.close()
