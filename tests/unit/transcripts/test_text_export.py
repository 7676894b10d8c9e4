from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from bot.messages import (
    Attachment,
    Author,
    Choice,
    Inbound,
    Media,
    Notice,
    Option,
    Outbound,
    Quote,
    RatingRequest,
    Text,
)
from bot.records.inbox_message import InboxMessage
from bot.records.outbox_message import OutboxMessage
from bot.store.history.timeline import TimelineEntry
from bot.transcripts import text_export
from bot.transcripts.transcript_entries import Shown, rated, shown
from tests.support.configured_channels import PROFILES

NOW = datetime(2026, 8, 4, 7, 30, tzinfo=UTC)
SITE = "https://chat.example.nl"


def asked(
    text: str,
    at: datetime = NOW,
    payload: str | None = None,
    attachment: Attachment | None = None,
    channel: str = "webchat",
) -> Shown:
    inbound = Inbound("webchat", "a", "m", text, payload, attachment=attachment)
    entry = TimelineEntry("i1.o0", "customer", at, InboxMessage(1, inbound, at), None)
    return shown(entry, PROFILES[channel], SITE)


def said(
    message: Outbound, at: datetime = NOW, author: Author = "bot", channel: str = "webchat"
) -> Shown:
    stored = OutboxMessage(1, "c", None, author, message, at, "sent")
    return shown(TimelineEntry("i0.o1", author, at, None, stored), PROFILES[channel], SITE)


async def stream(*messages: Shown) -> AsyncIterator[Shown]:
    for message in messages:
        yield message


async def text(*messages: Shown) -> str:
    return "".join([piece async for piece in text_export.text(stream(*messages), NOW)])


async def test_a_whole_conversation() -> None:
    """Who said what and when, in Dutch time, with options, sources and scores."""
    evening = datetime(2026, 8, 3, 21, 59, tzinfo=UTC)
    night = datetime(2026, 8, 3, 22, 1, tzinfo=UTC)
    whole = await text(
        said(Notice("U chat met een AI-assistent.", "disclosure"), evening),
        asked("mag ik dit\nterugsturen?", evening),
        said(Quote("Ja.", "Binnen 30 dagen.", "Retour", "/retour", date(2026, 7, 1)), evening),
        said(Choice("Nog iets?", (Option("Ja", "/a"), Option("Nee", "/b"))), evening),
        said(Media("Pakbon", "https://example.nl/p.pdf", "application/pdf"), evening),
        said(Text("Met Samira."), night, "human"),
        said(RatingRequest("Cijfer?", "human"), night, "system"),
        asked("4", night, '/rate{"score": 4, "of": "human"}'),
    )
    assert whole.replace("\r\n", "\n") == (
        "Uw chatgesprek\n"
        "Opgeslagen op dinsdag 4 augustus 2026 om 09:30 uur\n"
        "\n"
        "Maandag 3 augustus 2026\n"
        "\n"
        "23:59  AI-assistent: U chat met een AI-assistent.\n"
        "\n"
        "23:59  U: mag ik dit\n"
        "       terugsturen?\n"
        "\n"
        "23:59  AI-assistent: Ja.\n"
        "       “Binnen 30 dagen.”\n"
        "       Bron: Retour, https://chat.example.nl/retour (gecontroleerd op 1 juli 2026)\n"
        "\n"
        "23:59  AI-assistent: Nog iets?\n"
        "       - Ja\n"
        "       - Nee\n"
        "\n"
        "23:59  AI-assistent: Pakbon: https://example.nl/p.pdf\n"
        "\n"
        "Dinsdag 4 augustus 2026\n"
        "\n"
        "00:01  Medewerker: Met Samira.\n"
        "\n"
        "00:01  Bericht: Cijfer?\n"
        "\n"
        "00:01  U: Beoordeling: 4 van 5\n"
    )


async def test_every_line_ends_as_windows_wants_it() -> None:
    """Notepad shows it, and so does everything else."""
    whole = await text(asked("hoi"))
    assert whole.count("\n") == whole.count("\r\n") > 4


async def test_another_channel_is_told() -> None:
    """Who reads it later sees where the talk went on."""
    whole = await text(asked("hoi"), asked("ook hoi", channel="whatsapp"))
    assert "Hierna via WhatsApp" in whole


async def test_what_cannot_be_shown_is_named() -> None:
    """A photo leaves a trace, and so does its caption."""
    whole = await text(asked("kapot", attachment="image"), asked("", attachment="voice"))
    assert "U: [foto]\r\n" in whole.replace("\n       kapot", "\n")
    assert "kapot" in whole
    assert "[spraakbericht]" in whole


@pytest.mark.parametrize(
    ("media_type", "named"),
    [("image/jpeg", "[foto]"), ("application/pdf", "[bestand]"), ("audio/ogg", "[geluid]")],
)
async def test_a_file_without_words_is_named_by_its_kind(media_type: str, named: str) -> None:
    """Nothing stands before its address but what it is."""
    whole = await text(said(Media("", "/bestand/a", media_type), author="human"))
    assert f"Medewerker: {named}: {SITE}/bestand/a\r\n" in whole


async def test_an_answer_in_the_words_of_its_source() -> None:
    """The passage stands there once, with what must be known about the page."""
    quote = Quote("Binnen 30 dagen.", "Binnen 30 dagen.", "Retour", "/a", note="Dit is oud.")
    whole = await text(said(quote))
    assert whole.count("Binnen 30 dagen.") == 1
    assert "Dit is oud." in whole


async def test_a_source_without_a_date() -> None:
    """Nothing is said about when it was checked."""
    assert "Bron: Titel, https://chat.example.nl/a\r\n" in await text(
        said(Quote("Ja.", "Passage.", "Titel", "/a"))
    )


async def test_an_unsafe_address_is_left_out() -> None:
    """What a browser would run instead of open never becomes a link."""
    for url in ("javascript:alert(1)", "//evil.example", "data:text/html,x", "/a\nb", "http://["):
        assert said(Quote("Ja.", "P.", "T", url)).source.url == ""  # type: ignore[union-attr]
        assert said(Media("Foto", url, "image/png")).link == ""


async def test_an_empty_conversation_says_so() -> None:
    """A file with nothing in it would look like an error."""
    assert "Er zijn nog geen berichten." in await text()


async def test_json_has_a_message_a_line() -> None:
    """A program reads it line by line."""
    messages = (asked("hoi"), said(Quote("Ja.", "P.", "T", "/a", date(2026, 7, 1))))
    lines = [json.loads(line) async for line in text_export.json_lines(stream(*messages))]
    assert lines[0] | {"at": ""} == {
        "at": "",
        "channel": "webchat",
        "author": "customer",
        "text": "hoi",
        "notice": False,
        "options": [],
        "source": None,
        "link": None,
        "status": None,
    }
    assert lines[1]["source"] == {
        "passage": "P.",
        "title": "T",
        "url": "https://chat.example.nl/a",
        "date": "2026-07-01",
        "note": None,
    }


def test_only_a_rating_is_a_score() -> None:
    """Other payloads and typed text are shown as they are."""
    assert rated('/rate{"of": "bot", "score":5}') == 5
    assert rated('/rate{"of": "bot"}') is None
    assert rated('/meter{"score": 4}') is None
    assert rated(None) is None
