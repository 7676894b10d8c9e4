"""The record of disclosures: which customer was told of the AI, when, where and in which words.

A row is written when the disclosure is put into the outbox, and follows what becomes of it there:
`offered`, then `sent`, `delivered` and `read` as far as the channel tells, or `failed` (the
provider's last word) or `dead` (Loket gave up). It outlives its conversation.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import bindparam, func, insert, or_, select, update

from bot.messages import Notice
from bot.records.outbox_message import OutboxMessage
from bot.store.sql.tables import disclosures
from bot.store.sql.tables import outbox as outbox_table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Status = Literal["offered", "sent", "delivered", "read", "failed", "dead"]

#: A disclosure that was lost: the conversation's newest, or one before it.
Loss = Literal["newest", "earlier"]

#: The status of an outbox row, as the record calls it.
_OF_OUTBOX: Final[Mapping[str, Status]] = {
    "queued": "offered",
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "dead": "dead",
}
#: The column that holds the time of each status.
_TIMES: Final[Mapping[Status, str]] = {
    "sent": "sent_at",
    "delivered": "delivered_at",
    "read": "read_at",
    "failed": "failed_at",
    "dead": "failed_at",
}
#: A disclosure in one of these statuses did not arrive, as far as is known.
LOST: Final = ("failed", "dead")


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One disclosure, and what became of it.

    Attributes:
        conversation_id: the conversation.
        channel: name of the channel it was made on.
        version: version of the text.
        text: the words shown.
        at: when it was offered (UTC).
        status: how far it came.
        sent_at: when the provider or the browser took it (UTC), or None.
        delivered_at: when it reached the customer's device, where the channel tells, or None.
        read_at: when it was read, where the channel tells, or None.
        failed_at: when it was last given up (UTC), or None.
    """

    conversation_id: str
    channel: str
    version: str
    text: str
    at: datetime
    status: Status = "offered"
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    failed_at: datetime | None = None


_x, _o = disclosures.c, outbox_table.c
_COLUMNS = (
    _x.conversation_id,
    _x.channel,
    _x.version,
    _x.text,
    _x.at,
    _x.status,
    _x.sent_at,
    _x.delivered_at,
    _x.read_at,
    _x.failed_at,
)
_OF = select(*_COLUMNS).where(_x.conversation_id == bindparam("conversation")).order_by(_x.id)
_NEWEST = (
    select(_x.id, _x.outbox_id, _x.status, _x.version, _x.text)
    .where(_x.conversation_id == bindparam("conversation"))
    .order_by(_x.id.desc())
    .limit(bindparam("limit"))
)
#: The disclosure among outbox rows that are sent as one message, whichever of them it is.
_TOGETHER = (
    select(_x.id, _x.status, *(getattr(_x, each) for each in dict.fromkeys(_TIMES.values())))
    .join(outbox_table, _o.id == _x.outbox_id)
    .where(
        _x.conversation_id == bindparam("conversation"),
        or_(_o.id == bindparam("outbox"), _o.sent_with == bindparam("outbox")),
    )
)
_LEADING = (
    select(func.coalesce(_o.sent_with, _o.id))
    .join(disclosures, _x.outbox_id == _o.id)
    .where(_x.conversation_id == bindparam("conversation"), _x.status.notin_(LOST))
)
_KEEP = insert(disclosures)
_CHANGE = update(disclosures).where(_x.id == bindparam("this"))
_SHOWN = (
    update(disclosures)
    .where(_x.outbox_id.in_(bindparam("ids", expanding=True)), _x.status == "offered")
    .values(status="sent", sent_at=bindparam("now"))
)
_ACKNOWLEDGED = (
    select(_x.id, _x.sent_at)
    .where(
        _x.conversation_id == bindparam("conversation"),
        _x.outbox_id <= bindparam("last"),
        _x.status.in_(("offered", "sent")),
    )
    .order_by(_x.id)
)


def record(conn: Connection, channel: str, said: OutboxMessage, now: datetime) -> None:
    """Keep a disclosure on record; only `outbox.add` needs to call this.

    Args:
        conn: the write transaction that adds the message.
        channel: name of the conversation's channel.
        said: the message, a notice, whose fate the record follows.
        now: the present.
    """
    assert isinstance(said.message, Notice)
    conn.execute(
        _KEEP,
        {
            "conversation_id": said.conversation_id,
            "channel": channel,
            "version": said.message.version,
            "text": said.message.text,
            "at": now,
            "outbox_id": said.id,
            "status": "offered",
        },
    )


def of(conn: Connection, conversation_id: str) -> tuple[Disclosure, ...]:
    """The disclosures of a conversation, oldest first."""
    rows = conn.execute(_OF, {"conversation": conversation_id})
    return tuple(Disclosure(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class Latest:
    """A conversation's newest disclosure.

    Attributes:
        outbox_id: the message, or None when it is erased.
        status: how far it came.
        version: version of the text.
        text: the words.
        lost: how many of the newest in a row did not arrive, at most as many as were asked for.
    """

    outbox_id: int | None
    status: Status
    version: str
    text: str
    lost: int


def latest(conn: Connection, conversation_id: str, most: int) -> Latest | None:
    """The newest disclosure of a conversation, or None when there never was one.

    Args:
        conn: a transaction.
        conversation_id: the conversation.
        most: count at most so many that did not arrive.
    """
    where = {"conversation": conversation_id, "limit": most}
    rows = conn.execute(_NEWEST, where).all()
    if not rows:
        return None
    newest = rows[0]
    lost = next((n for n, row in enumerate(rows) if row.status not in LOST), len(rows))
    return Latest(newest.outbox_id, newest.status, newest.version, newest.text, lost)


def leading(conn: Connection, conversation_id: str) -> frozenset[int]:
    """The outbox rows whose deliveries carry a disclosure that is not lost."""
    return frozenset(conn.execute(_LEADING, {"conversation": conversation_id}).scalars())


def follow(
    conn: Connection, conversation_id: str, outbox_id: int, status: str, now: datetime
) -> Loss | None:
    """Let the record of a disclosure follow the status of its message.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        outbox_id: the first of the outbox rows that are sent as one message.
        status: how far that message came.
        now: the present.

    Returns:
        Which disclosure was lost just now, or None.
    """
    reached = _OF_OUTBOX[status]
    loss: Loss | None = None
    rows = conn.execute(_TOGETHER, {"conversation": conversation_id, "outbox": outbox_id}).all()
    for row in rows:
        if row.status == reached:
            continue
        values: dict[str, object] = {"status": reached}
        column = _TIMES.get(reached)
        if column is not None and (getattr(row, column) is None or reached in LOST):
            values[column] = now
        conn.execute(_CHANGE.values(**values), {"this": row.id})
        if reached in LOST and row.status not in LOST:
            newest = conn.execute(_NEWEST, {"conversation": conversation_id, "limit": 1}).one()
            loss = "newest" if newest.id == row.id else loss or "earlier"
    return loss


def shown(conn: Connection, outbox_ids: Collection[int], now: datetime) -> None:
    """Note that a browser took these messages, as far as they are disclosures."""
    if outbox_ids:
        conn.execute(_SHOWN, {"ids": list(outbox_ids), "now": now})


def acknowledged(conn: Connection, conversation_id: str, last: int, now: datetime) -> None:
    """Note that the customer had all up to an outbox row in sight."""
    rows = conn.execute(_ACKNOWLEDGED, {"conversation": conversation_id, "last": last}).all()
    for row in rows:
        values = {"status": "delivered", "sent_at": row.sent_at or now, "delivered_at": now}
        conn.execute(_CHANGE.values(**values), {"this": row.id})
