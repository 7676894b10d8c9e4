"""A table of conversations that agents joined, as they are of one customer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.sql.column_types import UtcTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLE = "customer_links"
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add it, empty: nothing is joined yet."""
    op.create_table(
        TABLE,
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("lead_id", sa.String(32), nullable=False),
        sa.Column("proved", sa.Text(), nullable=False),
        sa.Column("stated", sa.Text(), nullable=False),
        sa.Column("joined_by", ROW_ID),
        sa.Column("joined_at", UtcTime(), nullable=False),
        sa.Column("ended_by", ROW_ID),
        sa.Column("ended_at", UtcTime()),
        sa.CheckConstraint("proved <> '' or stated <> ''", name=op.f("ck_customer_links_proof")),
        sa.CheckConstraint("conversation_id <> lead_id", name=op.f("ck_customer_links_two")),
        sa.PrimaryKeyConstraint("id", name="pk_customer_links"),
        _refers("conversation_id", "conversations", "CASCADE"),
        _refers("lead_id", "conversations", "CASCADE"),
        _refers("joined_by", "agents", "SET NULL"),
        _refers("ended_by", "agents", "SET NULL"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_customer_links_conversation_id", TABLE, ["conversation_id"])
    op.create_index("ix_customer_links_lead_id_id", TABLE, ["lead_id", "id"])
    stands = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_customer_links_open", TABLE, ["conversation_id"], unique=True,
        sqlite_where=stands, postgresql_where=stands,
    )  # fmt: skip


def downgrade() -> None:
    """Remove it: each conversation stands by itself again, as it always did."""
    op.drop_table(TABLE)


def _refers(column: str, target: str, deleted: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{TABLE}_{column}", ondelete=deleted
    )
