"""The tables of what agents are writing: drafts, answers for later, and questions to the pages.

`bot.store.sql.tables`, which has all tables, explains `info["personal"]` and what goes with a
conversation.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, String, Table, UniqueConstraint

from bot.store.sql.column_types import RowId, UtcTime, Words
from bot.store.sql.schema import PERSONAL, conversation_id, metadata

drafts = Table(
    "drafts",
    metadata,
    conversation_id(primary_key=True),
    Column(
        "agent_id",
        RowId,
        ForeignKey("agents.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    # The answer; empty where only what was agreed was typed.
    Column("text", Words, nullable=False),
    Column("settled", Words),
    Column("updated_at", UtcTime, nullable=False),
    info=PERSONAL,
)

# One at a time for a conversation; gone when the answer has been read.
page_questions = Table(
    "page_questions",
    metadata,
    conversation_id(primary_key=True),
    Column("key", String(32), nullable=False),
    Column("texts", JSON, nullable=False),
    Column("answer", JSON(none_as_null=True)),
    info=PERSONAL,
)
Index(
    "ix_page_questions_open",
    page_questions.c.conversation_id,
    sqlite_where=page_questions.c.answer.is_(None),
    postgresql_where=page_questions.c.answer.is_(None),
)

# Answers that go out later; gone when they went, or were withdrawn.
planned_replies = Table(
    "planned_replies",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    conversation_id(),
    Column("agent_id", RowId, ForeignKey("agents.id", ondelete="CASCADE"), nullable=False),
    Column("client_id", String(64), nullable=False),
    Column("text", Words, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("conversation_id", "client_id"),
    Index("ix_planned_replies_due_at", "due_at"),
    sqlite_autoincrement=True,
    info=PERSONAL,
)
