"""A page of a conversation's history: its messages with what only the desk shows of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from bot.messages import Media
from bot.records.attachment import FileRecord
from bot.store.conversation import attachments
from bot.store.handover import audit_log, notes
from bot.store.handover.audit_log import AuditEntry
from bot.store.handover.notes import Note
from bot.store.history import timeline
from bot.store.sql.dialect_statements import NO_ROW
from bot.store.sql.tables import agents, deliveries
from bot.store.sql.tables import outbox as outbox_table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_PLACE = re.compile(r"([0-9a-f]{32})\.(\d{1,19})\.(\d{1,19})", re.ASCII)


_o, _d = outbox_table.c, deliveries.c
_NAMES = (
    select(_o.id, agents.c.name).join(agents).where(_o.id.in_(bindparam("ids", expanding=True)))
)
_ERRORS = (
    select(_d.outbox_id, _d.error)
    .where(_d.outbox_id.in_(bindparam("ids", expanding=True)), _d.error != "")
    .order_by(_d.id)
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


def _errors(conn: Connection, ids: Sequence[int]) -> Mapping[int, str]:
    found: defaultdict[int, str] = defaultdict(str)
    if ids:
        for row in conn.execute(_ERRORS, {"ids": list(ids)}):
            found[row.outbox_id] = row.error
    return dict(found)
