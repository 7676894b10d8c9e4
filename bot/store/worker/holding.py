"""Holds a conversation's messages for a moment, for a customer who goes on typing.

The moment stands in the conversation's row (`ready_at`): until then no worker claims it, of however
many, and a process that dies forgets nothing. A claim takes it away.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from bot.records.inbox_message import MOST_PAUSES
from bot.store.sql.tables import conversations, inbox
from bot.store.worker.claims import at

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_c, _i = conversations.c, inbox.c
_HELD = select(
    _c.ready_at,
    select(func.min(_i.received_at))
    .where(_i.conversation_id == bindparam("this"), _i.done_at.is_(None))
    .scalar_subquery()
    .label("first"),
).where(_c.id == bindparam("this"))
_NEXT = select(func.min(_c.ready_at)).where(
    _c.ready_at > bindparam("now"), _c.ready_at <= bindparam("wrong")
)


def ready_at(conn: Connection, conversation_id: str, now: datetime, pause: timedelta) -> datetime:
    """From when the messages that wait may be answered, after a new one.

    Args:
        conn: a write transaction that has locked the conversation and stored the message.
        conversation_id: the conversation.
        now: the present.
        pause: how long the new message waits for another one; zero: everything is due at once.

    Returns:
        A moment, at most `MOST_PAUSES` after the first message that waits. What is due is not held
        again: an answer that cannot wait does not, whatever is typed after the message.
    """
    furthest = MOST_PAUSES * pause
    held: datetime | None
    first: datetime
    held, first = conn.execute(_HELD, {"this": conversation_id}).one()
    if not pause or held is None:
        return now + pause
    if held <= now:
        return held
    if held > now + furthest:  # by a clock that was wrong
        return now + pause
    return max(held, min(now + pause, first + furthest))


def next_ready(conn: Connection, now: datetime) -> datetime | None:
    """When the first of the conversations that are held may be answered; None: none is held."""
    moment: datetime | None = conn.execute(_NEXT, at(now)).scalar()
    return moment
