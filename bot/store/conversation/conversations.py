"""Conversations: reads and writes one row for each customer's address on a channel."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from bot.errors import LoketError
from bot.records.conversation import Conversation
from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import conversations

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Row


class Wiped(LoketError):
    """The customer wiped this conversation: nobody could read an answer. Begin another one."""


_c = conversations.c
#: The columns of `Conversation`, in its order.
COLUMNS = (
    _c.id,
    _c.channel,
    _c.address,
    _c.owner,
    _c.session,
    _c.disclosed,
    _c.turns_since_disclosure,
    _c.rating_asked,
    _c.created_at,
    _c.last_inbound_at,
    _c.last_outbound_at,
    _c.continues,
    _c.left_at,
    _c.wiped_at,
)


def from_row(row: Row) -> Conversation:
    """The conversation of a row that was selected as `COLUMNS`."""
    return Conversation(*row)


# FOR NO KEY UPDATE waits for other writers, not for rows that merely refer to this one.
_BY_ID = select(*COLUMNS).where(_c.id == bindparam("this"))
_THESE = select(*COLUMNS).where(_c.id.in_(bindparam("ids", expanding=True)))
_EXISTS = select(_c.id).where(_c.id == bindparam("this"))
_BY_ID_LOCKED = _BY_ID.with_for_update(key_share=True)
_BY_ADDRESS = select(*COLUMNS).where(
    _c.channel == bindparam("channel"), _c.address == bindparam("address")
)
_BY_ADDRESS_LOCKED = _BY_ADDRESS.with_for_update(key_share=True)
_CHANGE = update(conversations).where(_c.id == bindparam("this"))


def find(conn: Connection, channel: str, address: str) -> Conversation | None:
    """The conversation with an address of a channel, or None when there never was one."""
    row = conn.execute(_BY_ADDRESS, {"channel": channel, "address": address}).first()
    return None if row is None else from_row(row)


def get(conn: Connection, conversation_id: str, *, lock: bool = False) -> Conversation:
    """The conversation with this id.

    Args:
        conn: the transaction.
        conversation_id: the conversation.
        lock: whether to keep other writers away until the transaction ends. Lock what you are
            going to `save`; SQLite's write transactions always do.

    Raises:
        LookupError: there is none.
    """
    row = conn.execute(_BY_ID_LOCKED if lock else _BY_ID, {"this": conversation_id}).first()
    if row is None:
        raise LookupError(f"there is no conversation {conversation_id}")
    return from_row(row)


def of(conn: Connection, conversation_ids: Collection[str]) -> Mapping[str, Conversation]:
    """These conversations, by id; those that do not exist are left out."""
    if not conversation_ids:
        return {}
    rows = conn.execute(_THESE, {"ids": list(conversation_ids)})
    return {each.id: each for each in map(from_row, rows)}


def exists(conn: Connection, conversation_id: str) -> bool:
    """Whether there is a conversation with this id."""
    return conn.execute(_EXISTS, {"this": conversation_id}).first() is not None


def open_(conn: Connection, channel: str, address: str, now: datetime) -> Conversation:
    """The conversation with an address, locked; a new one, owned by the bot, if there is none.

    Args:
        conn: a write transaction.
        channel: name of the channel.
        address: the customer's address within the channel.
        now: when a new one is created.
    """
    where = {"channel": channel, "address": address}
    row = conn.execute(_BY_ADDRESS_LOCKED, where).first()
    if row is None:
        fresh = Conversation(
            id=uuid.uuid4().hex,
            channel=channel,
            address=address,
            owner="bot",
            session=0,
            disclosed=False,
            turns_since_disclosure=0,
            rating_asked=False,
            created_at=now,
            last_inbound_at=None,
            last_outbound_at=None,
        )
        insert_new(conn, conversations, asdict(fresh))
        # Read back: another process may have been first, and a stored time is the time in UTC.
        row = conn.execute(_BY_ADDRESS_LOCKED, where).one()
    return from_row(row)


def save(conn: Connection, conversation: Conversation, **columns: object) -> None:
    """Write owner, session, disclosure and rating state.

    The two `last_..._at` times belong to `inbox.accept` and `outbox.add` and are left alone, so
    that a turn which read the conversation long ago does not undo what came in since.

    Args:
        conn: a write transaction that read the conversation with `lock`, or holds its claim.
        conversation: the new state.
        **columns: other columns to write, for the store's own modules and the turn's.
    """
    change(
        conn,
        conversation.id,
        owner=conversation.owner,
        session=conversation.session,
        disclosed=conversation.disclosed,
        turns_since_disclosure=conversation.turns_since_disclosure,
        rating_asked=conversation.rating_asked,
        **columns,
    )


def continue_from(conn: Connection, conversation_id: str, earlier_id: str) -> None:
    """Note that this conversation goes on from one on another channel."""
    change(conn, conversation_id, continues=earlier_id)


def set_left(conn: Connection, conversation_id: str, at: datetime | None) -> None:
    """Note since when the customer has had no page open; None: one is open."""
    change(conn, conversation_id, left_at=at)


def set_wiped(conn: Connection, conversation: Conversation, now: datetime) -> None:
    """Note that the customer wiped a conversation, and so has no page open; lock it first."""
    change(conn, conversation.id, wiped_at=now, left_at=conversation.left_at or now)


def change(conn: Connection, conversation_id: str, **columns: object) -> None:
    """Write some columns of a conversation; for the store's own modules."""
    conn.execute(_CHANGE, {"this": conversation_id, **columns})
