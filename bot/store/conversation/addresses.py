"""The addresses by which one customer is known on a channel.

A conversation keeps the address it began with. Where a customer may have several (a phone
number and a user id, say) or gets another one, each of them leads to that conversation, and what
is sent goes to the one seen last.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from bot.store.conversation import conversations
from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import addresses

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_a = addresses.c
_THIS = (_a.channel == bindparam("where_channel"), _a.alias == bindparam("where_alias"))
_FIND = select(_a.address).where(*_THIS)
_MOVE = update(addresses).where(*_THIS)
_LATEST = (
    select(_a.alias)
    .where(_a.channel == bindparam("channel"), _a.address == bindparam("address"))
    .order_by(_a.seen_at.desc(), _a.rank, _a.alias)
    .limit(1)
)
_LATEST_OF = (
    select(_a.channel, _a.address, _a.alias)
    .where(
        _a.channel.in_(bindparam("channels", expanding=True)),
        _a.address.in_(bindparam("ids", expanding=True)),
    )
    .order_by(_a.seen_at.desc(), _a.rank, _a.alias)
)


def resolve(
    conn: Connection, channel: str, sender: str, aliases: Sequence[str], now: datetime
) -> str:
    """The conversation's address of a customer known by several addresses; remembers all of them.

    Args:
        conn: a write transaction.
        channel: name of the channel.
        sender: the address that a new conversation gets.
        aliases: all addresses the message came with, the one to write to first.
        now: when they were seen.

    Returns:
        The address of the conversation that the first known alias belongs to, or `sender`. An
        alias whose conversation has gone on under another address does not count: it is a phone
        number that was given out again, and its new owner must not see the old one's conversation.
    """
    address = known(conn, channel, aliases[0])
    for alias in aliases[1:]:
        found = None if address else known(conn, channel, alias)
        if found is not None and latest(conn, channel, found) in aliases:
            address = found
    address = address or sender
    for rank, alias in enumerate(aliases):
        _link(conn, channel, alias, address, rank, now)
    return address


def find(conn: Connection, channel: str, aliases: Sequence[str]) -> str | None:
    """The address of the conversation of a customer known by these; None when there is none."""
    for alias in aliases:
        address = known(conn, channel, alias)
        if address is not None and (
            alias == aliases[0] or latest(conn, channel, address) in aliases
        ):
            return address
    return None


def rename(conn: Connection, channel: str, old: Sequence[str], new: str, now: datetime) -> None:
    """Note that a customer's address changed: messages from and to the new one belong here.

    Args:
        conn: a write transaction.
        channel: name of the channel.
        old: addresses the customer may be known by, the surest first; nothing happens when none is.
        new: the address from now on.
        now: when it was told.
    """
    for alias in old:
        if (address := known(conn, channel, alias)) is not None:
            if known(conn, channel, new) != address:  # else this is told for the second time
                _link(conn, channel, alias, address, 1, now)
                _link(conn, channel, new, address, 0, now)
            return


def latest(conn: Connection, channel: str, address: str) -> str:
    """The address to send to: the newest alias of a conversation's address, or itself."""
    alias: str | None = conn.execute(_LATEST, {"channel": channel, "address": address}).scalar()
    return alias or address


def latest_of(
    conn: Connection, places: Collection[tuple[str, str]]
) -> Mapping[tuple[str, str], str]:
    """The addresses to send to, by channel and address; those that are the same are left out."""
    if not places:
        return {}
    wanted = {"channels": list({each for each, _ in places}), "ids": [each for _, each in places]}
    found: dict[tuple[str, str], str] = {}
    for channel, address, alias in conn.execute(_LATEST_OF, wanted):
        found.setdefault((channel, address), alias)
    return found


def known(conn: Connection, channel: str, alias: str) -> str | None:
    """The address of the conversation that an alias, or an address itself, leads to, if any."""
    where = {"where_channel": channel, "where_alias": alias}
    address: str | None = conn.execute(_FIND, where).scalar()
    if address is None and conversations.find(conn, channel, alias) is not None:
        return alias
    return address


def _link(
    conn: Connection, channel: str, alias: str, address: str, rank: int, now: datetime
) -> None:
    values = {"channel": channel, "alias": alias, "address": address, "rank": rank, "seen_at": now}
    if insert_new(conn, addresses, values) is None:
        where = {"where_channel": channel, "where_alias": alias}
        conn.execute(_MOVE, {**where, "address": address, "rank": rank, "seen_at": now})
