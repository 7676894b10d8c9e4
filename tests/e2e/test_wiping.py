"""A customer wipes the chat, and the desk knows that nobody reads on."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.catalogue import say
from bot.messages import Text
from bot.store.sql import tables
from bot.store.sql.database import Database
from tests.support.accessibility import accessible, fits
from tests.support.chat_page import sees, wipe, write
from tests.support.desk_office import Office
from tests.support.desk_page import Backroom
from tests.support.webchat import Backstage, Server

pytestmark = pytest.mark.browser


def test_the_desk_hears_that_nobody_reads_on(
    page: Page, server: Server, office: Office, backstage: Backstage
) -> None:
    """The open page of the agent changes by itself; what is left is to close it, told to nobody."""
    backroom = Backroom(server.folder)
    write(page, "ik wil iemand spreken")
    backstage.wait_for("ik wil iemand spreken")
    desk = office.taken("samira", backroom.hand_over("ik wil iemand spreken"))
    expect(page.locator(".identity")).to_contain_text("Samira")
    backroom.close()
    desk.get_by_label("Uw antwoord").fill("Half getypt")
    wipe(page)
    expect(desk.locator("#talk-state")).to_contain_text(say("desk.window.wiped"))
    expect(desk.get_by_label("Uw antwoord")).to_be_disabled()
    expect(desk.get_by_label("Uw antwoord")).to_have_value("Half getypt")
    expect(desk.locator(".row.current")).to_contain_text(say("desk_page.wiped"))
    desk.locator("#menu-close summary").click()
    expect(desk.locator("#untold-why")).to_have_text(say("desk_page.close_wiped_why"))
    expect(desk.locator("#menu-close button[type=submit]:visible")).to_have_count(1)
    accessible(desk, "wiped")
    fits(desk, 1400)
    desk.get_by_role("button", name="Sluit zonder bericht").click()
    expect(desk.locator("#talk-state")).to_contain_text("afgesloten")
    expect(desk.locator("#lines")).to_contain_text(say("desk.act.wiped"))
    write(page, "ik begin opnieuw")
    backstage.answer("ik begin opnieuw", Text("dag"))
    sees(page, "ik begin opnieuw", "dag")


def test_it_is_told_when_the_line_is_back(
    page: Page, context: BrowserContext, backstage: Backstage, database: Database
) -> None:
    """Also by the next page, with the chat closed; nothing here opens the conversation now."""
    write(page, "alleen voor mij")
    backstage.wait_for("alleen voor mij")
    context.set_offline(True)
    write(page, "nooit verstuurd")
    expect(page.locator(".from-customer.pending")).to_have_count(1)
    wipe(page)
    expect(page.locator(".from-customer")).to_have_count(0)
    kept = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('loket:'))")
    assert kept == []
    page.evaluate("sessionStorage.clear()")
    page.evaluate("window.stop()")
    context.set_offline(False)
    with page.expect_response("**/webchat/wipe") as told:
        page.reload()
    assert told.value.status == 204
    page.wait_for_function("Object.keys(localStorage).length === 0")
    with database.read() as conn:
        where = tables.inbox.c.text == "alleen voor mij"
        query = tables.conversations.join(tables.inbox).select().where(where)
        assert conn.execute(query).mappings().one()[tables.conversations.c.wiped_at] is not None
    assert "nooit verstuurd" not in backstage.received()
