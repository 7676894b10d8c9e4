"""The tables of the outbox, its deliveries, votes on its quotes, and the record of disclosures.

`bot.store.sql.tables`, which has all tables, explains `info["personal"]` and what goes with a
conversation.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    and_,
    literal_column,
    text,
)

from bot.store.sql.column_types import RowId, UtcTime, Words
from bot.store.sql.schema import IMPERSONAL, PERSONAL, agent_id, conversation_id, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    conversation_id(),
    Column("inbox_id", RowId, ForeignKey("inbox.id", ondelete="SET NULL")),
    Column("position", Integer, nullable=False),
    Column("author", String(8), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("content", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("status", String(16), nullable=False),
    Column("sent_at", UtcTime),
    Column("sent_with", RowId),
    agent_id("agent_id"),
    Column("client_id", String(64)),
    # The channel whose deliveries are still to be made of it; empty once they are.
    Column("to_plan", String(32), nullable=False, server_default=""),
    CheckConstraint("author in ('bot', 'human', 'system')", name="author"),
    CheckConstraint(
        "status in ('queued', 'sent', 'delivered', 'read', 'failed', 'dead')", name="status"
    ),
    Index("ix_outbox_conversation_id_id", "conversation_id", "id"),
    sqlite_autoincrement=True,
    info=PERSONAL,
)
Index(
    "uq_outbox_inbox_id_position",
    outbox.c.inbox_id,
    outbox.c.position,
    unique=True,
    sqlite_where=outbox.c.inbox_id.isnot(None),
    postgresql_where=outbox.c.inbox_id.isnot(None),
)
# A reply that an agent's browser sends twice is one reply.
Index(
    "uq_outbox_conversation_id_client_id",
    outbox.c.conversation_id,
    outbox.c.client_id,
    unique=True,
    sqlite_where=outbox.c.client_id.isnot(None),
    postgresql_where=outbox.c.client_id.isnot(None),
)
# A message that was sent together with another follows that one's receipts.
Index(
    "ix_outbox_sent_with",
    outbox.c.sent_with,
    sqlite_where=outbox.c.sent_with.isnot(None),
    postgresql_where=outbox.c.sent_with.isnot(None),
)
# As small as the number of new messages; with the time for the same reason as the channel in
# ix_deliveries_open.
IS_UNPLANNED = outbox.c.to_plan != literal_column("''")
Index(
    "ix_outbox_to_plan",
    outbox.c.to_plan,
    outbox.c.conversation_id,
    outbox.c.created_at,
    sqlite_where=IS_UNPLANNED,
    postgresql_where=IS_UNPLANNED,
)

# Whether a quoted passage helped; goes with its message, and so with the conversation.
quote_votes = Table(
    "quote_votes",
    metadata,
    Column(
        "outbox_id",
        RowId,
        ForeignKey("outbox.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("helpful", Boolean, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_quote_votes_at", "at", "outbox_id", "helpful"),
    info=PERSONAL,
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    conversation_id(),
    Column("outbox_id", RowId, ForeignKey("outbox.id", ondelete="CASCADE"), nullable=False),
    Column("part", Integer, nullable=False),
    Column("channel", String(32), nullable=False),
    Column("content", JSON, nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("resends", Integer, nullable=False),
    Column("queued_at", UtcTime, nullable=False),
    Column("next_attempt_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
    Column("updated_at", UtcTime, nullable=False),
    Column("provider_id", Words),
    Column("error", Words, nullable=False),
    # The one delivery of its conversation that is being sent, or that is to be sent next.
    Column("front", Boolean, nullable=False, server_default=text("false")),
    Column("unsure_since", UtcTime),
    # The provider's code of a failure it told of later, until that is decided on; and how often it
    # told of one since a person last sent the message.
    Column("late_error", Words, nullable=False, server_default=text("''")),
    Column("late_failures", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("outbox_id", "part"),
    CheckConstraint(
        "status in ('queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'dead')",
        name="status",
    ),
    Index("ix_deliveries_channel_provider_id", "channel", "provider_id"),
    Index("ix_deliveries_conversation_id_sent_at", "conversation_id", "sent_at"),
    sqlite_autoincrement=True,
    info=PERSONAL,
)
# SQLite takes a partial index only for a query with the index's own condition, word for word and
# without parameters; so both are made of these.
_QUEUED, _SENDING = literal_column("'queued'"), literal_column("'sending'")
IS_FRONT = deliveries.c.front.is_(True)
IS_QUEUED = deliveries.c.status == _QUEUED
IS_SENDING = deliveries.c.status == _SENDING
IS_OPEN = deliveries.c.status.in_([_QUEUED, _SENDING])
# Deliveries that may be sent: one row for each customer who waits, however much waits behind it.
Index(
    "ix_deliveries_due",
    deliveries.c.channel,
    deliveries.c.next_attempt_at,
    deliveries.c.id,
    sqlite_where=and_(IS_FRONT, IS_QUEUED),
    postgresql_where=and_(IS_FRONT, IS_QUEUED),
)
Index(
    "ix_deliveries_under_way",
    deliveries.c.next_attempt_at,
    deliveries.c.id,
    sqlite_where=IS_SENDING,
    postgresql_where=IS_SENDING,
)
# A conversation has one channel. It stands here so that this index alone has the order in which the
# next one is looked for: whatever PostgreSQL believes, it does not walk all deliveries by id.
Index(
    "ix_deliveries_open",
    deliveries.c.conversation_id,
    deliveries.c.channel,
    deliveries.c.id,
    sqlite_where=IS_OPEN,
    postgresql_where=IS_OPEN,
)
Index(
    "uq_deliveries_front",
    deliveries.c.conversation_id,
    unique=True,
    sqlite_where=IS_FRONT,
    postgresql_where=IS_FRONT,
)
Index(
    "ix_deliveries_unsure",
    deliveries.c.channel,
    deliveries.c.id,
    sqlite_where=deliveries.c.unsure_since.isnot(None),
    postgresql_where=deliveries.c.unsure_since.isnot(None),
)
Index(
    "ix_deliveries_unsure_conversation",
    deliveries.c.conversation_id,
    sqlite_where=deliveries.c.unsure_since.isnot(None),
    postgresql_where=deliveries.c.unsure_since.isnot(None),
)
Index(
    "ix_deliveries_undelivered",
    deliveries.c.id,
    sqlite_where=deliveries.c.status.in_(("dead", "failed")),
    postgresql_where=deliveries.c.status.in_(("dead", "failed")),
)

# Whether a customer was invited to write in place of a late message; see
# `bot.store.delivery.deliveries`.
Index(
    "ix_deliveries_invited",
    deliveries.c.conversation_id,
    deliveries.c.updated_at,
    sqlite_where=deliveries.c.error == "window_closed invited",
    postgresql_where=deliveries.c.error == "window_closed invited",
)

disclosures = Table(
    "disclosures",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("conversation_id", String(32), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("version", String(64), nullable=False),
    Column("text", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
    # Gone with the conversation; the record stays, as far as the disclosure had come by then.
    Column("outbox_id", RowId, ForeignKey("outbox.id", ondelete="SET NULL")),
    Column("status", String(16), nullable=False, server_default="offered"),
    Column("sent_at", UtcTime),
    Column("delivered_at", UtcTime),
    Column("read_at", UtcTime),
    Column("failed_at", UtcTime),
    CheckConstraint(
        "status in ('offered', 'sent', 'delivered', 'read', 'failed', 'dead')", name="status"
    ),
    Index("ix_disclosures_conversation_id", "conversation_id"),
    Index("ix_disclosures_outbox_id", "outbox_id"),
    sqlite_autoincrement=True,
    info=IMPERSONAL,
)
