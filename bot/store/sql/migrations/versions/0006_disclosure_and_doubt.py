"""Columns for how far each disclosure came, and since when a message is in doubt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TYPES = {
    "sqlite": {
        "id": "INTEGER",
        "time": "DATETIME",
        "notice": "json_extract(o.content, '$.notice')",
    },
    "postgresql": {
        "id": "BIGINT",
        "time": "TIMESTAMP WITH TIME ZONE",
        "notice": "o.content ->> 'notice'",
    },
}
STATUSES = "'offered', 'sent', 'delivered', 'read', 'failed', 'dead'"
TIMES = ("sent_at", "delivered_at", "read_at", "failed_at")


def upgrade() -> None:
    """Add the columns, and fill in what the outbox still knows of earlier disclosures."""
    types = TYPES[op.get_bind().dialect.name]
    op.execute(f"ALTER TABLE deliveries ADD COLUMN unsure_since {types['time']}")
    _index("ix_deliveries_unsure", ["channel", "id"], "unsure_since IS NOT NULL")
    _index("ix_deliveries_unsure_conversation", ["conversation_id"], "unsure_since IS NOT NULL")
    op.execute(
        f"ALTER TABLE disclosures ADD COLUMN outbox_id {types['id']} CONSTRAINT"
        " fk_disclosures_outbox_id REFERENCES outbox (id) ON DELETE SET NULL"
    )
    op.execute(
        "ALTER TABLE disclosures ADD COLUMN status VARCHAR(16) DEFAULT 'offered' NOT NULL"
        f" CONSTRAINT ck_disclosures_status CHECK (status in ({STATUSES}))"
    )
    for column in TIMES:
        op.execute(f"ALTER TABLE disclosures ADD COLUMN {column} {types['time']}")
    op.create_index("ix_disclosures_outbox_id", "disclosures", ["outbox_id"])
    # Both rows were written with one time, in one transaction.
    op.execute(
        "UPDATE disclosures SET outbox_id = (SELECT min(o.id) FROM outbox o"  # noqa: S608 - constants
        " WHERE o.conversation_id = disclosures.conversation_id"
        f" AND o.created_at = disclosures.at AND {types['notice']} = 'disclosure')"
    )
    op.execute(
        "UPDATE disclosures SET"
        " status = coalesce((SELECT CASE o.status WHEN 'queued' THEN 'offered' ELSE o.status END"
        " FROM outbox o WHERE o.id = disclosures.outbox_id), 'offered'),"
        " sent_at = (SELECT o.sent_at FROM outbox o WHERE o.id = disclosures.outbox_id)"
        " WHERE outbox_id IS NOT NULL"
    )


def downgrade() -> None:
    """Remove them; that a disclosure was made stays on record."""
    op.drop_index("ix_disclosures_outbox_id", "disclosures")
    for column in ("outbox_id", "status", *TIMES):
        op.execute(f"ALTER TABLE disclosures DROP COLUMN {column}")
    op.drop_index("ix_deliveries_unsure_conversation", "deliveries")
    op.drop_index("ix_deliveries_unsure", "deliveries")
    op.execute("ALTER TABLE deliveries DROP COLUMN unsure_since")


def _index(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "deliveries", columns, sqlite_where=condition, postgresql_where=condition)
