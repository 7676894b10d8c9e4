"""What is still to be handed to providers: from messages in the outbox to rows in deliveries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select, update

from bot.store import conversations, outbox, redisclosure
from bot.store.delivery_status import follow
from bot.store.outbox import OutboxMessage
from bot.store.statements import insert_new
from bot.store.tables import conversations as conversations_table
from bot.store.tables import deliveries
from bot.store.tables import outbox as outbox_table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Addresses of `loket chat`, which shows its replies itself.
TERMINAL = "terminal:"

_d, _o, _c = deliveries.c, outbox_table.c, conversations_table.c
_PLANNED = select(_d.id).where(_d.outbox_id == _o.id).exists()
_UNPLANNED = (
    select(_o.conversation_id)
    .join(conversations_table)
    .where(
        _o.status == "queued",
        _c.channel.in_(bindparam("channels", expanding=True)),
        _o.sent_with.is_(None),
        ~_c.address.startswith(TERMINAL),
        ~_PLANNED,
    )
)
_ANY_UNPLANNED = (
    _UNPLANNED.group_by(_o.conversation_id).order_by(func.min(_o.id)).limit(bindparam("limit"))
)
_THIS_UNPLANNED = _UNPLANNED.where(_o.conversation_id == bindparam("conversation")).limit(1)
_TO_PLAN = outbox.MESSAGES.where(_o.status == "queued", _o.sent_with.is_(None), ~_PLANNED).order_by(
    _o.id
)
_LAST_SENT = select(func.max(_d.sent_at)).where(_d.conversation_id == bindparam("conversation"))
_CHANGE_OUTBOX = update(outbox_table).where(_o.id == bindparam("this"))


@dataclass(frozen=True, slots=True)
class Planned:
    """One or more outbox rows and what is sent for them together.

    Attributes:
        rows: ids in order; receipts count for all of them.
        parts: the provider's messages.
        error: why they cannot be sent; empty when they can.
    """

    rows: tuple[int, ...]
    parts: Sequence[Mapping[str, Any]]
    error: str = ""


Make = Callable[[Sequence[OutboxMessage]], Sequence[Planned]]


def unplanned(conn: Connection, channels: Collection[str], limit: int) -> tuple[str, ...]:
    """Conversations on these channels with messages that have no deliveries yet, oldest first."""
    where = {"channels": list(channels), "limit": limit}
    return tuple(conn.execute(_ANY_UNPLANNED, where).scalars())


def is_unplanned(conn: Connection, channels: Collection[str], conversation_id: str) -> bool:
    """Whether this conversation is one of the `unplanned`."""
    where = {"channels": list(channels), "conversation": conversation_id}
    return conn.execute(_THIS_UNPLANNED, where).first() is not None


def plan(
    conn: Connection, conversation_id: str, make: Make, now: datetime, pause: timedelta
) -> None:
    """Make the deliveries of a conversation's new messages.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        make: what to send for messages in order; pure.
        now: the present.
        pause: least time between two messages to one customer.
    """
    conversation = conversations.get(conn, conversation_id, lock=True)
    last: datetime | None = conn.execute(_LAST_SENT, {"conversation": conversation_id}).scalar()
    due = max(now, last + pause) if last else now
    rows = conn.execute(_TO_PLAN, {"conversation": conversation_id}).all()
    may_speak, messages = redisclosure.before_planning(
        conn,
        conversation_id,
        disclosed=conversation.disclosed,
        messages=[outbox.from_row(row) for row in rows],
        now=now,
    )
    silent = () if may_speak else {each.id for each in messages if each.author == "bot"}
    failed: list[int] = []
    for planned in make(messages):
        first, *others = planned.rows
        error = planned.error or (redisclosure.UNDISCLOSED if first in silent else "")
        for number, content in enumerate(planned.parts or ({},)):
            values = {
                "conversation_id": conversation_id,
                "outbox_id": first,
                "part": number,
                "channel": conversation.channel,
                "content": dict(content),
                "status": "dead" if error else "queued",
                "attempts": 0,
                "resends": 0,
                "queued_at": now,
                "next_attempt_at": due,
                "updated_at": now,
                "error": error,
            }
            insert_new(conn, deliveries, values)
        for other in others:
            conn.execute(_CHANGE_OUTBOX, {"this": other, "sent_with": first})
        if error:
            failed.append(first)
    for row in redisclosure.held(conn, conversation_id):
        insert_new(conn, deliveries, {**row, "next_attempt_at": due})
    for first in failed:
        follow(conn, first, now)
