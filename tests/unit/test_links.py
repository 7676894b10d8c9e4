"""Addresses in replies: filled in by the worker, or the whole reply is another."""

from __future__ import annotations

import pytest

from bot.conversation import links, texts
from bot.messages import Choice, Option, Text


def test_a_mark_becomes_the_address() -> None:
    """Whatever stands around it stays."""
    said = (Text(f"Hier: {links.TRANSCRIPT}. Tot dan."), Text("Meer?"))
    assert links.marks(said) == (links.TRANSCRIPT,)
    filled = links.fill(said, {links.TRANSCRIPT: "https://a.example/gesprek/x"})
    assert filled == (Text("Hier: https://a.example/gesprek/x. Tot dan."), Text("Meer?"))


def test_a_mark_without_an_address() -> None:
    """A sentence without its address says nothing: another one says what is possible."""
    mark = links.continue_on("sms")
    assert links.channel_of(mark) == "sms"
    assert links.fill((Text(mark),), {mark: None}) == (texts.stay_here(),)
    assert links.fill((Text(links.TRANSCRIPT),), {}) == (texts.no_transcript(),)


def test_only_channels_that_are_there_are_offered() -> None:
    """And when none is, the question is not asked."""
    sms = Option("SMS", '/continue_elsewhere{"channel": "sms"}')
    app = Option("WhatsApp", '/continue_elsewhere{"channel": "whatsapp"}')
    ask = Choice("Waar?", (sms, app))
    assert links.offer_only((ask,), {"sms"}) == (Choice("Waar?", (sms,)),)
    assert links.offer_only((ask,), {"sms", "whatsapp"}) == (ask,)
    assert links.offer_only((ask,), ()) == (texts.stay_here(),)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("gesprek bewaren", True),
        ("stuur mij het gesprek", True),
        ("kan ik dit gesprek opslaan", True),
        ("verslag", True),
        ("mail me deze chat", True),
        ("in ons gesprek zei u iets anders", False),
        ("waar is mijn pakket", False),
    ],
)
def test_asking_for_a_copy(text: str, asks: bool) -> None:
    """In plain words, for when no model is loaded."""
    assert links.asks_transcript(text) is asks
