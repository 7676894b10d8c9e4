"""Claims get a fence and note themselves until the turn is over; messages count no attempts.

The counts of messages that wait at this moment are dropped: an attempt of theirs begins anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INDEX = "ix_conversations_attempts"


def upgrade() -> None:
    """Add the columns in place, and drop the one that they replace."""
    op.add_column("conversations", sa.Column("claim", sa.String(16)))
    op.add_column("conversations", sa.Column("attempts", sa.Text()))
    op.execute(
        f"CREATE INDEX {INDEX} ON conversations (length(attempts), id) WHERE attempts IS NOT NULL"
    )
    op.drop_column("inbox", "attempts")


def downgrade() -> None:
    """Back to a count of attempts with each message."""
    op.add_column("inbox", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index(INDEX)
    op.drop_column("conversations", "attempts")
    op.drop_column("conversations", "claim")
