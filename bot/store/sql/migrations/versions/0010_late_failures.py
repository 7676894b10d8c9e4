"""Columns for a failure that a provider tells of after it took a message."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns in place."""
    op.add_column(
        "deliveries", sa.Column("late_error", sa.Text(), nullable=False, server_default="")
    )
    op.add_column(
        "deliveries",
        sa.Column("late_failures", sa.Integer(), nullable=False, server_default=sa.text("0")),
    )


def downgrade() -> None:
    """Drop them: what waits for a decision then has the provider's last word, as before."""
    op.execute(
        "UPDATE outbox SET status = 'failed' WHERE id IN (SELECT outbox_id FROM deliveries"
        " WHERE late_error <> '' AND status IN ('queued', 'sending'))"
    )
    op.execute(
        "UPDATE deliveries SET status = 'failed', front = false, unsure_since = NULL"
        " WHERE late_error <> '' AND status IN ('queued', 'sending')"
    )
    op.drop_column("deliveries", "late_failures")
    op.drop_column("deliveries", "late_error")
