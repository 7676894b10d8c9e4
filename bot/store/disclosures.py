"""The record of who was told, when, where and in which words, that they talk to an AI."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.store.tables import disclosures

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One disclosure.

    Attributes:
        conversation_id: the conversation.
        channel: where.
        version: version of the text.
        text: the words shown.
        at: when (UTC).
    """

    conversation_id: str
    channel: str
    version: str
    text: str
    at: datetime


def record(
    conn: Connection, conversation_id: str, channel: str, version: str, text: str, now: datetime
) -> None:
    """Keep on record that the customer is told now; in the transaction that adds the message."""
    conn.execute(
        disclosures.insert().values(
            conversation_id=conversation_id, channel=channel, version=version, text=text, at=now
        )
    )


def of(conn: Connection, conversation_id: str) -> tuple[Disclosure, ...]:
    """The disclosures of a conversation, oldest first."""
    d = disclosures.c
    rows = conn.execute(
        select(d.conversation_id, d.channel, d.version, d.text, d.at)
        .where(d.conversation_id == conversation_id)
        .order_by(d.id)
    )
    return tuple(Disclosure(*row) for row in rows)
