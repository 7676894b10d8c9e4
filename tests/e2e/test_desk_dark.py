"""The desk in the dark: its main pages are as readable as in the light."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page

from bot.messages import Inbound, Notice, Text
from bot.store.conversation import conversations
from bot.store.delivery import outbox
from bot.store.handover import handover_moves, handovers, notes
from bot.store.sql.database import Database
from bot.store.worker import inbox
from tests.support import desk_people
from tests.support.accessibility import accessible
from tests.support.desk_page import log_in
from tests.support.webchat import Server

pytestmark = pytest.mark.browser
CHANNELS = ("webchat", "whatsapp", "telegram", "sms")


def busy(database: Database, agent_id: int) -> str:
    """Customers on each channel, one of whom the agent has; the id of that conversation."""
    now = datetime.now(UTC)
    summary = {"question": "Waar is mijn pakket?", "proved": ["PP-1"], "unproved": ["PP-2"]}
    with database.begin() as conn:
        for channel in CHANNELS:
            address = f"{channel:0<32}" if channel == "webchat" else "+31612345678"
            inbox.accept(conn, Inbound(channel, address, channel, "Waar is mijn pakket?"), now)
            talk = conversations.open_(conn, channel, address, now)
            said = (
                ("system", Notice("U chat met een AI-assistent, geen mens.", "disclosure", "1")),
                ("bot", Text("Wat is uw bestelnummer?")),
            )
            outbox.add(conn, talk.id, None, said, now)
            found = handovers.open_(
                conn, talk.id, "danger", "", summary, now, urgent=channel == "sms"
            )
            conversations.change(conn, talk.id, owner="queued", disclosed=True)
        handover_moves.take(conn, found, agent_id, now)
        conversations.change(conn, talk.id, owner="human", left_at=now)
        outbox.add(conn, talk.id, None, [("human", Text("Dag."))], now, agent_id=agent_id)
        notes.add(conn, talk.id, agent_id, "Let op het adres", now)
        return talk.id


def background(page: Page) -> int:
    """How light the page is, from 0 to 255."""
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)")
    return max(map(int, colour[:3]))


def test_the_main_pages_in_the_dark_and_in_the_light(
    context: BrowserContext, server: Server, database: Database
) -> None:
    """As the device asks; everything has contrast enough in both."""
    agent = desk_people.add(server.folder, "els", "supervisor", name="Els")
    talk = busy(database, agent.id)
    page = context.new_page()
    log_in(page, server.url, "els")
    paths = ("", f"/c/{talk}", "/zoeken?q=pakket", "/overzicht", "/users", f"/c/{talk}/samenvoegen")
    for path in paths:
        page.goto(f"{server.url}/desk{path}")
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            is_dark = background(page) < 50
            assert is_dark == (scheme == "dark"), path
            accessible(page, (path, scheme))
