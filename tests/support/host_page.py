"""A website of somebody else with the chat on it, as its builder wrote it."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import BrowserContext, Page, Route

from tests.support.webchat import Server

#: The line that most websites need.
TAG: Final = '<script type="module" src="/webchat/loket-chat.js" data-title="Winkel"></script>'
#: Notes every event that the chat tells its page.
LISTENING: Final = """<script>
window.told = [];
for (const type of ["ready", "open", "close", "message", "unread", "identified"]) {
  document.addEventListener(`loket:${type}`, ({ type, detail }) => told.push([type, detail]));
}
</script>"""


def host_page(context: BrowserContext, server: Server, html: str = TAG) -> Page:
    """Opens a page with this in it, on the server's own origin.

    Args:
        context: whose browser it is.
        server: the web process.
        html: the body, with the line that brings the chat.
    """
    page = context.new_page()
    whole = (
        '<!doctype html><html lang="nl"><meta charset="utf-8"><title>Winkel</title>'
        f'<meta name="viewport" content="width=device-width">{LISTENING}'
        f"<main><h1>Winkel</h1></main>{html}"
    )

    def serve(route: Route) -> None:
        route.fulfill(content_type="text/html; charset=utf-8", body=whole)

    page.route("**/winkel", serve)
    page.goto(f"{server.url}/winkel")
    return page


def told(page: Page, kind: str) -> list[dict[str, object]]:
    """The details of all events of a kind, oldest first."""
    found: list[dict[str, object]] = page.evaluate(
        "kind => told.filter(([type]) => type === `loket:${kind}`).map(([, detail]) => detail)",
        kind,
    )
    return found


def tells(page: Page, kind: str, times: int = 1) -> list[dict[str, object]]:
    """Waits until the chat told something so often; its details."""
    page.wait_for_function(
        "([kind, times]) => told.filter(([type]) => type === `loket:${kind}`).length >= times",
        arg=[kind, times],
    )
    return told(page, kind)
