"""The delivery queue by its front: the next delivery of each conversation, and unplanned messages.

The cost of taking from the queue no longer depends on how much waits in it, so the indexes that
were as long as the backlog go.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OPEN = "status IN ('queued', 'sending')"
#: Before this, the message being sent went first, and else the oldest that waited.
MARK_FRONTS = f"""
UPDATE deliveries SET front = true WHERE id IN (
    SELECT coalesce(min(CASE WHEN status = 'sending' THEN id END), min(id))
    FROM deliveries WHERE {OPEN} GROUP BY conversation_id
)
"""  # noqa: S608 - constants
#: The addresses are those of `loket chat`, which shows its replies itself.
MARK_UNPLANNED = """
UPDATE outbox SET to_plan = (
    SELECT channel FROM conversations WHERE conversations.id = outbox.conversation_id
)
WHERE status = 'queued' AND sent_with IS NULL
    AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.outbox_id = outbox.id)
    AND NOT EXISTS (
        SELECT 1 FROM conversations
        WHERE conversations.id = outbox.conversation_id AND substr(address, 1, 9) = 'terminal:'
    )
"""


def upgrade() -> None:
    """Mark the fronts and what is unplanned, then index them."""
    op.execute("ALTER TABLE deliveries ADD COLUMN front BOOLEAN DEFAULT false NOT NULL")
    op.execute("ALTER TABLE outbox ADD COLUMN to_plan VARCHAR(32) DEFAULT '' NOT NULL")
    op.execute(MARK_FRONTS)
    op.execute(MARK_UNPLANNED)
    op.drop_index("ix_outbox_queued", "outbox")
    op.drop_index("ix_deliveries_queue", "deliveries")
    op.drop_index("ix_deliveries_conversation_id_id", "deliveries")
    front = "front IS 1" if op.get_bind().dialect.name == "sqlite" else "front IS true"
    deliveries = ("conversation_id", "sent_at")
    op.create_index("ix_deliveries_conversation_id_sent_at", "deliveries", deliveries)
    due = f"{front} AND status = 'queued'"
    _index("ix_deliveries_due", "deliveries", ["channel", "next_attempt_at", "id"], due)
    under_way = "status = 'sending'"
    _index("ix_deliveries_under_way", "deliveries", ["next_attempt_at", "id"], under_way)
    _index("ix_deliveries_open", "deliveries", ["conversation_id", "channel", "id"], OPEN)
    _index("uq_deliveries_front", "deliveries", ["conversation_id"], front, unique=True)
    unplanned = "to_plan != ''"
    _index("ix_outbox_to_plan", "outbox", ["to_plan", "conversation_id", "created_at"], unplanned)


def downgrade() -> None:
    """Go back to looking for the front in the whole queue."""
    op.drop_index("ix_outbox_to_plan", "outbox")
    for index in (
        "uq_deliveries_front",
        "ix_deliveries_open",
        "ix_deliveries_under_way",
        "ix_deliveries_due",
        "ix_deliveries_conversation_id_sent_at",
    ):
        op.drop_index(index, "deliveries")
    op.execute("ALTER TABLE outbox DROP COLUMN to_plan")
    op.execute("ALTER TABLE deliveries DROP COLUMN front")
    op.create_index("ix_deliveries_conversation_id_id", "deliveries", ["conversation_id", "id"])
    _index("ix_deliveries_queue", "deliveries", ["next_attempt_at", "status"], OPEN)
    _index("ix_outbox_queued", "outbox", ["id", "conversation_id"], "status = 'queued'")


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition
    )
