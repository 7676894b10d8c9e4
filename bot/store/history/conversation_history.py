"""Reads a conversation backwards, a page at a time, with what only the desk shows.

That is the agent who said a message, how far it came and why not further, the notes and acts in
between, and past the beginning the conversation on another channel that this one goes on from.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from bot.messages import Media
from bot.records.attachment import FileRecord
from bot.store.conversation import attachments
from bot.store.delivery import outbox_queries
from bot.store.handover import audit_log, notes
from bot.store.handover.audit_log import AuditEntry
from bot.store.handover.notes import Note
from bot.store.history import linked_conversations, timeline
from bot.store.history.linked_conversations import Part
from bot.store.sql.dialect_statements import NO_ROW, backwards
from bot.store.sql.tables import agents, deliveries
from bot.store.sql.tables import inbox as inbox_table
from bot.store.sql.tables import outbox as outbox_table
from bot.store.worker import inbox

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_PLACE = re.compile(r"([0-9a-f]{32})\.(\d{1,19})\.(\d{1,19})", re.ASCII)

_i, _o, _d = inbox_table.c, outbox_table.c, deliveries.c
_NAMES = (
    select(_o.id, agents.c.name).join(agents).where(_o.id.in_(bindparam("ids", expanding=True)))
)
_ERRORS = (
    select(_d.outbox_id, _d.error)
    .where(_d.outbox_id.in_(bindparam("ids", expanding=True)), _d.error != "")
    .order_by(_d.id)
)
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


@dataclass(frozen=True, slots=True)
class Place:
    """The place where a page begins: messages before these rows are on it.

    Attributes:
        conversation_id: the conversation, or one that it continues.
        inbox_id: row of the inbox.
        outbox_id: row of the outbox.
    """

    conversation_id: str
    inbox_id: int = NO_ROW
    outbox_id: int = NO_ROW

    def __str__(self) -> str:
        return f"{self.conversation_id}.{self.inbox_id}.{self.outbox_id}"


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A piece of a conversation.

    Attributes:
        conversation_id: the conversation that it is a piece of.
        entries: its messages, oldest first.
        notes: the notes written in that time, oldest first.
        acts: what agents did in that time, oldest first.
        names: by outbox row, the name of the agent who said it.
        errors: by outbox row, why it did not arrive.
        received: by inbox row, the files that came with it.
        sent: by outbox row, the files that went with it.
        before: where older messages are; None at the beginning of all.
    """

    conversation_id: str
    entries: tuple[timeline.TimelineEntry, ...]
    notes: tuple[Note, ...]
    acts: tuple[AuditEntry, ...]
    names: Mapping[int, str]
    errors: Mapping[int, str]
    received: Mapping[int, tuple[FileRecord, ...]]
    sent: Mapping[int, tuple[FileRecord, ...]]
    before: Place | None


def place(text: str) -> Place:
    """The place in a page's link to older messages.

    Raises:
        ValueError: it is none.
    """
    match = _PLACE.fullmatch(text)
    if match is None:
        raise ValueError("a place looks like <conversation>.<inbox id>.<outbox id>")
    return Place(match[1], min(int(match[2]), NO_ROW), min(int(match[3]), NO_ROW))


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
    found = with_details(conn, before.conversation_id, entries, since, until)
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


def with_details(
    conn: Connection,
    conversation_id: str,
    entries: tuple[timeline.TimelineEntry, ...],
    since: datetime | None,
    until: datetime,
) -> HistoryPage:
    """Messages with what only the desk shows of them, and notes and acts of a time.

    Args:
        conn: a transaction.
        conversation_id: whose messages they are.
        entries: the messages, oldest first.
        since: no notes and acts before then; None for the beginning.
        until: none of then or later.
    """
    ids = [entry.outbound.id for entry in entries if entry.outbound is not None]
    return HistoryPage(
        conversation_id=conversation_id,
        entries=entries,
        notes=notes.of(conn, conversation_id, since, until),
        acts=audit_log.of(conn, conversation_id, since, until),
        names={row.id: row.name for row in conn.execute(_NAMES, {"ids": ids})} if ids else {},
        errors=_errors(conn, ids),
        received=attachments.of_inbox(conn, _with_files(entries)),
        sent=attachments.of_outbox(conn, _sent_files(entries)),
        before=None,
    )


def _with_files(entries: Sequence[timeline.TimelineEntry]) -> list[int]:
    said = [entry.inbound for entry in entries if entry.inbound is not None]
    return [each.id for each in said if each.inbound.attachment is not None]


def _sent_files(entries: Sequence[timeline.TimelineEntry]) -> list[int]:
    said = [entry.outbound for entry in entries if entry.outbound is not None]
    return [each.id for each in said if isinstance(each.message, Media)]


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


def _errors(conn: Connection, ids: Sequence[int]) -> Mapping[int, str]:
    found: defaultdict[int, str] = defaultdict(str)
    if ids:
        for row in conn.execute(_ERRORS, {"ids": list(ids)}):
            found[row.outbox_id] = row.error
    return dict(found)
