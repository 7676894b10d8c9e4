"""The tables of what agents say often: each canned answer, and every wording that it had.

`bot.store.sql.tables` has all tables. Nothing here is of a customer.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
)

from bot.store.sql.column_types import RowId, UtcTime, Words
from bot.store.sql.schema import IMPERSONAL, agent_id, metadata

canned_answers = Table(
    "canned_answers",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),
    Column("title", Words, nullable=False),
    # None: no word brings it up.
    Column("word", String(32)),
    Column("text", Words, nullable=False),
    Column("teams", JSON, nullable=False),
    # Its title in the file that it came from, so that it comes from there once for its kind.
    Column("origin", Words),
    Column("retired_at", UtcTime),
    UniqueConstraint("kind", "origin"),
    CheckConstraint("kind in ('answer', 'closing')", name="kind"),
    sqlite_autoincrement=True,
    info=IMPERSONAL,
)
# Among those in use a word brings up one.
Index(
    "uq_canned_answers_word",
    canned_answers.c.kind,
    canned_answers.c.word,
    unique=True,
    sqlite_where=canned_answers.c.retired_at.is_(None),
    postgresql_where=canned_answers.c.retired_at.is_(None),
)

canned_versions = Table(
    "canned_versions",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("answer_id", RowId, ForeignKey("canned_answers.id", ondelete="CASCADE"), nullable=False),
    Column("title", Words, nullable=False),
    Column("word", String(32)),
    Column("text", Words, nullable=False),
    Column("teams", JSON, nullable=False),
    agent_id("agent_id"),
    Column("created_at", UtcTime, nullable=False),
    Index("ix_canned_versions_answer_id", "answer_id", "id"),
    sqlite_autoincrement=True,
    info=IMPERSONAL,
)
