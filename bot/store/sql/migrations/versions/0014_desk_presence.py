"""Agents say whether they are there and how much they can have; who stays silent is reminded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None

TIME = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
PRESENCES = "'available', 'pause', 'away'"


def upgrade() -> None:
    """Add the columns in place: everybody who is there is available, and nobody has a limit."""
    time = TIME[op.get_bind().dialect.name]
    op.execute(
        "ALTER TABLE agents ADD COLUMN presence VARCHAR(16) DEFAULT 'available' NOT NULL"
        f" CONSTRAINT ck_agents_presence CHECK (presence in ({PRESENCES}))"
    )
    op.execute(f"ALTER TABLE agents ADD COLUMN presence_at {time}")
    op.add_column("agents", sa.Column("capacity", sa.Integer()))
    op.execute(f"ALTER TABLE handovers ADD COLUMN reminded_at {time}")


def downgrade() -> None:
    """Remove them."""
    op.execute("ALTER TABLE handovers DROP COLUMN reminded_at")
    for column in ("capacity", "presence_at", "presence"):
        op.execute(f"ALTER TABLE agents DROP COLUMN {column}")
