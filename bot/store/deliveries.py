"""Sending: one row for each message of a provider, in order per conversation.

A row is `queued`, then `sending`, then `sent`, `delivered` and `read` as the provider tells.
`failed` is the provider's last word, `dead` is ours; a person can send those again. The row in the
outbox follows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, func, literal_column, or_, select

from bot.store import addresses, optouts
from bot.store.delivery_status import OPEN, change, follow, locked, move
from bot.store.tables import conversations as conversations_table
from bot.store.tables import deliveries
from bot.store.tables import outbox as outbox_table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Error of a message that came too late and in whose place the customer was invited to write.
INVITED = "window_closed invited"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message to send now.

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


_d, _o, _c = deliveries.c, outbox_table.c, conversations_table.c
_earlier = deliveries.alias("earlier")
_e = _earlier.c
_IN_TURN = ~(
    select(_e.id)
    .where(
        _e.conversation_id == _d.conversation_id,
        or_(
            and_(_e.status.in_(OPEN), _e.id < _d.id),
            and_(_e.status == "sending", _e.id != _d.id),
        ),
    )
    .exists()
)
_DUE = (
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
    )
    .join(conversations_table)
    .where(
        _d.status == "queued",
        _d.next_attempt_at <= bindparam("now"),
        _d.channel.in_(bindparam("channels", expanding=True)),
        _IN_TURN,
    )
    .order_by(_d.next_attempt_at, _d.id)
    .limit(1)
    .with_for_update(of=deliveries, skip_locked=True)
)
_NEXT_DUE = select(func.min(_d.next_attempt_at)).where(
    _d.status.in_(OPEN), _d.channel.in_(bindparam("channels", expanding=True)), _IN_TURN
)
_EXPIRED = (
    select(_d.id, _d.error)
    .where(_d.status == "sending", _d.next_attempt_at <= bindparam("now"))
    .order_by(_d.id)
)
_NEXT_OPEN = (
    select(_d.id, _d.next_attempt_at)
    .where(
        _d.conversation_id == bindparam("conversation"),
        _d.status == "queued",
        _d.id != bindparam("this"),
    )
    .order_by(_d.id)
    .limit(1)
)
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


def claim(
    conn: Connection, channels: Collection[str], now: datetime, lease: timedelta
) -> Claimed | None:
    """Take the message that is due longest; nobody else sends to its conversation meanwhile.

    Messages to customers who opted out are given up on the way.

    Args:
        conn: a write transaction; commit it before sending.
        channels: take from these.
        now: the present.
        lease: after it the message counts as lost, unless its outcome was noted.
    """
    where = {"now": now, "channels": list(channels)}
    while (row := conn.execute(_DUE, where).first()) is not None:
        if optouts.is_out(conn, row.channel, row.address):
            give_up(conn, row.id, "opted_out", now)
            continue
        change(conn, row.id, now, status="sending", next_attempt_at=now + lease)
        return Claimed(
            id=row.id,
            conversation_id=row.conversation_id,
            channel=row.channel,
            address=row.address,
            recipient=addresses.latest(conn, row.channel, row.address),
            content=row.content,
            key=f"{row.outbox_id}.{row.part}.{row.resends}",
            attempts=row.attempts,
            queued_at=row.queued_at,
            last_inbound_at=row.last_inbound_at,
        )
    return None


def next_due(conn: Connection, channels: Collection[str]) -> datetime | None:
    """When there is something to do next; None when nothing waits."""
    moment: datetime | None = conn.execute(_NEXT_DUE, {"channels": list(channels)}).scalar()
    return moment


def accepted(
    conn: Connection, delivery_id: int, provider_id: str, now: datetime, pause: timedelta
) -> None:
    """The provider took it; the conversation's next message may go after the pause."""
    row = locked(conn, delivery_id)
    if row.status in ("sending", "dead"):  # a quick receipt may have been first
        change(conn, delivery_id, now, status="sent", sent_at=now, error="")
    change(conn, delivery_id, now, provider_id=provider_id)
    follow(conn, row.outbox_id, now)
    where = {"conversation": row.conversation_id, "this": delivery_id}
    following = conn.execute(_NEXT_OPEN, where).first()
    if following and following.next_attempt_at < now + pause:
        change(conn, following.id, now, next_attempt_at=now + pause)


def retry(conn: Connection, delivery_id: int, when: datetime, error: str, now: datetime) -> None:
    """It was not taken; try again at a moment. Counts as an attempt."""
    row = locked(conn, delivery_id)
    if row.status == "sending":
        values = {"status": "queued", "next_attempt_at": when, "error": error}
        change(conn, delivery_id, now, attempts=_d.attempts + 1, **values)


def unsure(conn: Connection, delivery_id: int, until: datetime, error: str, now: datetime) -> None:
    """It may have been taken: unless a receipt comes until then, `expire` gives it up."""
    row = locked(conn, delivery_id)
    if row.status == "sending":
        change(conn, delivery_id, now, next_attempt_at=until, error=error)


def give_up(conn: Connection, delivery_id: int, error: str, now: datetime) -> None:
    """It will not be sent, unless a person says so."""
    move(conn, delivery_id, "dead", error, now)


def invited(conn: Connection, conversation_id: str, since: datetime) -> bool:
    """Whether the customer was invited to write since a moment."""
    where = {"conversation": conversation_id, "since": since}
    return conn.execute(_INVITED, where).first() is not None


def expire(conn: Connection, now: datetime) -> tuple[int, ...]:
    """Give up what may or may not have been taken and got no receipt in time; returns the rows.

    That is what `unsure` marked, and what was being sent when its worker died.
    """
    rows = conn.execute(_EXPIRED, {"now": now}).all()
    for row in rows:
        give_up(conn, row.id, row.error or "interrupted", now)
    return tuple(row.id for row in rows)
