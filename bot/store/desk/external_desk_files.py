"""Finds customers' files that an external desk has not been shown yet.

A message is shown there at once, its files when they have been fetched and checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from bot.records.attachment import FileRecord
from bot.store.conversation.attachments import FIELDS
from bot.store.sql.tables import attachments

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_a = attachments.c
_READY = (
    select(*FIELDS)
    .where(_a.to_show_in == bindparam("handover"), _a.status != "waiting")
    .order_by(_a.id)
)


def promise(conn: Connection, handover_id: int, inbox_id: int) -> None:
    """Notes that the files of a message are to be shown where it was.

    Args:
        conn: a write transaction.
        handover_id: the hand-over.
        inbox_id: the customer's message.
    """
    of_message = update(attachments).where(_a.inbox_id == inbox_id)
    conn.execute(of_message.values(to_show_in=handover_id))


def ready(conn: Connection, handover_id: int) -> tuple[FileRecord, ...]:
    """The files of a hand-over that can be shown now, or never will be, oldest first."""
    rows = conn.execute(_READY, {"handover": handover_id})
    return tuple(FileRecord(*row) for row in rows)


def shown(conn: Connection, file_id: int) -> None:
    """Notes that a file was shown, or why it will not be."""
    conn.execute(update(attachments).where(_a.id == file_id).values(to_show_in=None))
