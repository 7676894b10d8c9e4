"""Which of a customer's messages is a score: what was said in answer to a request for one."""

from __future__ import annotations

import pytest

from bot.messages import Choice, Inbound, Option, Outbound, RatingRequest, Text
from bot.records.inbox_message import InboxMessage
from bot.records.outbox_message import OutboxMessage
from bot.store.history.timeline import TimelineEntry
from bot.worker import summary_lines
from tests.support.desk import NOW

ASKED = RatingRequest("Hoe ging het?", of="human")


def told(message: Outbound) -> TimelineEntry:
    row = OutboxMessage(1, "c", None, "system", message, NOW, "sent")
    return TimelineEntry("i0.o1", "system", NOW, None, row)


def heard(text: str, payload: str | None = None, intent: str | None = None) -> TimelineEntry:
    row = InboxMessage(1, Inbound("webchat", "anna", "m", text, payload), NOW, intent)
    return TimelineEntry("i1.o1", "customer", NOW, row, None)


@pytest.mark.parametrize(
    ("before", "said", "rates"),
    [
        ([told(ASKED)], heard("2"), True),
        ([told(ASKED)], heard("2 want het duurde lang"), True),
        ([told(ASKED)], heard("👍"), True),
        ([told(ASKED)], heard("Waar blijft mijn pakket?"), False),
        ([told(ASKED), heard("Waar blijft mijn pakket?")], heard("2"), True),
        ([told(ASKED), heard("4"), told(Text("Hoeveel stuks?"))], heard("2"), False),
        ([told(ASKED), told(Choice("Wat zoekt u?", (Option("A", "/a"),)))], heard("2"), False),
        ([], heard("2", '/rate{"score": 2, "of": "human"}'), True),
        ([], heard("Ander cijfer", '/rate{"of": "human"}'), True),
        ([], heard("ik geef jullie een dikke min", intent="rate"), True),
        ([], heard("2"), False),
    ],
)
def test_what_answers_a_request_for_a_score(
    before: list[TimelineEntry], said: TimelineEntry, *, rates: bool
) -> None:
    """A tap, or words that are a score; a question below it is one."""
    assert summary_lines.lines([*before, said])[-1].rates is rates
