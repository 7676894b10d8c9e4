"""Deliveries: one row for each message in a provider's form, sent in order per conversation.

A row is `queued`, then `sending`, then `sent`, `delivered` and `read` as the provider tells.
`failed` is the provider's last word, `dead` is ours; a person can send those again. The row in the
outbox follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, literal_column, select, update

from bot.store.conversation import addresses
from bot.store.delivery import delivery_order
from bot.store.delivery.delivery_status import change, follow, key_of, locked, move
from bot.store.sql.tables import IS_FRONT, IS_OPEN, IS_QUEUED, deliveries
from bot.store.sql.tables import conversations as conversations_table
from bot.store.sql.tables import optouts as optouts_table
from bot.store.sql.tables import outbox as outbox_table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Errors of a message that came too late; the second: the customer was invited to write instead.
WINDOW_CLOSED = "window_closed"
INVITED = f"{WINDOW_CLOSED} invited"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that was claimed, to send now.

    Attributes:
        id: its row.
        conversation_id: the conversation.
        channel: name of the channel.
        address: the conversation's address.
        recipient: where to send it: the customer's newest address.
        content: the rendered message.
        key: our own id of this message, another one each time a person sends it again.
        attempts: how often sending it was tried before.
        queued_at: since when it waits (UTC).
        last_inbound_at: when the customer last wrote (UTC), or None.
        late_error: the provider's code of a failure it told of later, which is to be decided on in
            place of sending; empty: send it.
        late_failures: how often that happened to this message before.
    """

    id: int
    conversation_id: str
    channel: str
    address: str
    recipient: str
    content: Mapping[str, Any]
    key: str
    attempts: int
    queued_at: datetime
    last_inbound_at: datetime | None
    late_error: str
    late_failures: int


@dataclass(frozen=True, slots=True)
class Batch:
    """The deliveries that a claim found.

    Attributes:
        messages: to send now, each to another customer.
        opted_out: conversations whose customers want no messages: `drop` their deliveries.
    """

    messages: tuple[Claimed, ...] = ()
    opted_out: tuple[str, ...] = ()


#: Messages given up in one transaction, so that nobody waits long for it.
_MOST = 200

_d, _o, _c, _out = deliveries.c, outbox_table.c, conversations_table.c, optouts_table.c
_THESE: Any = bindparam("these", expanding=True)
# One table, and one index with this condition and order: no database has a choice of how to go
# about it, whatever it believes of the backlog. SQLite is told, as it goes by statistics before it
# goes by order.
_DUE = (
    select(_d.id)
    .where(
        _d.channel == bindparam("channel"),
        IS_FRONT,
        IS_QUEUED,
        _d.next_attempt_at <= bindparam("now"),
    )
    .order_by(_d.next_attempt_at, _d.id)
    .limit(bindparam("most"))
    .with_for_update(key_share=True, skip_locked=True)
    .with_hint(deliveries, "INDEXED BY ix_deliveries_due", "sqlite")
)
_CLAIMED = (
    select(
        _d.id,
        _d.conversation_id,
        _d.channel,
        _c.address,
        _d.content,
        _d.outbox_id,
        _d.part,
        _d.resends,
        _d.attempts,
        _d.queued_at,
        _c.last_inbound_at,
        _d.late_error,
        _d.late_failures,
        _out.active.label("opted_out"),
    )
    .join(conversations_table)
    .outerjoin(optouts_table, and_(_out.channel == _d.channel, _out.address == _c.address))
    .where(_d.id.in_(_THESE))
    .order_by(_d.next_attempt_at, _d.id)
)
_BEGIN = update(deliveries).where(_d.id.in_(_THESE))
_NEXT_DUE = (
    select(_d.next_attempt_at)
    .where(_d.channel == bindparam("channel"), IS_FRONT, IS_QUEUED)
    .order_by(_d.next_attempt_at, _d.id)
    .limit(1)
    .with_hint(deliveries, "INDEXED BY ix_deliveries_due", "sqlite")
)
_WAITING = (
    select(_d.id, _d.outbox_id)
    .where(_d.conversation_id == bindparam("conversation"), IS_OPEN, _d.status == "queued")
    .order_by(_d.channel, _d.id)
    .limit(_MOST)
    .with_hint(deliveries, "INDEXED BY ix_deliveries_open", "sqlite")
)
_DROP = update(deliveries).where(_d.id.in_(_THESE), _d.status == "queued")
_INVITED = (
    select(_d.id)
    .where(
        _d.conversation_id == bindparam("conversation"),
        # Written out, as the index of those is: a planner must see at once that it may use it.
        _d.error == literal_column(f"'{INVITED}'"),
        _d.updated_at >= bindparam("since"),
    )
    .limit(1)
)


