"""A column for the hand-over at whose external desk a customer's file is still to be shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

INDEX = "ix_attachments_to_show_in"
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add it in place; files that came before stay at this desk."""
    op.add_column("attachments", sa.Column("to_show_in", ROW_ID))
    filled = sa.text("to_show_in IS NOT NULL")
    op.create_index(
        INDEX, "attachments", ["to_show_in", "id"], sqlite_where=filled, postgresql_where=filled
    )


def downgrade() -> None:
    """Remove it: the earlier version shows an external desk no files."""
    op.drop_index(INDEX, "attachments")
    op.drop_column("attachments", "to_show_in")
