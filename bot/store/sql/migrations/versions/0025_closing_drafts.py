"""A column for what an agent was typing as a conversation is closed, beside the answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it in place: nobody typed any yet."""
    op.add_column("drafts", sa.Column("settled", sa.Text()))


def downgrade() -> None:
    """Remove it with what was typed: the earlier version keeps answers alone."""
    op.execute("DELETE FROM drafts WHERE text = ''")
    op.drop_column("drafts", "settled")
