"""News reaches the chat through what stands between, and messages leave it with the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.messages import Text
from tests.support.buffering_proxy import buffering
from tests.support.chat_page import sees, write
from tests.support.webchat import Backstage, Server, free_port, running

pytestmark = pytest.mark.browser


def test_behind_a_proxy_that_holds_streams_back_the_chat_works(
    context: BrowserContext, tmp_path: Path
) -> None:
    """It asks for news instead: answers come, each once, and a reload needs no new attempt."""
    port = free_port()
    public = f"http://127.0.0.1:{port}"
    with running(tmp_path, LOKET_PUBLIC_URL=public) as server, buffering(port, server.url) as told:
        backstage = Backstage(tmp_path)
        page = context.new_page()
        page.goto(public)
        page.get_by_role("button", name="Chat met de AI-assistent").click()
        write(page, "hoort u mij?")
        backstage.answer("hoort u mij?", Text("ja, ik hoor u"))
        sees(page, "hoort u mij?", "ja, ik hoor u")
        expect(page.locator(".banner")).to_be_empty()
        backstage.take("Samira", Text("Met Samira."))
        sees(page, "hoort u mij?", "ja, ik hoor u", "Met Samira.")
        expect(page.locator(".identity")).to_have_text("U chat nu met Samira, medewerker")
        page.reload()
        sees(page, "hoort u mij?", "ja, ik hoor u", "Met Samira.")
        assert "/webchat/events?once" in told
        assert "/webchat/events" not in told
        page.close()
        backstage.close()


def test_a_stream_that_works_is_not_given_up(page: Page, backstage: Backstage) -> None:
    """No chat asks every few seconds that need not."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    write(page, "hoi")
    backstage.answer("hoi", Text("dag"))
    sees(page, "hoi", "dag")
    page.reload()
    sees(page, "hoi", "dag")
    assert not any(url.endswith("?once") for url in asked)


def test_a_message_is_sent_while_the_page_is_left(
    page: Page, server: Server, backstage: Backstage
) -> None:
    """Without a place to keep it, it goes out with the page itself."""
    write(page, "eerst")
    backstage.wait_for("eerst")
    sent = page.evaluate(
        """() => new Promise(resolve => {
            const real = window.fetch;
            window.fetch = (address, options) => {
                if (String(address).endsWith("/messages")) resolve(options.keepalive);
                return real(address, options);
            };
            const root = document.querySelector("loket-chat").shadowRoot;
            root.querySelector("textarea").value = "en weg";
            root.querySelector("form").requestSubmit();
        })"""
    )
    assert sent is True
    backstage.wait_for("en weg")
    expect(page.get_by_text("Wordt verstuurd")).to_have_count(0)
    page.evaluate(
        """() => {
            const root = document.querySelector("loket-chat").shadowRoot;
            root.querySelector("textarea").value = "tot ziens";
            root.querySelector("form").requestSubmit();
            Storage.prototype.setItem = () => {};
            localStorage.clear();
            location.href = "/kennis";
        }"""
    )
    page.wait_for_url("**/kennis")
    backstage.wait_for("tot ziens")
