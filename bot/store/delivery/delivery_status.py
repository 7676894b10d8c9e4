"""Delivery statuses, which only move forward; the outbox follows its deliveries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import bindparam, literal_column, select, update

from bot.store.conversation import disclosures
from bot.store.delivery import delivery_order, redisclosure
from bot.store.sql.tables import deliveries
from bot.store.sql.tables import outbox as outbox_table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Row

Status = Literal["queued", "sending", "sent", "delivered", "read", "failed", "dead"]

#: How far each status is; a row never steps back unless a person sends it again. A receipt can
#: revive a `dead` row: it was only thought lost.
_RANK: Mapping[str, int] = {
    "queued": 0,
    "sending": 1,
    "dead": 2,
    "sent": 3,
    "failed": 4,
    "delivered": 5,
    "read": 6,
}
OPEN = ("queued", "sending")
GIVEN_UP = ("dead", "failed")

_d, _o = deliveries.c, outbox_table.c
# Written out, as the indexes of those are: SQLite uses an index of some rows only when it can tell
# from the statement's text that no others are asked for.
IS_GIVEN_UP = _d.status.in_([literal_column(f"'{status}'") for status in GIVEN_UP])
_BY_ID = select(
    _d.id, _d.outbox_id, _d.conversation_id, _d.status, _d.late_error, _d.unsure_since
).where(_d.id == bindparam("this"))
_BY_KEY = select(_d.id, _d.conversation_id).where(
    _d.channel == bindparam("channel"),
    _d.outbox_id == bindparam("outbox"),
    _d.part == bindparam("part"),
    _d.resends == bindparam("resends"),
)
_KEY: Final = re.compile(r"\d{1,18}\.\d{1,18}\.\d{1,18}", re.ASCII)
_BY_PROVIDER_ID = select(_d.id, _d.conversation_id).where(
    _d.channel == bindparam("channel"), _d.provider_id == bindparam("provider")
)
_CHANGE = update(deliveries).where(_d.id == bindparam("this"))
_STATUSES = select(_d.status).where(_d.outbox_id == bindparam("outbox"))
_OUTBOX = select(_o.sent_at, _o.conversation_id).where(_o.id == bindparam("this"))
# Two statements, each by an index of its own. With an OR between the two conditions a planner may
# read the whole outbox for every receipt.
_CHANGE_FIRST = update(outbox_table).where(_o.id == bindparam("this"))
_CHANGE_OTHERS = update(outbox_table).where(_o.sent_with == bindparam("this"))


def locked(conn: Connection, delivery_id: int) -> Row:
    """A delivery as it stands, with other writers kept away.

    The lock is on its conversation's line: one lock for all that an outcome may change, the other
    parts of its message and the deliveries behind it.
    """
    delivery_order.lock_of(conn, delivery_id)
    return conn.execute(_BY_ID, {"this": delivery_id}).one()


def receipt(
    conn: Connection,
    channel: str,
    provider_id: str,
    status: Status,
    error: str,
    key: str,
    now: datetime,
) -> bool:
    """Note the status that a provider reports of a message; returns whether the message is known.

    Args:
        conn: a write transaction.
        channel: name of the channel.
        provider_id: the provider's id of the message.
        status: how far it came; a step back is ignored.
        error: the provider's error code, or empty.
        key: `Claimed.key`, where the provider gives it back; else empty.
        now: the present.
    """
    found = find(conn, channel, provider_id, key)
    if found is None:
        return False
    move(conn, found, status, error, now)
    return True


def conversation_of(conn: Connection, channel: str, provider_id: str, key: str) -> str | None:
    """The conversation of the message that a receipt is about; None for an unknown one."""
    row = _row(conn, channel, provider_id, key)
    return None if row is None else str(row.conversation_id)


def key_of(row: Row) -> str:
    """Our own id of a delivery as it is sent now: another one each time a person sends it again."""
    return f"{row.outbox_id}.{row.part}.{row.resends}"


def find(conn: Connection, channel: str, provider_id: str, key: str) -> int | None:
    """The delivery that a key, or else a provider's id, stands for, with its line locked.

    Found again under the lock: a delivery that is held, or put behind others, gets another row.
    """
    conversation_id = conversation_of(conn, channel, provider_id, key)
    if conversation_id is None:
        return None
    delivery_order.lock(conn, [conversation_id])
    row = _row(conn, channel, provider_id, key)
    return None if row is None else int(row.id)


def _row(conn: Connection, channel: str, provider_id: str, key: str) -> Row | None:
    if _KEY.fullmatch(key):
        names = ("outbox", "part", "resends")
        numbers = zip(names, map(int, key.split(".")), strict=True)
        return conn.execute(_BY_KEY, {"channel": channel, **dict(numbers)}).first()
    where = {"channel": channel, "provider": provider_id}
    return conn.execute(_BY_PROVIDER_ID, where).first()


def move(conn: Connection, delivery_id: int, status: Status, error: str, now: datetime) -> None:
    """Give a delivery another status, unless that would be a step back."""
    row = locked(conn, delivery_id)
    rank = _RANK[row.status]
    if row.late_error:
        # It failed, whatever else is decided: only word that it did arrive goes before that.
        rank = _RANK["sent"]
        status = "failed" if status == "dead" else status
    if _RANK[status] <= rank:
        return
    values: dict[str, object] = {"status": status, "error": error, "late_error": ""}
    if _RANK[row.status] < _RANK["sent"] <= _RANK[status]:
        values["sent_at"] = now
    if status != "dead":
        values["unsure_since"] = None
    change(conn, delivery_id, now, **values)
    follow(conn, row.outbox_id, now)


def change(conn: Connection, delivery_id: int, now: datetime, **columns: Any) -> None:
    """Write the given columns of a delivery; its conversation's line follows its status.

    Args:
        conn: a write transaction; one that changes the status has called `locked`.
        delivery_id: the row.
        now: the present.
        columns: the columns to write; not `front`.
    """
    this = {"this": delivery_id}
    status = columns.get("status")
    before = conn.execute(_BY_ID, this).one() if status else None
    in_line = before is not None and (before.status in OPEN or status in OPEN)
    if in_line and status not in OPEN:
        columns["front"] = False
    conn.execute(_CHANGE.values(**columns, updated_at=now), this)
    if before is not None and in_line:
        delivery_order.settle(conn, [before.conversation_id], now)


def overall(statuses: Iterable[str]) -> str:
    """The status of a message whose parts have these statuses: that of the part least far."""
    present = set(statuses)
    for status in ("dead", "failed"):
        if status in present:
            return status
    if present & set(OPEN):
        return "queued"
    return min(present, key=_RANK.__getitem__)


def follow(conn: Connection, outbox_id: int, now: datetime) -> None:
    """Have the outbox row, and those sent together with it, follow their deliveries.

    The record of disclosures follows too. When one is lost, the messages behind it are held back or
    given up: the bot says nothing undisclosed.
    """
    status = overall(conn.execute(_STATUSES, {"outbox": outbox_id}).scalars())
    values: dict[str, object] = {"status": status}
    sent_at, conversation_id = conn.execute(_OUTBOX, {"this": outbox_id}).one()
    if status in ("sent", "delivered", "read") and sent_at is None:
        values["sent_at"] = now
    for change_some in (_CHANGE_FIRST, _CHANGE_OTHERS):
        conn.execute(change_some, {"this": outbox_id, **values})
    loss = disclosures.follow(conn, conversation_id, outbox_id, status, now)
    if loss is None:
        return
    for delivery_id in redisclosure.lost(conn, conversation_id, loss, now):
        move(conn, delivery_id, "dead", redisclosure.UNDISCLOSED, now)
