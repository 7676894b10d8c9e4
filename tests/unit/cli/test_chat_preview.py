"""`loket chat --channel`: what a customer of each channel would see."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.cli.chat_drawing import shown
from bot.messages import Choice, Notice, Option, Outbound, RatingRequest, Text
from bot.records.outbox_message import OutboxMessage
from channels import registry

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
ASKED = Choice("Klopt dit?", (Option("Ja, klopt", "/affirm"), Option("Stoppen", "/cancel_task")))
WAYS_OUT = Choice("Welk nummer?", (Option("Medewerker", "/medewerker"),))


def seen(channel: str, *said: Outbound) -> str:
    """The lines of one turn."""
    messages = [
        OutboxMessage(number, "c", 1, "bot", each, NOW, "queued")
        for number, each in enumerate(said, start=1)
    ]
    return "\n".join(shown(registry.previews(ROOT, {})[channel], messages))


def test_the_web_chat_numbers_what_can_be_chosen() -> None:
    """Ways out are shown without a number."""
    assert seen("webchat", Text("Dag!")) == "   Dag!"
    assert "[1] Ja, klopt\n     [2] Stoppen" in seen("webchat", ASKED)
    assert "[-] Medewerker" in seen("webchat", WAYS_OUT)


def test_buttons_are_drawn() -> None:
    """On WhatsApp and Telegram; nothing needs to be configured."""
    for channel in ("whatsapp", "telegram"):
        drawn = seen(channel, ASKED, RatingRequest("Geholpen?"))
        assert "Klopt dit?" in drawn
        assert "Ja, klopt" in drawn
        assert "Stoppen" in drawn
        assert "5" in drawn


def test_segments_are_counted() -> None:
    """On SMS a turn is one message; "stop" is the carrier's."""
    drawn = seen("sms", Notice("U chat met een AI.", "disclosure"), ASKED)
    assert "1. Ja, klopt" in drawn
    assert "2. Annuleer" in drawn
    assert drawn.count("segment") == 1
    assert "Of typ: medewerker." in seen("sms", WAYS_OUT)
