"""Who has a conversation's page open: a row for each, renewed as long as the page is."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import agents, desk_views

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_v = desk_views.c


def looks(conn: Connection, conversation_id: str, agent_id: int, now: datetime) -> bool:
    """Note that an agent has the page open now; returns whether that is new."""
    this = (_v.conversation_id == conversation_id, _v.agent_id == agent_id)
    if conn.execute(update(desk_views).where(*this).values(seen_at=now)).rowcount:
        return False
    values = {"conversation_id": conversation_id, "agent_id": agent_id, "seen_at": now}
    insert_new(conn, desk_views, values)
    return True


def leaves(conn: Connection, conversation_id: str, agent_id: int) -> None:
    """Note that an agent closed the page."""
    this = (_v.conversation_id == conversation_id, _v.agent_id == agent_id)
    conn.execute(delete(desk_views).where(*this))


def names(conn: Connection, conversation_id: str, but: int, since: datetime) -> tuple[str, ...]:
    """The names of those who have the page open, by name.

    Args:
        conn: a transaction.
        conversation_id: the conversation.
        but: the agent who asks.
        since: pages that were not heard of since then are closed, though nobody said so.
    """
    rows = conn.execute(
        select(agents.c.name)
        .join(desk_views, _v.agent_id == agents.c.id)
        .where(_v.conversation_id == conversation_id, _v.agent_id != but, _v.seen_at >= since)
        .order_by(agents.c.name)
    )
    return tuple(rows.scalars())
