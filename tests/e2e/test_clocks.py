"""Times in the chat are the server's, whatever the customer's device says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.messages import Text
from tests.support.chat_page import sees, write
from tests.support.webchat import DISCLOSURE, Backstage

pytestmark = pytest.mark.browser

HERE = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    "off",
    [timedelta(hours=2), timedelta(days=-1), timedelta(days=366), timedelta(days=-366)],
    ids=["two hours", "a day", "a year", "a year back"],
)
def test_a_wrong_device_shows_the_right_days_in_the_right_order(
    tab: Callable[[], Page], context: BrowserContext, backstage: Backstage, off: timedelta
) -> None:
    """What was typed here, what came and what is being sent; again after a reload."""
    context.clock.install(time=datetime.now(UTC) + off)
    page = tab()
    page.get_by_role("button", name="Chat met de AI-assistent").click()
    write(page, "eerst")
    backstage.answer("eerst", Text("antwoord"))
    sees(page, "eerst", "antwoord")
    write(page, "daarna")
    backstage.wait_for("daarna")
    now = datetime.now(HERE)
    near = {f"{now + timedelta(minutes=n):%H:%M}" for n in (-1, 0)}
    for _ in range(2):
        sees(page, "eerst", DISCLOSURE.text, "antwoord", "daarna")
        expect(page.get_by_text("Wordt verstuurd")).to_have_count(0)
        assert page.locator(".day").all_inner_texts() == []
        shown = page.locator(".from-customer time").all_inner_texts()
        assert set(shown) - {""} <= near, shown
        page.reload()


def test_yesterday_is_yesterday_on_a_wrong_device(
    tab: Callable[[], Page], context: BrowserContext, backstage: Backstage
) -> None:
    """The line between the days is the server's too."""
    context.clock.install(time=datetime.now(UTC) + timedelta(days=400))
    page = tab()
    page.get_by_role("button", name="Chat met de AI-assistent").click()
    write(page, "vandaag gevraagd")
    backstage.wait_for("vandaag gevraagd")
    backstage.say(DISCLOSURE, at=datetime.now(UTC) - timedelta(days=1))
    expect(page.locator(".day")).to_have_text("Gisteren")


def test_a_message_typed_before_the_server_was_heard_of_is_put_right(
    tab: Callable[[], Page], context: BrowserContext, backstage: Backstage
) -> None:
    """It has the device's time until then."""
    context.clock.install(time=datetime.now(UTC) - timedelta(hours=2))
    page = tab()
    page.get_by_role("button", name="Chat met de AI-assistent").click()
    page.route("**/webchat/messages", lambda route: route.abort())
    write(page, "te vroeg")
    before = page.locator(".from-customer time").get_attribute("datetime")
    page.unroute("**/webchat/messages")
    backstage.wait_for("te vroeg")
    stamp = page.locator(".from-customer time")
    expect(stamp).not_to_have_attribute("datetime", before or "")
    at = datetime.fromisoformat(stamp.get_attribute("datetime") or "")
    assert abs(at - datetime.now(UTC)) < timedelta(minutes=2)
