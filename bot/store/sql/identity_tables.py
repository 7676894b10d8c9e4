"""The tables about identity: failed proofs, origins, private numbers, who is one customer.

Of failed proofs no claim, answer or network address stands in them, only keyed hashes
(`bot.signing_key.keyed_hash`), and those for a day at most
(`bot.store.identity.identity_attempts.sweep`).
"""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, Float, ForeignKey, Index, String, Table

from bot.store.sql.column_types import RowId, UtcTime, Words
from bot.store.sql.schema import IMPERSONAL, PERSONAL, agent_id, conversation_id, metadata

identity_attempts = Table(
    "identity_attempts",
    metadata,
    Column("attempt", String(64), primary_key=True),
    Column("claim", String(64), nullable=False),
    Column("origin", String(64), nullable=False),
    Column("status", String(8), nullable=False),
    Column("at", UtcTime, nullable=False),
    CheckConstraint("status in ('counted', 'proved')", name="status"),
    Index("ix_identity_attempts_at", "at"),
    info=IMPERSONAL,
)

identity_tallies = Table(
    "identity_tallies",
    metadata,
    Column("scope", String(8), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("level", Float(53), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("opens_at", UtcTime, nullable=False),
    Column("alarmed_at", UtcTime),
    CheckConstraint(
        "scope in ('claim', 'origin', 'overall', 'queue', 'login', 'visitor')", name="scope"
    ),
    Index("ix_identity_tallies_at", "at"),
    info=IMPERSONAL,
)

origins = Table(
    "origins",
    metadata,
    conversation_id(primary_key=True),
    Column("origin", String(64), nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Index("ix_origins_origin", "origin"),
    Index("ix_origins_seen_at", "seen_at"),
    info=PERSONAL,
)

site_customers = Table(
    "site_customers",
    metadata,
    conversation_id(primary_key=True),
    Column("customer", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("email", Words, nullable=False),
    Column("proved", JSON, nullable=False),
    Column("told_at", UtcTime, nullable=False),
    info=PERSONAL,
)

number_asks = Table(
    "number_asks",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    conversation_id(),
    Column("handover_id", RowId, ForeignKey("handovers.id", ondelete="CASCADE"), nullable=False),
    agent_id("agent_id"),
    Column("kind", String(8), nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    CheckConstraint("kind in ('bsn', 'iban')", name="kind"),
    Index("ix_number_asks_conversation_id", "conversation_id"),
    Index("ix_number_asks_handover_id", "handover_id"),
    sqlite_autoincrement=True,
    info=PERSONAL,
)

customer_links = Table(
    "customer_links",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    conversation_id(),
    Column(
        "lead_id", String(32), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False
    ),
    Column("proved", Words, nullable=False),
    Column("stated", Words, nullable=False),
    agent_id("joined_by"),
    Column("joined_at", UtcTime, nullable=False),
    agent_id("ended_by"),
    Column("ended_at", UtcTime),
    CheckConstraint("proved <> '' or stated <> ''", name="proof"),
    CheckConstraint("conversation_id <> lead_id", name="two"),
    Index("ix_customer_links_conversation_id", "conversation_id"),
    Index("ix_customer_links_lead_id_id", "lead_id", "id"),
    sqlite_autoincrement=True,
    info=PERSONAL,
)
Index(
    "uq_customer_links_open",
    customer_links.c.conversation_id,
    unique=True,
    sqlite_where=customer_links.c.ended_at.is_(None),
    postgresql_where=customer_links.c.ended_at.is_(None),
)
