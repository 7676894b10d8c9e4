"""All tables. `info["personal"]` marks those that hold what a customer said, gave or did.

Export, erasure and retention must cover every personal table. Rows go with their conversation
(`ON DELETE CASCADE`), with three exceptions: disclosures stay, as the record that the law asks for
(by then their conversation's random id refers to nobody); Rasa's trackers and events, which also
exist for senders that are no conversation of ours (`rasa shell`, story tests); and opt-outs and
addresses, which belong to a customer's address rather than to what was said.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
)

from bot.store.sql.attachment_tables import attachments
from bot.store.sql.canned_tables import canned_answers, canned_versions
from bot.store.sql.column_types import RowId, UtcTime, Words
from bot.store.sql.delivery_tables import (
    IS_FRONT,
    IS_OPEN,
    IS_QUEUED,
    IS_SENDING,
    IS_UNPLANNED,
    deliveries,
    disclosures,
    outbox,
    quote_votes,
)
from bot.store.sql.desk_tables import (
    acts,
    agents,
    callbacks,
    desk_links,
    desk_sessions,
    desk_views,
    handovers,
    join_codes,
    mentions,
    notes,
)
from bot.store.sql.identity_tables import (
    customer_links,
    identity_attempts,
    identity_tallies,
    number_asks,
    origins,
    site_customers,
)
from bot.store.sql.schema import IMPERSONAL, PERSONAL, conversation_id, metadata
from bot.store.sql.writing_tables import drafts, page_questions, planned_replies

__all__ = [
    "IS_FRONT",
    "IS_OPEN",
    "IS_QUEUED",
    "IS_SENDING",
    "IS_UNPLANNED",
    "acts",
    "addresses",
    "agents",
    "attachments",
    "callbacks",
    "canned_answers",
    "canned_versions",
    "conversations",
    "customer_links",
    "deliveries",
    "desk_links",
    "desk_sessions",
    "desk_views",
    "disclosures",
    "drafts",
    "events",
    "handovers",
    "heartbeats",
    "identity_attempts",
    "identity_tallies",
    "inbox",
    "join_codes",
    "mentions",
    "metadata",
    "notes",
    "number_asks",
    "optouts",
    "origins",
    "outbox",
    "page_questions",
    "planned_replies",
    "queue",
    "quote_votes",
    "ratings",
    "site_customers",
    "timers",
    "trackers",
    "write_checks",
]

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("address", Words, nullable=False),
    Column("owner", String(16), nullable=False),
    Column("session", Integer, nullable=False),
    Column("disclosed", Boolean, nullable=False),
    Column("turns_since_disclosure", Integer, nullable=False),
    Column("rating_asked", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_inbound_at", UtcTime),
    Column("last_outbound_at", UtcTime),
    Column("claimed_by", String(128)),
    Column("claimed_until", UtcTime),
    Column("claim", String(16)),
    # From when its waiting messages may be answered: a customer who is typing on is waited for.
    Column("ready_at", UtcTime),
    Column("attempts", Text),
    Column("continues", String(32), ForeignKey("conversations.id", ondelete="SET NULL")),
    Column("left_at", UtcTime),
    Column("wiped_at", UtcTime),
    UniqueConstraint("channel", "address"),
    CheckConstraint("owner in ('bot', 'queued', 'human', 'closed')", name="owner"),
    info=PERSONAL,
)
Index(
    "ix_conversations_claimed_by",
    conversations.c.claimed_by,
    sqlite_where=conversations.c.claimed_by.isnot(None),
    postgresql_where=conversations.c.claimed_by.isnot(None),
)
# Few rows: conversations with messages that nobody has claimed yet.
Index(
    "ix_conversations_ready_at",
    conversations.c.ready_at,
    sqlite_where=conversations.c.ready_at.isnot(None),
    postgresql_where=conversations.c.ready_at.isnot(None),
)
# Conversations in progress, and interrupted ones: few rows, the least suspicious first.
Index(
    "ix_conversations_attempts",
    func.length(conversations.c.attempts),
    conversations.c.id,
    sqlite_where=conversations.c.attempts.isnot(None),
    postgresql_where=conversations.c.attempts.isnot(None),
)
# Erasing a conversation looks for those that go on from it.
Index(
    "ix_conversations_continues",
    conversations.c.continues,
    sqlite_where=conversations.c.continues.isnot(None),
    postgresql_where=conversations.c.continues.isnot(None),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    conversation_id(),
    Column("channel", String(32), nullable=False),
    Column("message_id", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("payload", Words),
    Column("sent_at", UtcTime),
    Column("attachment", String(16)),
    Column("received_at", UtcTime, nullable=False),
    Column("status", String(8), nullable=False),
    Column("done_at", UtcTime),
    Column("intent", Words),
    UniqueConstraint("channel", "message_id"),
    # "New" and "no done_at" are one thing: the queue's index goes by done_at.
    CheckConstraint(
        "status in ('new', 'done', 'failed') and (status = 'new') = (done_at is null)",
        name="status",
    ),
    Index("ix_inbox_conversation_id_id", "conversation_id", "id"),
    sqlite_autoincrement=True,
    info=PERSONAL,
)
# For one conversation: the message that was handled last, and the messages that wait.
Index(
    "ix_inbox_conversation_id_done_at",
    inbox.c.conversation_id,
    inbox.c.done_at,
    sqlite_where=inbox.c.done_at.isnot(None),
    postgresql_where=inbox.c.done_at.isnot(None),
)
Index(
    "ix_inbox_pending",
    inbox.c.conversation_id,
    inbox.c.id,
    sqlite_where=inbox.c.done_at.is_(None),
    postgresql_where=inbox.c.done_at.is_(None),
)
#: The queue: as small as the number of messages that wait, however long the record grows.
queue = Index(
    "ix_inbox_queue",
    inbox.c.id,
    inbox.c.conversation_id,
    sqlite_where=inbox.c.done_at.is_(None),
    postgresql_where=inbox.c.done_at.is_(None),
)

optouts = Table(
    "optouts",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("address", Words, primary_key=True),
    Column("active", Boolean, nullable=False),
    Column("at", UtcTime, nullable=False),
    info=PERSONAL,
)

addresses = Table(
    "addresses",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("alias", Words, primary_key=True),
    Column("address", Words, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Index("ix_addresses_channel_address", "channel", "address"),
    info=PERSONAL,
)

ratings = Table(
    "ratings",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    conversation_id(),
    Column("session", Integer, nullable=False),
    Column("of", String(8), nullable=False),
    Column("score", Integer, nullable=False),
    Column("changes", Integer, nullable=False),
    Column("given_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime),
    UniqueConstraint("conversation_id", "session", "of"),
    CheckConstraint("score between 1 and 5", name="score"),
    Index("ix_ratings_of_given_at", "of", "given_at", "id", "score"),
    sqlite_autoincrement=True,
    info=PERSONAL,
)

timers = Table(
    "timers",
    metadata,
    conversation_id(primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("due_at", UtcTime, nullable=False),
    Index("ix_timers_due_at", "due_at"),
    info=IMPERSONAL,
)

#: The heartbeats of workers and deliveries: one row for each process.
heartbeats = Table(
    "heartbeats",
    metadata,
    Column("worker", String(128), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("beat_at", UtcTime, nullable=False),
    Column("ready", Boolean, nullable=False),
    info=IMPERSONAL,
)

#: One row, changed to find out whether anything can be stored.
write_checks = Table(
    "write_checks",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    info=IMPERSONAL,
)

trackers = Table(
    "trackers",
    metadata,
    Column("conversation_id", String(255), primary_key=True),
    Column("head", JSON, nullable=False),
    Column("seq", Integer, nullable=False),
    info=PERSONAL,
)

events = Table(
    "events",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("conversation_id", String(255), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("type", String(64), nullable=False),
    Column("timestamp", Float(53), nullable=False),
    Column("data", JSON, nullable=False),
    UniqueConstraint("conversation_id", "seq"),
    sqlite_autoincrement=True,
    info=PERSONAL,
)
