"""Wrong passwords are counted by log-in name, and by name and device together.

No account is locked any more, so its columns go. Counts of before are dropped: they last a quarter
of an hour.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLE, CHECK = "identity_tallies", "ck_identity_tallies_scope"
BEFORE = "scope in ('claim', 'origin', 'overall', 'queue')"
AFTER = "scope in ('claim', 'origin', 'overall', 'queue', 'login', 'visitor')"


def upgrade() -> None:
    """Allow the new kinds of counts, and drop the lock of accounts."""
    _check(AFTER)
    op.drop_column("agents", "failed_logins")
    op.drop_column("agents", "locked_until")


def downgrade() -> None:
    """Back to a lock of accounts, with none locked."""
    op.add_column(
        "agents", sa.Column("failed_logins", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("agents", sa.Column("locked_until", sa.DateTime(timezone=True)))
    op.execute("DELETE FROM identity_tallies WHERE scope IN ('login', 'visitor')")
    _check(BEFORE)


def _check(condition: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(CHECK, TABLE)
        op.create_check_constraint(op.f(CHECK), TABLE, condition)
        return
    # SQLite changes no constraint: the table is copied, without the ones that it does not tell of.
    with op.batch_alter_table(TABLE, recreate="always") as batch:
        batch.create_check_constraint(op.f(CHECK), condition)
