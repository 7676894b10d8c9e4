"""The plain front page in a real browser: the demo switched off, a chat that works."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from bot.messages import Text
from tests.support.accessibility import accessible, fits
from tests.support.webchat import Backstage, Server, running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("plain"), LOKET_DEMO="no") as server:
        yield server


def test_the_plain_page_has_the_chat(context: BrowserContext, plain: Server) -> None:
    """Of this organisation, under the strict policy, and a question is answered in it."""
    complaints: list[str] = []
    backstage = Backstage(plain.folder)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(plain.url)
    expect(page.get_by_role("heading", level=1, name="Pakket & Plug")).to_be_visible()
    page.get_by_role("button", name="Chat met de AI-assistent").click()
    page.get_by_role("button", name="Waar is mijn pakket?").click()
    backstage.answer("Waar is mijn pakket?", Text("Wat is uw bestelnummer?"))
    expect(page.get_by_role("log").get_by_text("Wat is uw bestelnummer?")).to_be_visible()
    backstage.close()
    assert complaints == []


def test_the_plain_page_is_accessible(context: BrowserContext, plain: Server) -> None:
    """No violation of WCAG 2.1 AA that axe can find, nothing wider than a phone."""
    page = context.new_page()
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(plain.url)
    page.locator(".opener").wait_for()
    fits(page)
    accessible(page)
