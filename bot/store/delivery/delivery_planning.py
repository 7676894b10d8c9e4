"""Plans deliveries: makes rows in deliveries for new messages in the outbox."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, update

from bot.records.outbox_message import OutboxMessage
from bot.store.delivery import delivery_order, outbox_queries, redisclosure
from bot.store.delivery.delivery_status import follow
from bot.store.sql.tables import IS_UNPLANNED, deliveries
from bot.store.sql.tables import conversations as conversations_table
from bot.store.sql.tables import outbox as outbox_table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_d, _o, _c = deliveries.c, outbox_table.c, conversations_table.c
_THESE: Any = bindparam("conversations", expanding=True)
_UNPLANNED = (
    select(_o.conversation_id)
    .where(
        _o.to_plan == bindparam("channel"),
        IS_UNPLANNED,
        _o.conversation_id > bindparam("after"),
    )
    .order_by(_o.conversation_id, _o.created_at)
    .limit(bindparam("limit"))
    .with_hint(outbox_table, "INDEXED BY ix_outbox_to_plan", "sqlite")
)
_TO_PLAN = (
    outbox_queries.ALL.where(
        _o.to_plan == bindparam("channel"),
        IS_UNPLANNED,
        _o.conversation_id.in_(_THESE),
    )
    .order_by(_o.conversation_id, _o.id)
    .with_hint(outbox_table, "INDEXED BY ix_outbox_to_plan", "sqlite")
)
_STATES = select(
    _c.id,
    _c.disclosed,
    select(func.max(_d.sent_at))
    .where(_d.conversation_id == _c.id)
    .scalar_subquery()
    .label("last_sent"),
).where(_c.id.in_(_THESE))
_ROWS = _o.id.in_(bindparam("rows", expanding=True))
_IS_PLANNED = update(outbox_table).where(_ROWS).values(to_plan="")
_GOES_WITH = update(outbox_table).where(_ROWS)


@dataclass(frozen=True, slots=True)
class Planned:
    """One or more outbox rows and the provider's messages that are sent for them together.

    Attributes:
        rows: ids in order; receipts count for all of them.
        parts: the provider's messages.
        error: why they cannot be sent; empty when they can.
    """

    rows: tuple[int, ...]
    parts: Sequence[Mapping[str, Any]]
    error: str = ""


Make = Callable[[Sequence[OutboxMessage]], Sequence[Planned]]


def unplanned(
    conn: Connection, channel: str, after: str, limit: int
) -> tuple[tuple[str, ...], str | None]:
    """Conversations on a channel with messages that have no deliveries yet.

    Args:
        conn: a transaction.
        channel: name of the channel.
        after: go on after this conversation; empty: from the first.
        limit: look at so many messages.

    Returns:
        The conversations in order of their ids, and after which one to go on; None: that is all.
    """
    where = {"channel": channel, "after": after, "limit": limit}
    rows = conn.execute(_UNPLANNED, where).scalars().all()
    return tuple(dict.fromkeys(rows)), rows[-1] if len(rows) == limit else None


def plan(
    conn: Connection,
    channel: str,
    conversation_ids: Collection[str],
    make: Make,
    now: datetime,
    pause: timedelta,
) -> frozenset[str]:
    """Make the deliveries of new messages, of several conversations at once.

    Args:
        conn: a write transaction.
        channel: the channel of all these conversations.
        conversation_ids: the conversations.
        make: what to send for one conversation's messages, in order; pure.
        now: the present.
        pause: least time between two messages to one customer.

    Returns:
        The conversations that were planned, or were so already; the others are being written to
        at this moment, or planned by another process.
    """
    lines = delivery_order.lock_free(conn, conversation_ids)
    if not lines:
        return frozenset()
    these = {"conversations": list(lines)}
    rows = conn.execute(_TO_PLAN, {**these, "channel": channel}).all()
    states = {row.id: row for row in conn.execute(_STATES, these)}
    held = redisclosure.take_held(conn, list(dict.fromkeys(row.conversation_id for row in rows)))
    made: list[dict[str, object]] = []
    done: list[int] = []
    lost: list[int] = []
    for conversation_id, new in groupby(rows, key=lambda row: row.conversation_id):
        state = states[conversation_id]
        due = max(now, state.last_sent + pause) if state.last_sent else now
        may_speak, messages = redisclosure.before_planning(
            conn,
            conversation_id,
            disclosed=state.disclosed,
            messages=[outbox_queries.from_row(row) for row in new],
            now=now,
        )
        # Held deliveries are older than the new messages, and wait for the disclosure alone.
        notice, others = redisclosure.apart(messages) if held[conversation_id] else ((), messages)
        waited = [{**row, "next_attempt_at": due} for row in held[conversation_id]]
        # Apart, so that nothing of the bot goes out in one message with what may.
        silent = () if may_speak else [each for each in others if each.author == "bot"]
        spoken = [each for each in others if each not in silent]
        for group, after, why in (
            (notice, waited, ""),
            (spoken, [], ""),
            (silent, [], redisclosure.UNDISCLOSED),
        ):
            for planned in make(group) if group else ():
                first, *rest = planned.rows
                error = planned.error or why
                made += _deliveries(planned, error, conversation_id, channel, now, due)
                if rest:
                    conn.execute(_GOES_WITH, {"rows": rest, "sent_with": first})
                if error:
                    lost.append(first)
            made += after
        done += [message.id for message in messages]
    if made:
        conn.execute(insert(deliveries), made)
        conn.execute(_IS_PLANNED, {"rows": done})
        delivery_order.settle(conn, lines, now)
        for first in lost:
            follow(conn, first, now)
    return frozenset(lines)


def _deliveries(
    planned: Planned, error: str, conversation_id: str, channel: str, now: datetime, due: datetime
) -> list[dict[str, object]]:
    return [
        {
            "conversation_id": conversation_id,
            "outbox_id": planned.rows[0],
            "part": number,
            "channel": channel,
            "content": dict(content),
            "status": "dead" if error else "queued",
            "attempts": 0,
            "resends": 0,
            "queued_at": now,
            "next_attempt_at": due,
            "sent_at": None,
            "updated_at": now,
            "provider_id": None,
            "error": error,
            "front": False,
            "unsure_since": None,
            "late_error": "",
            "late_failures": 0,
        }
        for number, content in enumerate(planned.parts or ({},))
    ]
