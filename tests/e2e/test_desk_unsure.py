"""The page of messages that may have arrived, in a real browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, expect

from bot.messages import Text
from bot.store.conversation import conversations
from bot.store.delivery import deliveries, delivery_planning, outbox
from bot.store.delivery.dead_letters import failed_deliveries
from bot.store.sql.database import Database
from tests.support import desk_people
from tests.support.accessibility import everywhere
from tests.support.desk_page import log_in
from tests.support.webchat import Server

pytestmark = pytest.mark.browser


def doubt(database: Database, channel: str, address: str, text: str, minutes: int) -> int:
    """A message that may have arrived; returns its delivery."""
    now = datetime.now(UTC) - timedelta(minutes=minutes)
    with database.begin() as conn:
        conversation = conversations.open_(conn, channel, address, now)
        (said,) = outbox.add(conn, conversation.id, None, [("system", Text(text))], now)
        planned = delivery_planning.Planned((said.id,), [{"text": text}])
        delivery_planning.plan(
            conn, channel, [conversation.id], lambda _: [planned], now, timedelta()
        )
        (claimed,) = deliveries.claim(conn, channel, now, timedelta(minutes=1), 1).messages
        assert claimed is not None
        deliveries.unsure(conn, claimed.id, now, "ambiguous timeout", now)
        deliveries.give_up(conn, claimed.id, "ambiguous timeout", now)
        return claimed.id


def errors(database: Database) -> dict[int, tuple[str, bool]]:
    with database.read() as conn:
        return {each.id: (each.status, each.unsure) for each in failed_deliveries(conn)}


def test_a_supervisor_decides(context: BrowserContext, server: Server, database: Database) -> None:
    """From the overview to the list; each message by itself, then a whole outage at once."""
    desk_people.add(server.folder, "els", "supervisor", name="Els")
    long = "Uw retour is aangemeld. U krijgt het retourlabel per e-mail. " * 4
    texts = ("Uw pakket komt morgen tussen 9 en 12 uur.", long, "Graag gedaan.", "Tot ziens.")
    ids = [
        doubt(database, "sms", f"+3161234567{number}", text, 30 - number)
        for number, text in enumerate(texts)
    ]
    other = doubt(database, "telegram", "555000111", "Waarmee kan ik u helpen?", 25)
    page = context.new_page()
    log_in(page, server.url, "els")
    page.goto(f"{server.url}/desk/overzicht")
    page.get_by_role("link", name="5 berichten: niet zeker").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Onzekere berichten")
    expect(page.get_by_role("row")).to_have_count(6)
    everywhere(page)

    page.get_by_role("button", name="Is aangekomen: bericht aan 06 12345670").click()
    expect(page.get_by_role("status")).to_have_text("Genoteerd: dit bericht is aangekomen.")
    page.get_by_role("button", name="Laat maar: bericht aan 06 12345671").click()
    expect(page.get_by_role("status")).to_have_text("Dit bericht staat niet meer in de lijst.")
    page.get_by_role("button", name="Stuur opnieuw: bericht aan 06 12345672").click()
    expect(page.get_by_role("status")).to_have_text("1 bericht wordt opnieuw verstuurd.")
    assert errors(database) == {ids[3]: ("dead", True), other: ("dead", True)}
    everywhere(page)

    page.get_by_label("Kanaal").select_option("sms")
    page.get_by_role("button", name="Stuur alles opnieuw").click()
    expect(page.get_by_role("status")).to_have_text("1 bericht wordt opnieuw verstuurd.")
    assert errors(database) == {other: ("dead", True)}
    page.get_by_label("Van", exact=True).fill("2026-01-02T10:00")
    page.get_by_label("Tot en met").fill("2026-01-01T10:00")
    page.get_by_role("button", name="Stuur alles opnieuw").click()
    expect(page.get_by_role("alert")).to_contain_text("van wanneer tot wanneer")
    everywhere(page)
    page.get_by_role("button", name="Laat maar").click()
    expect(page.get_by_role("main")).to_contain_text("Er zijn geen onzekere berichten.")
    everywhere(page)


def test_a_redraw_loses_no_click(
    context: BrowserContext, server: Server, database: Database
) -> None:
    """What is pressed stays until it is let go, however much changed meanwhile."""
    desk_people.add(server.folder, "mo", "supervisor", name="Mo")
    doubt(database, "sms", "+31612345679", "Tot ziens.", 30)
    page = context.new_page()
    log_in(page, server.url, "mo")
    page.goto(f"{server.url}/desk/overzicht")
    link = page.locator("#unsure")
    expect(link).to_have_text("1 bericht: niet zeker of de klant het kreeg")

    def pressed_while_redrawn(number: str) -> None:
        link.hover()
        page.mouse.down()
        doubt(database, "sms", number, "Graag gedaan.", 29)
        with page.expect_response("**/desk/overzicht/figures") as answered:
            page.evaluate("dispatchEvent(new Event('online'))")  # connects anew, then asks
        answered.value.finished()
        page.evaluate("new Promise((done) => setTimeout(done, 300))")

    pressed_while_redrawn("+31612345674")
    page.mouse.move(640, 850)
    page.mouse.up()
    expect(link).to_have_text("2 berichten: niet zeker of de klant ze kreeg")
    pressed_while_redrawn("+31612345675")
    page.mouse.up()
    expect(page.get_by_role("heading", level=1)).to_have_text("Onzekere berichten")


def test_it_is_for_supervisors(context: BrowserContext, server: Server) -> None:
    """Agents have no such page."""
    desk_people.add(server.folder, "samira", name="Samira")
    page = context.new_page()
    log_in(page, server.url, "samira")
    expect(page.get_by_role("link", name="Onzeker")).to_have_count(0)
    page.goto(f"{server.url}/desk/onzeker")
    expect(page.get_by_role("heading")).to_have_text("Dit lukt niet")
