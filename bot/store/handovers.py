"""Hand-overs to a person: why, about what, and what the person needs to know. One open at most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from bot.messages import Reason
from bot.store.statements import insert_new
from bot.store.tables import handovers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.sql import Select


@dataclass(frozen=True, slots=True)
class Handover:
    """A hand-over.

    Attributes:
        id: its row; grows with time.
        conversation_id: the conversation.
        reason: why a person is needed.
        topic: what it is about (an intent name), or empty.
        summary: what the person must know, as `bot.conversation.summary` makes it.
        created_at: when the customer was handed over (UTC).
    """

    id: int
    conversation_id: str
    reason: Reason
    topic: str
    summary: Mapping[str, Any]
    created_at: datetime


_h = handovers.c


def _open_ones() -> Select:
    return select(_h.id, _h.conversation_id, _h.reason, _h.topic, _h.summary, _h.created_at).where(
        _h.closed_at.is_(None)
    )


def open_(
    conn: Connection,
    conversation_id: str,
    reason: Reason,
    topic: str,
    summary: Mapping[str, Any],
    now: datetime,
) -> Handover:
    """Put a conversation in the queue for a person.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        reason: why.
        topic: what it is about, or empty.
        summary: what the person must know; JSON values.
        now: the present.

    Returns:
        The open hand-over; when one was open already, that one, unchanged.
    """
    values = {
        "conversation_id": conversation_id,
        "reason": reason,
        "topic": topic,
        "summary": dict(summary),
        "created_at": now,
    }
    insert_new(conn, handovers, values)
    row = conn.execute(_open_ones().where(_h.conversation_id == conversation_id)).one()
    return Handover(*row)


def close(conn: Connection, conversation_id: str, outcome: str, now: datetime) -> bool:
    """Close the open hand-over; returns False when there is none.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        outcome: how it ended, one word, at most 32 characters.
        now: the present.
    """
    result = conn.execute(
        update(handovers)
        .where(_h.conversation_id == conversation_id, _h.closed_at.is_(None))
        .values(closed_at=now, outcome=outcome)
    )
    return bool(result.rowcount)


def waiting(conn: Connection) -> tuple[Handover, ...]:
    """The open hand-overs, longest waiting first."""
    return tuple(Handover(*row) for row in conn.execute(_open_ones().order_by(_h.id)))
