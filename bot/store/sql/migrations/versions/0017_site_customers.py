"""A table for what a website says of the customers that it has logged in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.sql.column_types import UtcTime, Words

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLE = "site_customers"


def upgrade() -> None:
    """Add it, empty."""
    op.create_table(
        TABLE,
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("customer", Words(), nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("email", Words(), nullable=False),
        sa.Column("proved", sa.JSON(), nullable=False),
        sa.Column("told_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_site_customers")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_site_customers_conversation_id"),
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """Remove it: every visitor of a website is a stranger again."""
    op.drop_table(TABLE)
