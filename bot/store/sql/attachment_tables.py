"""The table of files: what customers sent along, and what agents send.

`bot.store.sql.tables`, which has all tables, explains `info["personal"]` and what goes with a
conversation. The bytes are in `bot.attachments.storage`, under the row's name.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    literal_column,
)

from bot.store.sql.column_types import RowId, UtcTime, Words
from bot.store.sql.schema import PERSONAL, agent_id, conversation_id, metadata

attachments = Table(
    "attachments",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    conversation_id(),
    # The customer's message that it came with, or the agent's message that it went with.
    Column("inbox_id", RowId, ForeignKey("inbox.id", ondelete="CASCADE")),
    Column("outbox_id", RowId, ForeignKey("outbox.id", ondelete="CASCADE")),
    agent_id("agent_id"),
    Column("channel", String(32), nullable=False),
    # Nobody can guess it: it is the file's name in the storage and in addresses.
    Column("name", String(64), nullable=False),
    # Where the channel fetches it; empty once nothing is to be fetched.
    Column("reference", Words, nullable=False),
    Column("filename", Words, nullable=False),
    Column("media_type", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("status", String(8), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    # When it is fetched next; not set once nothing is to be fetched.
    Column("due_at", UtcTime),
    # The hand-over at whose external desk it is still to be shown.
    Column("to_show_in", RowId),
    Column("created_at", UtcTime, nullable=False),
    CheckConstraint(
        "status in ('waiting', 'stored', 'refused', 'draft', 'expired')"
        " and (status = 'waiting') = (due_at is not null)",
        name="status",
    ),
    Index("uq_attachments_name", "name", unique=True),
    Index("ix_attachments_conversation_id", "conversation_id"),
    sqlite_autoincrement=True,
    info=PERSONAL,
)
_a = attachments.c
for _name, _column in (("inbox_id", _a.inbox_id), ("outbox_id", _a.outbox_id)):
    Index(
        f"ix_attachments_{_name}",
        _column,
        sqlite_where=_column.isnot(None),
        postgresql_where=_column.isnot(None),
    )
Index(
    "ix_attachments_to_show_in",
    _a.to_show_in,
    _a.id,
    sqlite_where=_a.to_show_in.isnot(None),
    postgresql_where=_a.to_show_in.isnot(None),
)
# As small as the number of files that are still to be fetched.
Index(
    "ix_attachments_due_at",
    _a.due_at,
    _a.id,
    sqlite_where=_a.due_at.isnot(None),
    postgresql_where=_a.due_at.isnot(None),
)
#: The files whose bytes are in the storage: the only ones that can expire. Without parameters, as
#: `bot.store.sql.delivery_tables` says.
IS_KEPT = _a.status.in_([literal_column("'stored'"), literal_column("'draft'")])
Index(
    "ix_attachments_kept",
    _a.created_at,
    _a.id,
    sqlite_where=IS_KEPT,
    postgresql_where=IS_KEPT,
)