def claim(conn: Connection, channel: str, now: datetime, lease: timedelta, most: int) -> Batch:
    """Take messages that are due, longest first; nobody else sends to their customers meanwhile.

    Its cost depends on how many it takes, not on how many wait.

    Args:
        conn: a write transaction; commit it before sending.
        channel: take from this one.
        now: the present.
        lease: after it a message counts as lost, unless its outcome was noted.
        most: how many at most, at least 1.
    """
    where = {"channel": channel, "now": now, "most": most}
    due = conn.execute(_DUE, where).scalars().all()
    if not due:
        return Batch()
    rows = conn.execute(_CLAIMED, {"these": due}).all()
    messages = tuple(
        Claimed(
            id=row.id,
            conversation_id=row.conversation_id,
            channel=row.channel,
            address=row.address,
            recipient=addresses.latest(conn, row.channel, row.address),
            content=row.content,
            key=key_of(row),
            attempts=row.attempts,
            queued_at=row.queued_at,
            last_inbound_at=row.last_inbound_at,
            late_error=row.late_error,
            late_failures=row.late_failures,
        )
        for row in rows
        if not row.opted_out
    )
    if messages:
        begun = {"status": "sending", "next_attempt_at": now + lease, "updated_at": now}
        conn.execute(_BEGIN.values(begun), {"these": [message.id for message in messages]})
    return Batch(messages, tuple(row.conversation_id for row in rows if row.opted_out))


def next_due(conn: Connection, channel: str) -> datetime | None:
    """The moment when the next message of a channel is due; None when none waits."""
    moment: datetime | None = conn.execute(_NEXT_DUE, {"channel": channel}).scalar()
    return moment


def drop(conn: Connection, conversation_id: str, error: str, now: datetime) -> tuple[int, ...]:
    """Give up a conversation's waiting messages, a few hundred at a time; returns the rows."""
    delivery_order.lock(conn, [conversation_id])
    rows = conn.execute(_WAITING, {"conversation": conversation_id}).all()
    if not rows:
        return ()
    ids, of = [row.id for row in rows], sorted({row.outbox_id for row in rows})
    values = {"status": "dead", "error": error, "front": False, "updated_at": now}
    conn.execute(_DROP.values(values), {"these": ids})
    delivery_order.settle(conn, [conversation_id], now)
    for outbox_id in of:
        follow(conn, outbox_id, now)
    return tuple(ids)


def accepted(
    conn: Connection, delivery_id: int, provider_id: str, now: datetime, pause: timedelta
) -> None:
    """Note that the provider took it; the conversation's next message may go after the pause."""
    row = locked(conn, delivery_id)
    # A quick receipt may have been first; or it was not found, and queued again.
    if row.status in ("queued", "sending", "dead") and not row.late_error:
        change(conn, delivery_id, now, status="sent", sent_at=now, error="")
    change(conn, delivery_id, now, provider_id=provider_id, unsure_since=None)
    follow(conn, row.outbox_id, now)
    delivery_order.hold(conn, row.conversation_id, now + pause)


def retry(conn: Connection, delivery_id: int, when: datetime, error: str, now: datetime) -> None:
    """Set when to try again a message that was certainly not taken; counts as an attempt."""
    row = locked(conn, delivery_id)
    if row.status == "sending" and not row.late_error:
        values = {"status": "queued", "next_attempt_at": when, "error": error}
        attempts = _d.attempts + 1
        change(conn, delivery_id, now, attempts=attempts, unsure_since=None, **values)


def unsure(
    conn: Connection, delivery_id: int, look_at: datetime, error: str, now: datetime
) -> None:
    """Mark a message as doubtful: a receipt or `doubtful_deliveries` settles it later."""
    row = locked(conn, delivery_id)
    if row.status == "sending" and not row.late_error:
        change(conn, delivery_id, now, next_attempt_at=look_at, error=error, unsure_since=now)


def give_up(conn: Connection, delivery_id: int, error: str, now: datetime) -> None:
    """Give a message up: only a person can send it again; a doubtful one stays marked as that."""
    move(conn, delivery_id, "dead", error, now)


def invited(conn: Connection, conversation_id: str, since: datetime) -> bool:
    """Whether the customer was invited to write since a moment."""
    where = {"conversation": conversation_id, "since": since}
    return conn.execute(_INVITED, where).first() is not None
