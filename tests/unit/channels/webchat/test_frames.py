from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.messages import Inbound, Text
from bot.records.inbox_message import InboxMessage
from bot.records.outbox_message import OutboxMessage
from bot.store.history.timeline import TimelineEntry
from channels.webchat.frames import entry_data, entry_frame, state_frame, typing_frame

AT = datetime(2026, 8, 3, 12, tzinfo=UTC)
NOW = datetime(2026, 8, 3, 14, 30, tzinfo=UTC)


def said(text: str) -> TimelineEntry:
    return TimelineEntry(
        "i3.o7", "bot", AT, None, OutboxMessage(7, "c", 3, "bot", Text(text), AT, "queued")
    )


def test_an_entry_is_one_event_whatever_its_text() -> None:
    """No text can end the event early or add a field to it."""
    text = "a\n\nid: 9\ndata: x\r\n\u2028 ‘é’ 👍"
    frame = entry_frame(said(text), NOW).decode("ascii")
    head, event, data, *rest = frame.split("\n")
    assert (head, event, rest) == ("id: i3.o7", "event: message", ["", ""])
    told = json.loads(data.removeprefix("data: "))
    assert (told["text"], told["now"]) == (text, "2026-08-03T14:30:00+00:00")


def test_a_customers_message_carries_the_browsers_own_id() -> None:
    """And never the sender's address."""
    inbound = Inbound("webchat", "address", "address.client-id", "Ja", "/affirm")
    data = entry_data(TimelineEntry("i5.o0", "customer", AT, InboxMessage(5, inbound, AT), None))
    assert data == {
        "entry": "i5",
        "author": "customer",
        "at": "2026-08-03T12:00:00+00:00",
        "id": "client-id",
        "kind": "text",
        "text": "Ja",
        "payload": "/affirm",
    }


def test_a_file_of_the_customer_is_told_by_its_kind() -> None:
    """With words in its place, for who does not draw it; what was typed with it is a text."""
    sent = Inbound("webchat", "address", "address.client-id", "", attachment="image")
    data = entry_data(TimelineEntry("i5.o0", "customer", AT, InboxMessage(5, sent, AT), None))
    assert (data["kind"], data["attachment"], data["text"]) == ("file", "image", "[foto]")
    told = InboxMessage(5, replace(sent, text="Kijk"), AT)
    data = entry_data(TimelineEntry("i5.o0", "customer", AT, told, None))
    assert (data["kind"], data["text"], "attachment" in data) == ("text", "Kijk", False)


def test_the_state_says_who_answers() -> None:
    """Without an id: it is no entry to go on from. By name, where a person does."""
    assert state_frame("human") == b'event: state\ndata: {"owner":"human"}\n\n'
    named = state_frame("human", "Samira")
    assert named == b'event: state\ndata: {"owner":"human","name":"Samira"}\n\n'


def test_a_sign_of_typing_holds_a_name_and_a_time() -> None:
    """Without an id: it is no entry to go on from."""
    begun = typing_frame("Samira", typing=True)
    assert begun == b'event: typing\ndata: {"name":"Samira","seconds":6}\n\n'
    assert typing_frame("Samira", typing=False) == b'event: typing\ndata: {"seconds":0}\n\n'


def test_an_entry_without_a_message_is_an_error() -> None:
    """The timeline never makes one."""
    with pytest.raises(ValueError, match="holds a message"):
        entry_data(TimelineEntry("i0.o0", "bot", AT, None, None))
