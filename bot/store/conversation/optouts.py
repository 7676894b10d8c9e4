"""Opt-outs of customers who want no messages: recorded at STOP, lifted by START."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import optouts

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_o = optouts.c
_THIS = (_o.channel == bindparam("where_channel"), _o.address == bindparam("where_address"))
_IS_OUT = select(_o.active).where(*_THIS)
_LAST = select(_o.active, _o.at).where(*_THIS)
_CHANGE = update(optouts).where(*_THIS)


def opt_out(conn: Connection, channel: str, address: str, now: datetime) -> None:
    """Note that nothing may be sent to this address any more."""
    _note(conn, channel, address, now, active=True)


def opt_in(conn: Connection, channel: str, address: str, now: datetime) -> None:
    """Note that messages are welcome again; the opt-out of before stays on record as ended."""
    if _row(conn, channel, address) is not None:
        _note(conn, channel, address, now, active=False)


def is_out(conn: Connection, channel: str, address: str) -> bool:
    """Whether nothing may be sent to this address."""
    return bool(_row(conn, channel, address))


def last(conn: Connection, channel: str, address: str) -> tuple[bool, datetime] | None:
    """The customer's last word: whether it was STOP, and when (UTC); None without any STOP."""
    where = {"where_channel": channel, "where_address": address}
    row = conn.execute(_LAST, where).first()
    return None if row is None else (row.active, row.at)


def _row(conn: Connection, channel: str, address: str) -> bool | None:
    where = {"where_channel": channel, "where_address": address}
    active: bool | None = conn.execute(_IS_OUT, where).scalar()
    return active


def _note(conn: Connection, channel: str, address: str, now: datetime, *, active: bool) -> None:
    values = {"channel": channel, "address": address, "active": active, "at": now}
    if insert_new(conn, optouts, values) is None:
        where = {"where_channel": channel, "where_address": address}
        conn.execute(_CHANGE, {**where, "active": active, "at": now})
