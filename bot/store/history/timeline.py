"""Reads a conversation, both sides in one order, in pieces without gap or repetition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.messages import Author
from bot.records.inbox_message import InboxMessage
from bot.records.outbox_message import OutboxMessage
from bot.store.delivery import outbox_queries
from bot.store.sql.dialect_statements import NO_ROW
from bot.store.worker import inbox

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_CURSOR = re.compile(r"i(0|[1-9]\d{0,17})\.o(0|[1-9]\d{0,17})", re.ASCII)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One message of a conversation; either `inbound` or `outbound` is set.

    Attributes:
        cursor: `i<inbox id>.o<outbox id>`: how far both tables have been read, this one included.
        author: the message's author.
        at: when it was received or said (UTC).
        inbound: the customer's message.
        outbound: the message to the customer.
    """

    cursor: str
    author: Author
    at: datetime
    inbound: InboxMessage | None
    outbound: OutboxMessage | None


def parse_cursor(cursor: str) -> tuple[int, int]:
    """The inbox id and outbox id of a cursor.

    Raises:
        ValueError: it is not one.
    """
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise ValueError("a cursor looks like i12.o34")
    return int(match[1]), int(match[2])


def timeline(
    conn: Connection, conversation_id: str, cursor: str | None, limit: int
) -> tuple[TimelineEntry, ...]:
    """A piece of a conversation in order of time; at equal times the customer comes first.

    Each table is read in order of its ids, which is the order in which rows became visible, so
    reading on from any entry's cursor gives exactly what is not yet read, also when clocks differ.

    Args:
        conn: a transaction.
        conversation_id: the conversation; an unknown one has no entries.
        cursor: read what comes after it; None reads the newest entries.
        limit: at most so many entries.

    Raises:
        ValueError: malformed cursor.
    """
    if cursor is None:
        return _newest(conn, conversation_id, limit)
    read_in, read_out = parse_cursor(cursor)
    where = {"conversation": conversation_id, "after": read_in, "limit": limit}
    received = conn.execute(inbox.ONWARDS, where)
    said = outbox_queries.since(conn, conversation_id, read_out, limit)
    merged = merge([inbox.from_row(row) for row in received], said, read_in, read_out)
    return tuple(merged)[:limit]


def _newest(conn: Connection, conversation_id: str, limit: int) -> tuple[TimelineEntry, ...]:
    where = {"conversation": conversation_id, "before": NO_ROW, "limit": limit}
    received = conn.execute(inbox.BACKWARDS, where)
    said = conn.execute(outbox_queries.BACKWARDS, where)
    merged = merge(
        [inbox.from_row(row) for row in received][::-1],
        [outbox_queries.from_row(row) for row in said][::-1],
        0,
        0,
    )
    return tuple(merged)[-limit:]


def merge(
    received: Sequence[InboxMessage], said: Sequence[OutboxMessage], read_in: int, read_out: int
) -> Iterator[TimelineEntry]:
    """Merges both sides in one order of time, keeping each side's own order.

    Args:
        received: the customer's messages, by id.
        said: the messages to the customer, by id.
        read_in: inbox id up to which was read before.
        read_out: outbox id up to which was read before.
    """
    i = o = 0
    while i < len(received) or o < len(said):
        if o == len(said) or (i < len(received) and received[i].received_at <= said[o].created_at):
            message = received[i]
            i, read_in = i + 1, message.id
            cursor = f"i{read_in}.o{read_out}"
            yield TimelineEntry(cursor, "customer", message.received_at, message, None)
        else:
            reply = said[o]
            o, read_out = o + 1, reply.id
            cursor = f"i{read_in}.o{read_out}"
            yield TimelineEntry(cursor, reply.author, reply.created_at, None, reply)
