"""Answers that an agent wrote to go out later: each is here until it went, or was withdrawn."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.records.handover_record import Handover
from bot.store.conversation import conversations
from bot.store.desk import joined_cases
from bot.store.handover import snoozes
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


def withdrawn(
    conn: Connection,
    handover: Handover,
    moments: Collection[datetime],
    agent_id: int | None,
    now: datetime,
) -> None:
    """Have a case in hand again that was set aside until answers went out which now never go.

    Where others of the case still go, it is set aside until the first of those; what was set aside
    until another moment since is left so.

    Args:
        conn: a write transaction that has the customer's conversations locked.
        handover: the open hand-over of the conversation; its answers are removed already.
        moments: when they would have gone (UTC).
        agent_id: the agent who withdrew them; None where Loket itself did.
        now: the present.
    """
    own = conversations.get(conn, handover.conversation_id)
    case = [(own, handover), *joined_cases.others(conn, handover)]
    still = [left.due_at for there, _ in case for left in of(conn, there.id)]
    for there, each in case:
        if each.snoozed_until not in moments:
            continue
        if still:
            snoozes.move(conn, each, min(still))
        else:
            snoozes.wake(conn, each, there.last_inbound_at, agent_id, now)


def remove(conn: Connection, number: int) -> bool:
    """Take one away; False when it is gone already."""
    return bool(conn.execute(delete(planned_replies).where(_p.id == number)).rowcount)
