"""What agents have at hand: reasons, setting aside, drafts, questions to pages, planned replies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.sql.column_types import RowId, UtcTime, Words

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

SNOOZED = "ix_handovers_snoozed"
TIMES = ("snoozed_at", "snoozed_until", "woken_at")


def upgrade() -> None:
    """Add the columns in place; of earlier conversations nobody said what came of them."""
    op.add_column("handovers", sa.Column("resolution", sa.String(16)))
    for name in TIMES:
        op.add_column("handovers", sa.Column(name, UtcTime()))
    where = sa.text("snoozed_until IS NOT NULL")
    op.create_index(
        SNOOZED, "handovers", ["snoozed_until"], sqlite_where=where, postgresql_where=where
    )
    op.create_table(
        "drafts",
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("agent_id", RowId, nullable=False),
        sa.Column("text", Words(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "agent_id", name="pk_drafts"),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=f"fk_drafts_{column}", ondelete="CASCADE"
            )
            for column, table in (("conversation_id", "conversations"), ("agent_id", "agents"))
        ),
    )
    op.create_table(
        "page_questions",
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("answer", sa.JSON()),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_page_questions"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_page_questions_conversation_id",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "planned_replies",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("agent_id", RowId, nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("text", Words(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_planned_replies"),
        sa.UniqueConstraint(
            "conversation_id", "client_id", name="uq_planned_replies_conversation_id_client_id"
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=f"fk_planned_replies_{column}", ondelete="CASCADE"
            )
            for column, table in (("conversation_id", "conversations"), ("agent_id", "agents"))
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_planned_replies_due_at", "planned_replies", ["due_at"])
    where = sa.text("answer IS NULL")
    op.create_index(
        "ix_page_questions_open",
        "page_questions",
        ["conversation_id"],
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("planned_replies")
    op.drop_table("page_questions")
    op.drop_table("drafts")
    op.drop_index(SNOOZED, "handovers")
    for name in (*TIMES, "resolution"):
        op.drop_column("handovers", name)
