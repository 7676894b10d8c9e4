"""Indexes for what was found by reading a whole table: receipts first of all.

Making the one on the outbox reads it once: seconds for a million messages.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    _index("ix_outbox_sent_with", "outbox", ["sent_with"], "sent_with IS NOT NULL")


def downgrade() -> None:
    """Remove them."""
    op.drop_index("ix_outbox_sent_with", "outbox")


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
