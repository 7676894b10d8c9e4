"""The tables of the desk: agents, hand-overs, and what belongs to them.

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
    text,
)

from bot.store.sql.column_types import RowId, UtcTime, Words
from bot.store.sql.schema import IMPERSONAL, PERSONAL, agent_id, conversation_id, metadata

agents = Table(
    "agents",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("login", String(128), nullable=False),
    Column("name", Words, nullable=False),
    Column("password_hash", Words),
    Column("oidc_subject", Words),
    Column("role", String(16), nullable=False),
    Column("teams", JSON, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime),
    Column("presence", String(16), nullable=False, server_default="available"),
    Column("presence_at", UtcTime),
    Column("capacity", Integer),
    UniqueConstraint("login"),
    UniqueConstraint("oidc_subject"),
    CheckConstraint("role in ('agent', 'supervisor')", name="role"),
    CheckConstraint("presence in ('available', 'pause', 'away')", name="presence"),
    sqlite_autoincrement=True,
    info=IMPERSONAL,
)

desk_sessions = Table(
    "desk_sessions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("agent_id", RowId, ForeignKey("agents.id", ondelete="CASCADE"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Index("ix_desk_sessions_agent_id", "agent_id"),
    info=IMPERSONAL,
)

handovers = Table(
    "handovers",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    conversation_id(),
    Column("reason", String(32), nullable=False),
    Column("topic", Words, nullable=False),
    Column("summary", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    Column("outcome", String(32)),
    Column("team", String(32), nullable=False, server_default=""),
    Column("urgent", Boolean, nullable=False, server_default=text("false")),
    Column("queued_at", UtcTime),
    agent_id("agent_id"),
    Column("taken_at", UtcTime),
    Column("first_reply_at", UtcTime),
    Column("last_reply_at", UtcTime),
    Column("form", JSON(none_as_null=True)),
    Column("settled", Words),
    Column("reminded_at", UtcTime),
    # What came of it, in one word of a short list.
    Column("resolution", String(16)),
    # What the customer was told of its end: `score`, `ended` or `nothing`.
    Column("told", String(8)),
    # Set aside by its agent until then, or until the customer writes after `snoozed_at`.
    Column("snoozed_at", UtcTime),
    Column("snoozed_until", UtcTime),
    Column("woken_at", UtcTime),
    Index("ix_handovers_conversation_id_id", "conversation_id", "id"),
    # For those of a period, without reading all that ever were.
    Index("ix_handovers_created_at", "created_at", "id"),
    sqlite_autoincrement=True,
    info=PERSONAL,
)
# For hand-overs that were taken (below: closed) lately, without reading all that ever were. Of
# those alone: with the others SQLite may prefer it to the index of who waits, and sort the line.
Index(
    "ix_handovers_team_taken_at",
    handovers.c.team,
    handovers.c.taken_at,
    sqlite_where=handovers.c.taken_at.isnot(None),
    postgresql_where=handovers.c.taken_at.isnot(None),
)
Index(
    "uq_handovers_open",
    handovers.c.conversation_id,
    unique=True,
    sqlite_where=handovers.c.closed_at.is_(None),
    postgresql_where=handovers.c.closed_at.is_(None),
)

Index(
    "ix_handovers_closed_at",
    handovers.c.closed_at,
    sqlite_where=handovers.c.closed_at.isnot(None),
    postgresql_where=handovers.c.closed_at.isnot(None),
)
# Few rows: what is to be woken.
Index(
    "ix_handovers_snoozed",
    handovers.c.snoozed_until,
    sqlite_where=handovers.c.snoozed_until.isnot(None),
    postgresql_where=handovers.c.snoozed_until.isnot(None),
)
_OPEN = handovers.c.closed_at.is_(None)
_WAITING = _OPEN & handovers.c.taken_at.is_(None)
_TAKEN = _OPEN & handovers.c.taken_at.isnot(None)
# The desk's lists in their own order, of open hand-overs alone; the last column is for counting.
Index(
    "ix_handovers_waiting",
    handovers.c.team,
    handovers.c.urgent.desc(),
    handovers.c.created_at,
    handovers.c.id,
    handovers.c.queued_at,
    sqlite_where=_WAITING,
    postgresql_where=_WAITING,
)
Index(
    "ix_handovers_taken",
    handovers.c.team,
    handovers.c.urgent.desc(),
    handovers.c.created_at,
    handovers.c.id,
    handovers.c.agent_id,
    sqlite_where=_TAKEN,
    postgresql_where=_TAKEN,
)
Index(
    "ix_handovers_in_hand",
    handovers.c.agent_id,
    sqlite_where=_TAKEN,
    postgresql_where=_TAKEN,
)

notes = Table(
    "notes",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    conversation_id(),
    agent_id("agent_id"),
    Column("text", Words, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Index("ix_notes_conversation_id_created_at", "conversation_id", "created_at", "id"),
    sqlite_autoincrement=True,
    info=PERSONAL,
)

mentions = Table(
    "mentions",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    conversation_id(),
    Column("note_id", RowId, ForeignKey("notes.id", ondelete="CASCADE"), nullable=False),
    Column("agent_id", RowId, ForeignKey("agents.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime),
    Index("ix_mentions_conversation_id", "conversation_id"),
    Index("ix_mentions_note_id", "note_id"),
    sqlite_autoincrement=True,
    info=IMPERSONAL,
)
Index(
    "ix_mentions_unseen",
    mentions.c.agent_id,
    mentions.c.id,
    sqlite_where=mentions.c.seen_at.is_(None),
    postgresql_where=mentions.c.seen_at.is_(None),
)

desk_views = Table(
    "desk_views",
    metadata,
    conversation_id(primary_key=True),
    Column(
        "agent_id",
        RowId,
        ForeignKey("agents.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("seen_at", UtcTime, nullable=False),
    info=IMPERSONAL,
)

acts = Table(
    "acts",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    conversation_id(),
    Column("handover_id", RowId, ForeignKey("handovers.id", ondelete="CASCADE"), nullable=False),
    agent_id("agent_id"),
    Column("act", String(16), nullable=False),
    Column("detail", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_acts_conversation_id_at", "conversation_id", "at", "id"),
    Index("ix_acts_handover_id", "handover_id"),
    sqlite_autoincrement=True,
    info=PERSONAL,
)

callbacks = Table(
    "callbacks",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    conversation_id(),
    Column("team", String(32), nullable=False),
    Column("topic", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("contact", Words, nullable=False),
    Column("moment", Words, nullable=False),
    Column("question", Words, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    agent_id("done_by"),
    Column("due_at", UtcTime),
    agent_id("claimed_by"),
    Column("claimed_at", UtcTime),
    Column("result", String(16)),
    Index("ix_callbacks_conversation_id", "conversation_id"),
    sqlite_autoincrement=True,
    info=PERSONAL,
)
Index(
    "ix_callbacks_due",
    callbacks.c.team,
    callbacks.c.due_at,
    callbacks.c.id,
    sqlite_where=callbacks.c.done_at.is_(None),
    postgresql_where=callbacks.c.done_at.is_(None),
)
Index(
    "ix_callbacks_asked",
    callbacks.c.conversation_id,
    sqlite_where=callbacks.c.done_at.is_(None),
    postgresql_where=callbacks.c.done_at.is_(None),
)

# What an agent did lately, which can be undone.
Index(
    "ix_callbacks_done",
    callbacks.c.done_by,
    callbacks.c.done_at,
    sqlite_where=callbacks.c.done_by.isnot(None),
    postgresql_where=callbacks.c.done_by.isnot(None),
)

join_codes = Table(
    "join_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    conversation_id(),
    Column("channel", String(32), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Column("used_by", String(32), ForeignKey("conversations.id", ondelete="CASCADE")),
    Index("ix_join_codes_conversation_id", "conversation_id"),
    Index("ix_join_codes_used_by", "used_by"),
    info=PERSONAL,
)

# Unused ones expire and are swept; used ones stay for good.
Index(
    "ix_join_codes_unused",
    join_codes.c.expires_at,
    sqlite_where=join_codes.c.used_at.is_(None),
    postgresql_where=join_codes.c.used_at.is_(None),
)

desk_links = Table(
    "desk_links",
    metadata,
    Column(
        "handover_id",
        RowId,
        ForeignKey("handovers.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    conversation_id(),
    Column("desk", String(32), nullable=False),
    Column("external_id", Words, nullable=False),
    Column("mirrored_inbox_id", RowId, nullable=False),
    Column("mirrored_outbox_id", RowId, nullable=False),
    Column("state", String(16), nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Index("ix_desk_links_conversation_id", "conversation_id"),
    Index("ix_desk_links_desk_external_id", "desk", "external_id"),
    info=PERSONAL,
)
Index(
    "ix_desk_links_standing",
    desk_links.c.desk,
    desk_links.c.handover_id,
    sqlite_where=desk_links.c.state != "over",
    postgresql_where=desk_links.c.state != "over",
)
