from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot import organisation
from bot.transcripts.html_page import page, refused
from bot.transcripts.transcript_entries import Shown, Source
from tests.support.configured_channels import PROFILES

NOW = datetime(2026, 8, 4, 7, 30, tzinfo=UTC)
ORGANISATION = organisation.load(Path(__file__).parents[3])
SITE = "https://chat.example.nl"


async def rendered(*messages: Shown) -> list[str]:
    async def stream() -> AsyncIterator[Shown]:
        for message in messages:
            yield message

    made = page(stream(), ORGANISATION, SITE, "/gesprek/abc.txt", NOW)
    return [piece async for piece in made]


async def test_everything_is_escaped() -> None:
    """What a customer typed, a title, an option: text, never markup."""
    evil = '<script>alert("x")</script>'
    source = Source(evil, evil, SITE, date(2026, 7, 1))
    whole = "".join(
        await rendered(
            Shown("customer", NOW, PROFILES["webchat"], evil),
            Shown("bot", NOW, PROFILES["webchat"], evil, options=(evil,), source=source),
            Shown("human", NOW, PROFILES["webchat"], evil, link=f'{SITE}/"><b>'),
        )
    )
    assert "<script" not in whole
    assert "<b>" not in whole
    assert whole.count("&lt;script&gt;") == 6


async def test_days_and_channels_are_told_apart() -> None:
    """A heading a day, and a line where the talk went on elsewhere."""
    later = NOW + timedelta(days=1)
    whole = "".join(
        await rendered(
            Shown("customer", NOW, PROFILES["webchat"], "een"),
            Shown("customer", NOW, PROFILES["webchat"], "twee"),
            Shown("customer", later, PROFILES["whatsapp"], "drie"),
        )
    )
    assert whole.count("<section") == whole.count("</section>") == 2
    assert whole.count("<ol>") == whole.count("</ol>") == 2
    assert whole.count("Hierna via WhatsApp") == 1


async def test_a_long_conversation_comes_in_pieces() -> None:
    """No piece grows with the conversation."""
    pieces = await rendered(
        *(Shown("customer", NOW, PROFILES["webchat"], "hoi") for _ in range(1000))
    )
    assert max(map(len, pieces)) < 20_000
    assert "".join(pieces).count("hoi") == 1000


async def test_an_empty_conversation_says_so() -> None:
    """And closes nothing that was not opened."""
    whole = "".join(await rendered())
    assert "Er zijn nog geen berichten." in whole
    assert "</ol>" not in whole


def test_a_refusal_shows_the_way_out() -> None:
    """A new link, the chat, the telephone and e-mail."""
    whole = refused("Deze link is verlopen.", ORGANISATION, SITE)
    assert "<h1>Deze link is verlopen.</h1>" in whole
    for way in (f'href="{SITE}/"', ORGANISATION.phone, ORGANISATION.email, "nieuwe link"):
        assert way in whole
