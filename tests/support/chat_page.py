"""A customer at the web chat in a browser: what is written, offered and seen there."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from bot.messages import Choice, Option

#: A question with two options.
CHOICE = Choice(
    "Wat wilt u doen?", (Option("Bezorging verzetten", "/change"), Option("Iets anders", "/other"))
)


def write(page: Page, text: str) -> None:
    """Types a message and sends it."""
    page.get_by_label("Uw bericht").fill(text)
    page.get_by_label("Uw bericht").press("Enter")


def sees(page: Page, *texts: str) -> None:
    """Waits for the last text; then each stands in the conversation exactly once, in order."""
    log = page.get_by_role("log")
    expect(log.get_by_text(texts[-1], exact=True)).to_be_visible()
    shown = log.locator(".message .content, .notice p").all_inner_texts()
    found = [next((text for text in texts if line.startswith(text)), None) for line in shown]
    assert [text for text in found if text] == list(texts), shown


def wipe(page: Page) -> None:
    """Wipes the conversation by the menu."""
    page.get_by_role("button", name="Meer").click()
    page.get_by_role("button", name="Gesprek wissen").click()
    page.get_by_role("button", name="Ja, wissen").click()
