"""What people settled with a customer before, for the page of the present conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from bot.catalogue import say
from bot.desk import dutch_labels
from bot.organisation import Organisation
from bot.store.handover import handovers
from bot.store.history.linked_conversations import parts

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Most of them that are shown; the conversation itself has all.
MOST: Final = 5


@dataclass(frozen=True, slots=True)
class EarlierContact:
    """One time that a person settled something with this customer.

    Attributes:
        moment: when, in words.
        topic: what it was about.
        settled: what was agreed, or noted for colleagues; may be empty.
    """

    moment: str
    topic: str
    settled: str


def earlier(
    conn: Connection, conversation_id: str, organisation: Organisation, now: datetime
) -> tuple[EarlierContact, ...]:
    """The newest of them, on this channel and on those that the customer came from.

    Args:
        conn: a transaction.
        conversation_id: the present conversation.
        organisation: whose topics and clock these are.
        now: the present.
    """
    ended = [
        handover
        for part in parts(conn, conversation_id)
        for handover in handovers.ended(conn, part.conversation_id, MOST)
        if handover.created_at <= part.until
    ]
    ended.sort(key=lambda each: each.created_at, reverse=True)
    return tuple(
        EarlierContact(
            dutch_labels.moment(each.closed_at or now, now, organisation.timezone),
            organisation.labels.get(each.topic, "") or say("desk.no_topic"),
            dutch_labels.settled(each, bare=True),
        )
        for each in ended[:MOST]
    )
