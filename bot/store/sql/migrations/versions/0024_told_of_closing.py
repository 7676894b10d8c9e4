"""A column for what customers were told when a person ended their case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; what was closed without a word is known from the acts, the rest stays unknown."""
    op.add_column("handovers", sa.Column("told", sa.String(8)))
    op.execute(
        "UPDATE handovers SET told = 'nothing' WHERE id IN"
        " (SELECT handover_id FROM acts WHERE act = 'closed' AND detail = 'untold')"
    )


def downgrade() -> None:
    """Remove it: the acts still say what was closed without a word."""
    op.drop_column("handovers", "told")
