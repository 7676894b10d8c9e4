"""A column for when a customer wiped a conversation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.sql.column_types import UtcTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; of what was wiped before nobody was told."""
    op.add_column("conversations", sa.Column("wiped_at", UtcTime()))


def downgrade() -> None:
    """Remove it: to the earlier version these customers have only left."""
    op.drop_column("conversations", "wiped_at")
