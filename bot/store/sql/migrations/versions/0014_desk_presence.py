"""Agents say whether they are there, and who is silent is reminded; call-backs are somebody's.

What was asked before is due since it was asked.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TIME = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
ID = {"sqlite": "INTEGER", "postgresql": "BIGINT"}
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: Columns of the new tables, and what they refer to.
REFERS = (("conversation_id", "conversations"), ("note_id", "notes"), ("agent_id", "agents"))
TAKEN = "ix_handovers_team_taken_at"
PRESENCES = "'available', 'pause', 'away'"


def upgrade() -> None:
    """Add the columns in place: everybody who is there is available, and nobody has a limit."""
    dialect = op.get_bind().dialect.name
    time = TIME[dialect]
    op.execute(
        "ALTER TABLE agents ADD COLUMN presence VARCHAR(16) DEFAULT 'available' NOT NULL"
        f" CONSTRAINT ck_agents_presence CHECK (presence in ({PRESENCES}))"
    )
    op.execute(f"ALTER TABLE agents ADD COLUMN presence_at {time}")
    op.add_column("agents", sa.Column("capacity", sa.Integer()))
    op.execute(f"ALTER TABLE handovers ADD COLUMN reminded_at {time}")
    op.execute(f"ALTER TABLE callbacks ADD COLUMN due_at {time}")
    op.execute("UPDATE callbacks SET due_at = created_at")
    op.execute(
        f"ALTER TABLE callbacks ADD COLUMN claimed_by {ID[dialect]} CONSTRAINT"
        " fk_callbacks_claimed_by REFERENCES agents (id) ON DELETE SET NULL"
    )
    op.execute(f"ALTER TABLE callbacks ADD COLUMN claimed_at {time}")
    op.add_column("callbacks", sa.Column("result", sa.String(16)))
    op.drop_index("ix_callbacks_waiting", "callbacks")
    op.drop_index(TAKEN, "handovers")
    _index(TAKEN, ["team", "taken_at"], "taken_at IS NOT NULL", "handovers")
    _index("ix_callbacks_due", ["team", "due_at", "id"], "done_at IS NULL")
    _index("ix_callbacks_done", ["done_by", "done_at"], "done_by IS NOT NULL")
    op.create_table(
        "mentions",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("note_id", ROW_ID, nullable=False),
        sa.Column("agent_id", ROW_ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_mentions"),
        *(_refers("mentions", *to) for to in REFERS),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_mentions_conversation_id", "mentions", ["conversation_id"])
    op.create_index("ix_mentions_note_id", "mentions", ["note_id"])
    _index("ix_mentions_unseen", ["agent_id", "id"], "seen_at IS NULL", "mentions")
    op.create_table(
        "desk_views",
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("agent_id", ROW_ID, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "agent_id", name="pk_desk_views"),
        _refers("desk_views", *REFERS[0]),
        _refers("desk_views", *REFERS[2]),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_index(TAKEN, "handovers")
    op.create_index(TAKEN, "handovers", ["team", "taken_at"])
    op.drop_table("desk_views")
    op.drop_table("mentions")
    op.drop_index("ix_callbacks_done", "callbacks")
    op.drop_index("ix_callbacks_due", "callbacks")
    _index("ix_callbacks_waiting", ["team", "id"], "done_at IS NULL")
    for column in ("result", "claimed_at", "claimed_by", "due_at"):
        op.execute(f"ALTER TABLE callbacks DROP COLUMN {column}")
    op.execute("ALTER TABLE handovers DROP COLUMN reminded_at")
    for column in ("capacity", "presence_at", "presence"):
        op.execute(f"ALTER TABLE agents DROP COLUMN {column}")


def _index(name: str, columns: list[str], where: str, table: str = "callbacks") -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE"
    )
