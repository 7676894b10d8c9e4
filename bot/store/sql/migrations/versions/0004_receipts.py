"""Indexes for rows that were found by reading a whole table, or a whole conversation.

First of all receipts. Making those on the inbox and the outbox reads each once or twice: seconds
for a million messages.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WAITING = "closed_at IS NULL AND taken_at IS NULL"
TAKEN = "closed_at IS NULL AND taken_at IS NOT NULL"
LINE = ("team", sa.text("urgent DESC"), "created_at", "id")
#: Name, table, columns, and which rows it holds (empty: all).
ADDED: tuple[tuple[str, str, tuple[Any, ...], str], ...] = (
    ("ix_outbox_sent_with", "outbox", ("sent_with",), "sent_with IS NOT NULL"),
    ("ix_inbox_pending", "inbox", ("conversation_id", "id"), "done_at IS NULL"),
    (
        "ix_deliveries_invited",
        "deliveries",
        ("conversation_id", "updated_at"),
        "error = 'window_closed invited'",
    ),
    ("ix_ratings_of_given_at", "ratings", ("of", "given_at", "id", "score"), ""),
    ("ix_handovers_conversation_id_id", "handovers", ("conversation_id", "id"), ""),
    ("ix_handovers_waiting", "handovers", (*LINE, "queued_at"), WAITING),
    ("ix_handovers_taken", "handovers", (*LINE, "agent_id"), TAKEN),
    ("ix_handovers_in_hand", "handovers", ("agent_id",), TAKEN),
    ("ix_notes_conversation_id_created_at", "notes", ("conversation_id", "created_at", "id"), ""),
    ("ix_acts_conversation_id_at", "acts", ("conversation_id", "at", "id"), ""),
    ("ix_callbacks_waiting", "callbacks", ("team", "id"), "done_at IS NULL"),
    ("ix_callbacks_asked", "callbacks", ("conversation_id",), "done_at IS NULL"),
    ("ix_join_codes_unused", "join_codes", ("expires_at",), "used_at IS NULL"),
    ("ix_desk_links_standing", "desk_links", ("desk", "handover_id"), "state != 'over'"),
)
#: The indexes that those above replace.
REMOVED: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("ix_ratings_given_at", "ratings", ("given_at",), ""),
    ("ix_handovers_conversation_id", "handovers", ("conversation_id",), ""),
    ("ix_notes_conversation_id_id", "notes", ("conversation_id", "id"), ""),
    ("ix_acts_conversation_id_id", "acts", ("conversation_id", "id"), ""),
    ("ix_callbacks_open", "callbacks", ("id",), "done_at IS NULL"),
)


#: Indexes that hold fewer rows than before: name, table, columns, and which rows.
NARROWED: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    (
        "ix_inbox_conversation_id_done_at",
        "inbox",
        ("conversation_id", "done_at"),
        "done_at IS NOT NULL",
    ),
    ("ix_handovers_closed_at", "handovers", ("closed_at",), "closed_at IS NOT NULL"),
)


def upgrade() -> None:
    """Add them."""
    for index in ADDED:
        _create(*index)
    for name, table, _, _ in REMOVED:
        op.drop_index(name, table)
    for name, table, columns, where in NARROWED:
        op.drop_index(name, table)
        _create(name, table, columns, where)


def downgrade() -> None:
    """Bring back those of before."""
    for index in REMOVED:
        _create(*index)
    for name, table, _, _ in ADDED:
        op.drop_index(name, table)
    for name, table, columns, _ in NARROWED:
        op.drop_index(name, table)
        _create(name, table, columns, "")


def _create(name: str, table: str, columns: tuple[Any, ...], where: str) -> None:
    condition = sa.text(where) if where else None
    op.create_index(name, table, list(columns), sqlite_where=condition, postgresql_where=condition)
