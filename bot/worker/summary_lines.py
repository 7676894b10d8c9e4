"""Turns messages of a conversation into the lines of which a hand-over's summary is made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.conversation import built_in_messages, scores
from bot.conversation.handover_summary import SummaryLine
from bot.conversation.option_matching import asks
from bot.dutch import private_numbers
from bot.messages import Inbound, Outbound, RatingRequest
from bot.records.inbox_message import InboxMessage
from bot.store.history.timeline import TimelineEntry
from bot.topics.built_in import RATE
from bot.worker.rating_guard import is_rating


def lines(entries: Iterable[TimelineEntry]) -> list[SummaryLine]:
    """A line for each message.

    Args:
        entries: the messages, oldest first.
    """
    made: list[SummaryLine] = []
    shown: list[Outbound] = []
    answered = False
    for entry in entries:
        if entry.inbound is not None:
            made.append(_heard(entry.inbound, shown))
            answered = True
        elif entry.outbound is not None:
            if answered:
                shown, answered = [], False
            shown.append(entry.outbound.message)
            made.append(SummaryLine(entry.author, entry.outbound.message.text))
    return made


def _heard(message: InboxMessage, shown: Sequence[Outbound]) -> SummaryLine:
    inbound = message.inbound
    words = inbound.text or (
        built_in_messages.attachment_shown(inbound.attachment) if inbound.attachment else ""
    )
    return SummaryLine(
        "customer",
        # A number that an agent asked for is for that agent, not for whoever reads this later.
        private_numbers.mask(words),
        message.intent,
        inbound.payload,
        rates=message.intent == RATE or _rates(inbound, shown),
    )


def _rates(inbound: Inbound, shown: Sequence[Outbound]) -> bool:
    """Whether a message is a score, whatever it was understood as."""
    if inbound.payload is not None:
        return is_rating(inbound.payload)
    asked = next((each for each in reversed(shown) if asks(each)), None)
    return isinstance(asked, RatingRequest) and scores.payload_of(inbound.text, asked) is not None
