"""Notes that agents write for each other about a conversation; customers never see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.store.sql.tables import agents, notes

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Note:
    """A note of an agent about a conversation.

    Attributes:
        id: its row; grows with time.
        conversation_id: the conversation.
        agent_id: the agent who wrote it; None for the system, or for an account that is gone.
        by: that person's name, or empty.
        text: what it says.
        created_at: when (UTC).
    """

    id: int
    conversation_id: str
    agent_id: int | None
    by: str
    text: str
    created_at: datetime


_n = notes.c


def add(
    conn: Connection, conversation_id: str, agent_id: int | None, text: str, now: datetime
) -> int:
    """Write a note.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        agent_id: the agent who writes; None for the system.
        text: what it says.
        now: the present.

    Returns:
        The note's id.
    """
    values = {
        "conversation_id": conversation_id,
        "agent_id": agent_id,
        "text": text,
        "created_at": now,
    }
    number: int = conn.execute(notes.insert(), values).inserted_primary_key[0]
    return number


def of(
    conn: Connection,
    conversation_id: str,
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[Note, ...]:
    """A conversation's notes, oldest first.

    Args:
        conn: a transaction.
        conversation_id: the conversation.
        since: leave out what is older; None for the beginning.
        until: leave out what is of then or later; None for the end.
    """
    within = [_n.conversation_id == conversation_id]
    if since is not None:
        within.append(_n.created_at >= since)
    if until is not None:
        within.append(_n.created_at < until)
    rows = conn.execute(
        select(_n.id, _n.conversation_id, _n.agent_id, agents.c.name, _n.text, _n.created_at)
        .outerjoin(agents, agents.c.id == _n.agent_id)
        .where(*within)
        .order_by(_n.id)
    )
    return tuple(
        Note(number, conversation, agent_id, name or "", text, at)
        for number, conversation, agent_id, name, text, at in rows
    )
