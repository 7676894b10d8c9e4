"""Answers that an agent wrote to go out later: each is here until it went, or was withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import planned_replies

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class PlannedReply:
    """An answer that goes out later.

    Attributes:
        id: its row.
        conversation_id: the conversation.
        agent_id: the agent who wrote it.
        client_id: the browser's own id of it, which the message gets.
        text: what it says.
        due_at: when it goes (UTC).
    """

    id: int
    conversation_id: str
    agent_id: int
    client_id: str
    text: str
    due_at: datetime


_p = planned_replies.c
_ALL = select(_p.id, _p.conversation_id, _p.agent_id, _p.client_id, _p.text, _p.due_at)


def add(
    conn: Connection,
    conversation_id: str,
    agent_id: int,
    client_id: str,
    text: str,
    due_at: datetime,
    now: datetime,
) -> bool:
    """Keep an answer for later; False when this one is here already.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        agent_id: the agent who wrote it.
        client_id: the browser's own id of it.
        text: what it says.
        due_at: when it goes.
        now: the present.
    """
    values = {
        "conversation_id": conversation_id,
        "agent_id": agent_id,
        "client_id": client_id,
        "text": text,
        "due_at": due_at,
        "created_at": now,
    }
    return insert_new(conn, planned_replies, values) is not None


def of(conn: Connection, conversation_id: str) -> tuple[PlannedReply, ...]:
    """Those of a conversation, in the order in which they go."""
    query = _ALL.where(_p.conversation_id == conversation_id).order_by(_p.due_at, _p.id)
    return tuple(PlannedReply(*row) for row in conn.execute(query))


def due(conn: Connection, now: datetime) -> tuple[PlannedReply, ...]:
    """Those whose time has come, in that order."""
    query = _ALL.where(_p.due_at <= now).order_by(_p.due_at, _p.id)
    return tuple(PlannedReply(*row) for row in conn.execute(query))


def remove(conn: Connection, number: int) -> bool:
    """Take one away; False when it is gone already."""
    return bool(conn.execute(delete(planned_replies).where(_p.id == number)).rowcount)
