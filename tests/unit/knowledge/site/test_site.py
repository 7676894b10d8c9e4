"""The pages on the web: their text is text, and the chat stands beside it where there is one."""

from __future__ import annotations

from datetime import date

from bot.knowledge import site
from bot.knowledge.pages import read

FRONT = "---\ntitle: Retour\nurl: /kennis/retour\ndate: 2026-09-01\nowner: Retouren\n---\n"


def test_the_page_on_the_web_is_safe_and_says_its_date() -> None:
    """Markup in the text is text; owner and date are shown; an old page warns."""
    page = read("retour.md", f"{FRONT}## A & B?\n[klik](javascript:alert) 1 < 2 & 3.")
    shown = site.page_html(page, {"retour": page}, site.Host("P & P"), date(2026, 10, 1), 730)
    assert "1 &lt; 2 &amp; 3" in shown
    assert 'href="javascript' not in shown
    assert "1 september 2026" in shown
    assert "Retouren" in shown
    assert "Let op" not in shown
    assert "Let op" in site.page_html(
        page, {"retour": page}, site.Host("P & P"), date(2036, 1, 1), 730
    )
    assert "<style" not in shown
    assert "<script>" not in shown


def test_the_chat_is_on_the_page_where_there_is_one() -> None:
    """Its script and the words about it; an installation without such a channel has neither."""
    page = read("retour.md", f"{FRONT}T.")
    shown = [
        site.page_html(
            page, {"retour": page}, site.Host("P & P", chat=chat), date(2026, 10, 1), 730
        )
        for chat in ("/own/chat.js", "")
    ]
    assert ['src="/own/chat.js"' in each for each in shown] == [True, False]
    assert ["<script" in each for each in shown] == [True, False]
    assert ["Stel uw vraag in de chat" in each for each in shown] == [True, False]
