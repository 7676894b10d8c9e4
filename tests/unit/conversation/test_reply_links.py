"""Addresses in replies: filled in by the worker, or the whole reply is another."""

from __future__ import annotations

import pytest

from bot.conversation import built_in_messages, reply_links
from bot.messages import Choice, Option, Text


def test_a_mark_becomes_the_address() -> None:
    """Whatever stands around it stays."""
    said = (Text(f"Hier: {reply_links.TRANSCRIPT}. Tot dan."), Text("Meer?"))
    assert reply_links.marks(said) == (reply_links.TRANSCRIPT,)
    filled = reply_links.fill(said, {reply_links.TRANSCRIPT: "https://a.example/gesprek/x"})
    assert filled == (Text("Hier: https://a.example/gesprek/x. Tot dan."), Text("Meer?"))


def test_a_mark_without_an_address() -> None:
    """A sentence without its address says nothing: another one says what is possible."""
    mark = reply_links.continue_on("sms")
    assert reply_links.channel_of(mark) == "sms"
    assert reply_links.fill((Text(mark),), {mark: None}) == (built_in_messages.stay_here(),)
    assert reply_links.fill((Text(reply_links.TRANSCRIPT),), {}) == (
        built_in_messages.no_transcript(),
    )


def test_only_channels_that_are_there_are_offered() -> None:
    """And when none is, the question is not asked."""
    sms = Option("SMS", '/continue_elsewhere{"channel": "sms"}')
    app = Option("WhatsApp", '/continue_elsewhere{"channel": "whatsapp"}')
    ask = Choice("Waar?", (sms, app))
    assert reply_links.offer_only((ask,), {"sms"}) == (Choice("Waar?", (sms,)),)
    assert reply_links.offer_only((ask,), {"sms", "whatsapp"}) == (ask,)
    assert reply_links.offer_only((ask,), ()) == (built_in_messages.stay_here(),)


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
    assert reply_links.asks_transcript(text) is asks
