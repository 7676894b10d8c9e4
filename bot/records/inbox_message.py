"""A customer's message, as kept, and the result of handing one in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.messages import Inbound

#: A customer who goes on typing is answered this many pauses after the first message.
MOST_PAUSES: Final = 4


@dataclass(frozen=True, slots=True)
class AcceptedMessage:
    """The result of handing in a message.

    Attributes:
        conversation_id: the conversation it belongs to.
        inbox_id: its row, the same for every delivery of this message.
        duplicate: whether an earlier delivery had already made that row.
        outcome: a word for what its channel did about it at once; None: it waits for a worker.
    """

    conversation_id: str
    inbox_id: int
    duplicate: bool
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """A message of a customer, as kept.

    Attributes:
        id: its row; grows in order of arrival within a conversation.
        inbound: the message.
        received_at: when Loket took it in (UTC).
        intent: the intent that it was understood as, or None: not understood, or not handled yet.
        earlier: rows of the messages before it that one turn answers with it
            (`bot.conversation.bursts`); its words are then those of all.
    """

    id: int
    inbound: Inbound
    received_at: datetime
    intent: str | None = None
    earlier: tuple[int, ...] = ()


def in_order(messages: Iterable[InboxMessage]) -> tuple[InboxMessage, ...]:
    """Messages in the order in which the customer sent them, as far as can be known.

    That is by the provider's times when every message has one, as some gateways deliver in
    parallel; messages of the same time, or without times, stay in order of arrival.
    """
    arrived = sorted(messages, key=lambda message: message.id)
    times = [message.inbound.sent_at for message in arrived]
    known = [moment for moment in times if moment is not None]
    if len(known) < len(times):
        return tuple(arrived)
    order = sorted(range(len(known)), key=known.__getitem__)
    return tuple(arrived[index] for index in order)
