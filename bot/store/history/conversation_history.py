"""Reads a conversation backwards, a page at a time, with what only the desk shows.

That is the agent who said a message, how far it came and why not further, the notes and acts in
between, and past the beginning the conversation on another channel that this one goes on from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from bot.store.delivery import outbox_queries
from bot.store.history import history_page, linked_conversations, timeline
from bot.store.history.history_page import HistoryPage, Place
from bot.store.history.linked_conversations import Part
from bot.store.sql.dialect_statements import NO_ROW, backwards
from bot.store.sql.tables import inbox as inbox_table
from bot.store.sql.tables import outbox as outbox_table
from bot.store.worker import inbox

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_i, _o = inbox_table.c, outbox_table.c
_RECEIVED_AT = select(_i.received_at).where(
    _i.id == bindparam("this"), _i.conversation_id == bindparam("conversation")
)
_SAID_AT = select(_o.created_at).where(
    _o.id == bindparam("this"), _o.conversation_id == bindparam("conversation")
)
# From the end: little was said after a conversation went on elsewhere.
_LAST_RECEIVED = backwards(select(_i.id), _i.conversation_id, _i.id).where(
    _i.received_at <= bindparam("until")
)
_LAST_SAID = backwards(select(_o.id), _o.conversation_id, _o.id).where(
    _o.created_at <= bindparam("until")
)


def page(conn: Connection, root: str, before: Place, limit: int) -> HistoryPage:
    """The newest messages before a place, with the notes and acts between them.

    Args:
        conn: a transaction.
        root: the conversation that is read; the place may be in one that it goes on from.
        before: the place; `Place(conversation_id)` for the newest of all. Anybody may have written
            it: what was said there after it went on elsewhere is never read.
        limit: at most so many messages.

    Raises:
        LookupError: there is no such conversation, or it does not go on from the place's.
    """
    read = linked_conversations.parts(conn, root)
    this, following = _around(read, before.conversation_id)
    before = earliest(before, end(conn, this))
    merged = entries_before(conn, before, limit + 1)
    entries = merged[-limit:]
    before_these = end(conn, following) if following else None
    if len(merged) > limit:
        before_these = older(before, entries)
    # Notes and acts belong to the page of the message before them; the oldest page has all others.
    since = entries[0].at if len(merged) > limit else None
    until = min(_began(conn, before) or this.until, this.until)
    found = history_page.with_details(conn, before.conversation_id, entries, since, until)
    return replace(found, before=before_these)


def entries_before(
    conn: Connection, before: Place, limit: int
) -> tuple[timeline.TimelineEntry, ...]:
    """The messages of a conversation before a place, oldest first; more than `limit` to leave out.

    Args:
        conn: a transaction.
        before: the place.
        limit: of each side at most so many.
    """
    where = {"conversation": before.conversation_id, "limit": limit}
    received = conn.execute(inbox.BACKWARDS, {**where, "before": before.inbox_id})
    said = conn.execute(outbox_queries.BACKWARDS, {**where, "before": before.outbox_id})
    merged = timeline.merge(
        [inbox.from_row(row) for row in received][::-1],
        [outbox_queries.from_row(row) for row in said][::-1],
        0,
        0,
    )
    return tuple(merged)


def _began(conn: Connection, place: Place) -> datetime | None:
    """The time at which the page after a place begins; None when there is none."""
    moments = [
        conn.execute(query, {"this": number, "conversation": place.conversation_id}).scalar()
        for query, number in ((_RECEIVED_AT, place.inbox_id), (_SAID_AT, place.outbox_id))
        if number != NO_ROW
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def older(before: Place, entries: Sequence[timeline.TimelineEntry]) -> Place:
    """The place before some messages of a conversation, which are before another place."""
    received = [entry.inbound.id for entry in entries if entry.inbound is not None]
    said = [entry.outbound.id for entry in entries if entry.outbound is not None]
    return Place(
        before.conversation_id,
        min(received, default=before.inbox_id),
        min(said, default=before.outbox_id),
    )


def _around(read: Sequence[Part], conversation_id: str) -> tuple[Part, Part | None]:
    """The part of a conversation, and the one that was before it."""
    places = [part.conversation_id for part in read]
    if conversation_id not in places:
        raise LookupError("this conversation does not go on from that one")
    number = places.index(conversation_id)
    return read[number], read[number + 1] if number + 1 < len(read) else None


def end(conn: Connection, part: Part) -> Place:
    """The place after the last message of a part."""
    if part.until == linked_conversations.ALWAYS:
        return Place(part.conversation_id)
    where = {
        "conversation": part.conversation_id,
        "until": part.until,
        "before": NO_ROW,
        "limit": 1,
    }
    numbers = [conn.execute(query, where).scalar() for query in (_LAST_RECEIVED, _LAST_SAID)]
    return Place(part.conversation_id, *((number or 0) + 1 for number in numbers))


def earliest(one: Place, other: Place) -> Place:
    """The one of two places in a conversation that has less before it."""
    return Place(
        one.conversation_id,
        min(one.inbox_id, other.inbox_id),
        min(one.outbox_id, other.outbox_id),
    )
