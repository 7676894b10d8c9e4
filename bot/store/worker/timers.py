"""Timers: what is to be done when. Rows, not schedules in memory: a restart forgets none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, delete, exists, func, select, update

from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import conversations, inbox, timers
from bot.store.worker.claims import at, unclaimed

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Timer:
    """One thing to do.

    Attributes:
        conversation_id: the conversation it is about.
        kind: what to do, such as `rating`; at most 32 characters.
        due_at: when (UTC).
    """

    conversation_id: str
    kind: str
    due_at: datetime


_t = timers.c
_c = conversations.c
_THIS = (_t.conversation_id == bindparam("conversation"), _t.kind == bindparam("this"))
_MOVE = update(timers).where(*_THIS)
_REMOVE = delete(timers).where(*_THIS)
_FREE = (
    select(_t.conversation_id, _t.kind, _t.due_at)
    .join(conversations)
    .where(
        _t.due_at <= bindparam("now"),
        unclaimed(),
        # A customer who waits for an answer gets that first.
        ~exists().where(and_(inbox.c.conversation_id == _c.id, inbox.c.done_at.is_(None))),
    )
    .order_by(_t.due_at, _t.conversation_id, _t.kind)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_DUE, _DUE_OF = _FREE, _FREE.where(_t.conversation_id == bindparam("conversation"))
_NEXT = select(func.min(_t.due_at)).where(_t.conversation_id == bindparam("conversation"))


def set_(conn: Connection, conversation_id: str, kind: str, due_at: datetime) -> None:
    """Set a conversation's timer of this kind, in place of an earlier one."""
    where = {"conversation": conversation_id, "this": kind}
    if not conn.execute(_MOVE, {**where, "due_at": due_at}).rowcount:
        values = {"conversation_id": conversation_id, "kind": kind, "due_at": due_at}
        if insert_new(conn, timers, values) is None:  # somebody else did, just now
            conn.execute(_MOVE, {**where, "due_at": due_at})


def cancel(conn: Connection, conversation_id: str, kind: str) -> None:
    """Remove a conversation's timer of this kind, if it is set."""
    conn.execute(_REMOVE, {"conversation": conversation_id, "this": kind})


def next_due(conn: Connection, conversation_id: str) -> datetime | None:
    """When a conversation's first timer is due; None when it has none."""
    moment: datetime | None = conn.execute(_NEXT, {"conversation": conversation_id}).scalar()
    return moment


def due(
    conn: Connection, now: datetime, limit: int = 100, conversation_id: str | None = None
) -> tuple[Timer, ...]:
    """Take the timers whose time has come, earliest first: they are deleted with the commit.

    Act on them in the same transaction: until it ends, nobody can claim their conversations.
    Timers of conversations that a worker has claimed wait until it lets go.

    Args:
        conn: a write transaction.
        now: the present.
        limit: at most so many.
        conversation_id: those of this conversation; of all when left out.
    """
    query, where = _DUE, {**at(now), "limit": limit}
    if conversation_id is not None:
        query, where = _DUE_OF, {**where, "conversation": conversation_id}
    taken = conn.execute(query, where).all()
    found = tuple(Timer(*row) for row in taken)
    for timer in found:
        cancel(conn, timer.conversation_id, timer.kind)
    return found
