"""What agents began to write, for each agent and conversation, until it is sent or all is over.

The answer to the customer (`text`), and what was agreed, as the conversation is closed (`settled`).
Whatever ends the hand-over forgets both (`handovers.close`); one that goes on elsewhere takes them
along (`linked_conversations.carry_handover`).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import delete, func, select, update

from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import drafts

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Part = Literal["text", "settled"]

_d = drafts.c
_IS_EMPTY: Final = (_d.text == "") & (func.coalesce(_d.settled, "") == "")


def keep(
    conn: Connection,
    conversation_id: str,
    agent_id: int,
    text: str,
    now: datetime,
    part: Part = "text",
) -> None:
    """Keep what an agent typed in place of what was kept; nothing but spaces: keep nothing.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        agent_id: the agent.
        text: what was typed.
        now: the present.
        part: where it was typed.
    """
    if not text.strip():
        _empty(conn, conversation_id, agent_id, part)
        return
    this = (_d.conversation_id == conversation_id, _d.agent_id == agent_id)
    values = {part: text, "updated_at": now}
    change = update(drafts).where(*this).values(values)
    if conn.execute(change).rowcount:
        return
    own = {"conversation_id": conversation_id, "agent_id": agent_id, "text": ""}
    if insert_new(conn, drafts, {**own, **values}) is None:
        conn.execute(change)  # the other part made it, just now


def of(conn: Connection, conversation_id: str, agent_id: int, part: Part = "text") -> str:
    """What an agent typed for a conversation and did not send; empty for nothing."""
    this = (_d.conversation_id == conversation_id, _d.agent_id == agent_id)
    found: str | None = conn.execute(select(_d[part]).where(*this)).scalar()
    return found or ""


def sent(conn: Connection, conversation_id: str, agent_id: int) -> None:
    """Forget an agent's answer to a conversation, as it was sent or is planned."""
    _empty(conn, conversation_id, agent_id, "text")


def _empty(conn: Connection, conversation_id: str, agent_id: int, part: Part) -> None:
    this = (_d.conversation_id == conversation_id, _d.agent_id == agent_id)
    conn.execute(update(drafts).where(*this).values({part: ""}))
    conn.execute(delete(drafts).where(*this, _IS_EMPTY))
