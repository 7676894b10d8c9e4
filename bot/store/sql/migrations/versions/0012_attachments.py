"""Files: what customers send along, and what agents send."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "attachments",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("inbox_id", ROW_ID),
        sa.Column("outbox_id", ROW_ID),
        sa.Column("agent_id", ROW_ID),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", TIME),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        sa.CheckConstraint(
            "status in ('waiting', 'stored', 'refused', 'draft', 'expired')"
            " and (status = 'waiting') = (due_at is not null)",
            name=op.f("ck_attachments_status"),
        ),
        _refers("conversation_id", "conversations"),
        _refers("inbox_id", "inbox"),
        _refers("outbox_id", "outbox"),
        _refers("agent_id", "agents", "SET NULL"),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_attachments_name", "attachments", ["name"], unique=True)
    op.create_index("ix_attachments_conversation_id", "attachments", ["conversation_id"])
    for index, columns, condition in (
        ("ix_attachments_inbox_id", "inbox_id", "inbox_id IS NOT NULL"),
        ("ix_attachments_outbox_id", "outbox_id", "outbox_id IS NOT NULL"),
        ("ix_attachments_due_at", "due_at, id", "due_at IS NOT NULL"),
        ("ix_attachments_kept", "created_at, id", "status IN ('stored', 'draft')"),
    ):
        op.execute(f"CREATE INDEX {index} ON attachments ({columns}) WHERE {condition}")


def downgrade() -> None:
    """Remove it: files that are kept are shown no more."""
    op.drop_table("attachments")


def _refers(column: str, target: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_attachments_{column}", ondelete=ondelete
    )
