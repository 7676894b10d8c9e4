"""A table for what customers say of quoted passages: whether they helped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make it; of what was quoted before nobody was asked."""
    op.create_table(
        "quote_votes",
        sa.Column("outbox_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("outbox_id", name="pk_quote_votes"),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name="fk_quote_votes_outbox_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_quote_votes_at", "quote_votes", ["at", "outbox_id", "helpful"])


def downgrade() -> None:
    """Remove it: the earlier version asks nobody."""
    op.drop_table("quote_votes")
