"""A column for the moment from which a conversation's waiting messages may be answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.sql.column_types import UtcTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INDEX = "ix_conversations_ready_at"


def upgrade() -> None:
    """Add it in place; what waits already is due."""
    op.add_column("conversations", sa.Column("ready_at", UtcTime()))
    filled = sa.text("ready_at IS NOT NULL")
    op.create_index(
        INDEX, "conversations", ["ready_at"], sqlite_where=filled, postgresql_where=filled
    )


def downgrade() -> None:
    """Remove it: the earlier version answers each message by itself."""
    op.drop_index(INDEX, "conversations")
    op.drop_column("conversations", "ready_at")
