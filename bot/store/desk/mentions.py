"""Mentions: a note asks a colleague to look at a conversation, until that colleague has looked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from bot.store.sql.tables import mentions

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_m = mentions.c


def add(
    conn: Connection, conversation_id: str, note_id: int, agent_ids: Iterable[int], now: datetime
) -> None:
    """Note that a note mentions these agents."""
    rows = [
        {
            "conversation_id": conversation_id,
            "note_id": note_id,
            "agent_id": agent_id,
            "created_at": now,
        }
        for agent_id in agent_ids
    ]
    if rows:
        conn.execute(mentions.insert(), rows)


def unseen(conn: Connection, agent_id: int, limit: int) -> tuple[str, ...]:
    """The conversations in which an agent was mentioned and did not look yet, oldest first."""
    rows = conn.execute(
        select(_m.conversation_id)
        .where(_m.agent_id == agent_id, _m.seen_at.is_(None))
        .order_by(_m.id)
        .limit(limit)
    )
    return tuple(dict.fromkeys(rows.scalars()))


def seen(conn: Connection, agent_id: int, conversation_id: str, now: datetime) -> bool:
    """Note that an agent looked at a conversation; False when there was nothing to see."""
    mine = (_m.agent_id == agent_id, _m.seen_at.is_(None), _m.conversation_id == conversation_id)
    return bool(conn.execute(update(mentions).where(*mine).values(seen_at=now)).rowcount)
