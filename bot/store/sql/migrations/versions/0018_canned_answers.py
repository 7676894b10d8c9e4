"""Canned answers are kept in the database, with every wording that they had."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.store.sql.column_types import RowId, UtcTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; the answers of the file come into them at the next start."""
    op.create_table(
        "canned_answers",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        *_wording(),
        sa.Column("origin", sa.Text()),
        sa.Column("retired_at", UtcTime()),
        sa.PrimaryKeyConstraint("id", name="pk_canned_answers"),
        sa.UniqueConstraint("kind", "origin", name="uq_canned_answers_kind_origin"),
        sa.CheckConstraint("kind in ('answer', 'closing')", name=op.f("ck_canned_answers_kind")),
        sqlite_autoincrement=True,
    )
    used = sa.text("retired_at IS NULL")
    op.create_index(
        "uq_canned_answers_word",
        "canned_answers",
        ["kind", "word"],
        unique=True,
        sqlite_where=used,
        postgresql_where=used,
    )
    op.create_table(
        "canned_versions",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("answer_id", RowId, nullable=False),
        *_wording(),
        sa.Column("agent_id", RowId),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_canned_versions"),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["canned_answers.id"],
            name="fk_canned_versions_answer_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name="fk_canned_versions_agent_id", ondelete="SET NULL"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_canned_versions_answer_id", "canned_versions", ["answer_id", "id"])


def downgrade() -> None:
    """Remove them: the earlier version reads the file."""
    op.drop_table("canned_versions")
    op.drop_table("canned_answers")


def _wording() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("word", sa.String(32)),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("teams", sa.JSON(), nullable=False),
    )
