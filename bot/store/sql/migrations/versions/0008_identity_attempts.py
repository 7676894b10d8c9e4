"""Counts of failed proofs of identity, network origins, and private numbers asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "identity_attempts",
        sa.Column("attempt", sa.String(64), nullable=False),
        sa.Column("claim", sa.String(64), nullable=False),
        sa.Column("origin", sa.String(64), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("attempt", name="pk_identity_attempts"),
        sa.CheckConstraint(
            "status in ('counted', 'proved')", name=op.f("ck_identity_attempts_status")
        ),
    )
    op.create_index("ix_identity_attempts_at", "identity_attempts", ["at"])
    op.create_table(
        "identity_tallies",
        sa.Column("scope", sa.String(8), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("level", sa.Float(53), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("opens_at", TIME, nullable=False),
        sa.Column("alarmed_at", TIME),
        sa.PrimaryKeyConstraint("scope", "key", name="pk_identity_tallies"),
        sa.CheckConstraint(
            "scope in ('claim', 'origin', 'overall', 'queue')",
            name=op.f("ck_identity_tallies_scope"),
        ),
    )
    op.create_index("ix_identity_tallies_at", "identity_tallies", ["at"])
    op.create_table(
        "origins",
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("origin", sa.String(64), nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_origins"),
        _refers("origins", "conversation_id", "conversations"),
    )
    op.create_index("ix_origins_origin", "origins", ["origin"])
    op.create_index("ix_origins_seen_at", "origins", ["seen_at"])
    op.create_table(
        "number_asks",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("handover_id", ROW_ID, nullable=False),
        sa.Column("agent_id", ROW_ID),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_number_asks"),
        sa.CheckConstraint("kind in ('bsn', 'iban')", name=op.f("ck_number_asks_kind")),
        _refers("number_asks", "conversation_id", "conversations"),
        _refers("number_asks", "handover_id", "handovers"),
        _refers("number_asks", "agent_id", "agents", "SET NULL"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_number_asks_conversation_id", "number_asks", ["conversation_id"])
    op.create_index("ix_number_asks_handover_id", "number_asks", ["handover_id"])


def downgrade() -> None:
    """Remove them: failed proofs are forgotten."""
    for table in ("number_asks", "origins", "identity_tallies", "identity_attempts"):
        op.drop_table(table)


def _refers(
    table: str, column: str, target: str, ondelete: str = "CASCADE"
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete
    )
