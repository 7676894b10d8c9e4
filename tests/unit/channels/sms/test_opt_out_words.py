"""STOP and START are recognised, and nothing else is."""

from __future__ import annotations

import pytest

from channels.sms.opt_out_words import TWILIO_IN, TWILIO_OUT, wish


@pytest.mark.parametrize(
    "text", ["stop", "STOP", " Stop. ", "stop!", "afmelden", "Afmelden", "STOPALL", "unsubscribe"]
)
def test_out(text: str) -> None:
    """Case and punctuation do not matter."""
    assert wish(text) == "out"


@pytest.mark.parametrize("text", ["start", "AAN", "Unstop", "start!"])
def test_back_in(text: str) -> None:
    """The same for START."""
    assert wish(text) == "in"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "stoppen",
        "annuleer",
        "stop met mijn abonnement",
        "ik wil stoppen",
        "halte stop",
        "aan wie",
        "end",
        "ja",
    ],
)
def test_a_sentence_is_no_wish(text: str) -> None:
    """Only the word alone counts."""
    assert wish(text) is None


def test_twilio_blocks_on_more_words() -> None:
    """What Twilio acts on is recorded, and its own judgement goes before the words."""
    assert wish("quit", TWILIO_OUT, TWILIO_IN) == "out"
    assert wish("Yes", TWILIO_OUT, TWILIO_IN) == "in"
    assert wish("laat me met rust", TWILIO_OUT, TWILIO_IN, "STOP") == "out"
    assert wish("doe maar weer", TWILIO_OUT, TWILIO_IN, "START") == "in"
    assert wish("hulp", TWILIO_OUT, TWILIO_IN, "HELP") == "help"
    assert wish("help", TWILIO_OUT, TWILIO_IN) is None
