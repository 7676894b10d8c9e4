"""Answers that agents began: one for each agent and conversation, until it is sent."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import drafts

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_d = drafts.c


def keep(conn: Connection, conversation_id: str, agent_id: int, text: str, now: datetime) -> None:
    """Keep what an agent typed in place of what was kept; nothing but spaces: keep nothing."""
    if not text.strip():
        drop(conn, conversation_id, agent_id)
        return
    this = (_d.conversation_id == conversation_id, _d.agent_id == agent_id)
    values = {"text": text, "updated_at": now}
    if not conn.execute(update(drafts).where(*this).values(values)).rowcount:
        own = {"conversation_id": conversation_id, "agent_id": agent_id}
        insert_new(conn, drafts, {**own, **values})


def of(conn: Connection, conversation_id: str, agent_id: int) -> str:
    """What an agent typed for a conversation and did not send; empty for nothing."""
    this = (_d.conversation_id == conversation_id, _d.agent_id == agent_id)
    found: str | None = conn.execute(select(_d.text).where(*this)).scalar()
    return found or ""


def drop(conn: Connection, conversation_id: str, agent_id: int | None = None) -> None:
    """Forget an agent's draft for a conversation; without an agent everybody's."""
    this = [_d.conversation_id == conversation_id]
    if agent_id is not None:
        this.append(_d.agent_id == agent_id)
    conn.execute(delete(drafts).where(*this))
