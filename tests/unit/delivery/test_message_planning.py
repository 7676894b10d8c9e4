"""A turn's messages as the provider gets them."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.delivery.message_planning import plan
from bot.messages import Choice, Option, Outbound, Text
from bot.records.outbox_message import OutboxMessage
from channels import registry
from channels.protocol import PushChannel
from tests.support.any_assistant import ROOT

LIST = Choice("Meer weten?", (Option("Kaart", "/map"), Option("Route", "/route")))
FOOD = Choice("Wat eet u?", (Option("Grieks", "/greek"), Option("Frans", "/french")))
PEOPLE = Choice("Met hoeveel bent u?", (Option("Medewerker", "/medewerker"),))


def seen(*messages: Outbound, turns: int = 1) -> list[str]:
    """The text messages in which a customer gets these."""
    now = datetime.now(UTC)
    rows = [
        OutboxMessage(number, "c", number * turns // len(messages), "bot", each, now, "queued")
        for number, each in enumerate(messages)
    ]
    channel = registry.previews(ROOT)["sms"]
    assert isinstance(channel, PushChannel)
    return ["\n".join(str(part) for part in each.parts) for each in plan(channel, rows)]


def test_one_text_holds_one_list_with_numbers() -> None:
    """The last; what is above it is chosen by its words, so that "1" is one thing."""
    (text,) = seen(LIST, FOOD)
    assert "1. Grieks" in text
    assert "1. Kaart" not in text
    assert "Of typ: kaart, route." in text


def test_no_numbers_stand_above_a_question_in_words() -> None:
    """A number is the answer to that question."""
    for question in (PEOPLE, Text("Met hoeveel bent u?")):
        (text,) = seen(LIST, question)
        assert "1. Kaart" not in text


def test_a_list_stays_numbered_otherwise() -> None:
    """Below nothing but a remark, and in a turn of its own."""
    (text,) = seen(LIST, Text("Neem de tijd."))
    assert "1. Kaart" in text
    first, second = seen(LIST, FOOD, turns=2)
    assert "1. Kaart" in first
    assert "1. Grieks" in second
