from __future__ import annotations

from datetime import UTC, date, datetime

from bot.messages import (
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
from bot.store.inbox import InboxMessage
from bot.store.outbox import OutboxMessage
from bot.store.timeline import Entry
from channels.webchat.transcript import rated, transcript

NOW = datetime(2026, 8, 4, 7, 30, tzinfo=UTC)


def asked(text: str, at: datetime, payload: str | None = None) -> Entry:
    inbound = Inbound("webchat", "a", "m", text, payload)
    return Entry("i1.o0", "customer", at, InboxMessage(1, inbound, at, 0), None)


def said(message: Outbound, at: datetime, author: Author = "bot") -> Entry:
    stored = OutboxMessage(1, "c", None, author, message, at, "sent")
    return Entry("i0.o1", author, at, None, stored)


def test_a_whole_conversation() -> None:
    """Who said what and when, in Dutch time, with options, sources and scores."""
    evening = datetime(2026, 8, 3, 21, 59, tzinfo=UTC)
    night = datetime(2026, 8, 3, 22, 1, tzinfo=UTC)
    text = transcript(
        [
            said(Notice("U chat met een AI-assistent.", "disclosure"), evening),
            asked("mag ik dit\nterugsturen?", evening),
            said(Quote("Ja.", "Binnen 30 dagen.", "Retour", "/retour", date(2026, 7, 1)), evening),
            said(Choice("Nog iets?", (Option("Ja", "/a"), Option("Nee", "/b"))), evening),
            said(Media("Pakbon", "https://example.nl/p.pdf", "application/pdf"), evening),
            said(Text("Met Samira."), night, "human"),
            said(RatingRequest("Cijfer?", "human"), night, "system"),
            asked("4", night, '/rate{"score": 4, "of": "human"}'),
        ],
        NOW,
    )
    assert text.replace("\r\n", "\n") == (
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
        "       Bron: Retour, /retour (gecontroleerd op 1 juli 2026)\n"
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


def test_every_line_ends_as_windows_wants_it() -> None:
    """Notepad shows it, and so does everything else."""
    text = transcript([asked("hoi\n\nnog iets", NOW)], NOW)
    assert text.count("\n") == text.count("\r\n")


def test_a_source_without_a_date() -> None:
    """Nothing is said about when it was checked."""
    text = transcript([said(Quote("Ja.", "Passage.", "Titel", "/a"), NOW)], NOW)
    assert "Bron: Titel, /a\r\n" in text


def test_an_empty_conversation_says_so() -> None:
    """A file with nothing in it would look like an error."""
    assert "Er zijn nog geen berichten." in transcript([], NOW)


def test_only_a_rating_is_a_score() -> None:
    """Other payloads and typed text are shown as they are."""
    assert rated('/rate{"of": "bot", "score":5}') == 5
    assert rated('/rate{"of": "bot"}') is None
    assert rated('/meter{"score": 4}') is None
    assert rated(None) is None
