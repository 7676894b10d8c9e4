"""Looking up conversations at the desk, in a real browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, expect

from bot.messages import Inbound
from bot.store.conversation import conversations
from bot.store.handover import handovers
from bot.store.sql.database import Database
from bot.store.worker import inbox
from tests.support import desk_people
from tests.support.accessibility import everywhere
from tests.support.desk_page import log_in
from tests.support.webchat import Server

pytestmark = pytest.mark.browser
LONG = (
    "Goedemiddag, ik heb vorige week een wasdroger besteld en die is vandaag met een flinke deuk"
    " in de zijkant bezorgd. De bezorger wilde hem niet meer meenemen. Hoe krijg ik nu een nieuwe"
    " wasdroger of anders mijn geld terug? Ik hoor het graag, mevrouw Özdemir."
)


def handed(database: Database, channel: str, who: str, text: str, hours: int) -> str:
    """A customer who wrote and was handed to a person; the conversation's id."""
    now = datetime.now(UTC) - timedelta(hours=hours)
    with database.begin() as conn:
        inbox.accept(conn, Inbound(channel, who, f"{who}-{hours}", text), now)
        talk = conversations.open_(conn, channel, who, now)
        handovers.open_(conn, talk.id, "asked", "", {"question": text}, now)
        conversations.change(conn, talk.id, owner="queued")
        return talk.id


def test_an_agent_looks_something_up(
    context: BrowserContext, server: Server, database: Database, complaints: list[str]
) -> None:
    """From the menu, by keyboard; what was found is marked, and leads to the conversation."""
    desk_people.add(server.folder, "iris", "agent", name="Iris")
    this = handed(database, "sms", "+31612345670", LONG, 50)
    with database.begin() as conn:
        handovers.close(conn, this, "closed", datetime.now(UTC))
        conversations.change(conn, this, owner="closed")
    handed(database, "webchat", "x" * 32, "Waar blijft mijn wasdroger? Nummer PP-100234.", 1)
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda each: complaints.append(each.text) if each.type == "error" else None)
    log_in(page, server.url, "iris")
    page.get_by_role("link", name="Zoeken").click()
    expect(page.get_by_role("searchbox")).to_be_focused()
    everywhere(page)
    page.get_by_role("searchbox").fill("WASDROGER")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("2 gesprekken")
    expect(page.locator("mark").first).to_have_text("wasdroger")
    everywhere(page)
    page.get_by_role("searchbox").fill("ozdemir deuk")
    page.get_by_label("Stand").select_option("Afgesloten")
    page.get_by_role("button", name="Zoek").click()
    expect(page.get_by_role("status")).to_contain_text("1 gesprek")
    page.get_by_role("searchbox").fill("06 1234 5670")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="06 12345670").click()
    expect(page).to_have_url(f"{server.url}/desk/c/{this}")
    page.goto(f"{server.url}/desk/zoeken?q=koelkast")
    expect(page.get_by_role("status")).to_contain_text("niets gevonden")
    page.goto(f"{server.url}/desk/zoeken?since=2026-11-30&until=2026-11-01")
    expect(page.get_by_role("alert")).to_contain_text("Draai de dagen om")
    assert complaints == []
