"""What came of a conversation is kept in one word of a list; an agent can set one aside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.sql.column_types import UtcTime

revision = "0020"
down_revision = "0018"
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


def downgrade() -> None:
    """Remove them."""
    op.drop_index(SNOOZED, "handovers")
    for name in (*TIMES, "resolution"):
        op.drop_column("handovers", name)
