"""The first tables.

A migration describes the tables as they were at its time, so it repeats `bot.store.sql.tables` and
uses SQLAlchemy's own types, as which `UtcTime` and `Words` are stored.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def _conversation_id() -> sa.Column[Any]:
    return sa.Column("conversation_id", sa.String(32), nullable=False)


def _row_id(table: str) -> tuple[sa.Column[Any], sa.PrimaryKeyConstraint]:
    column = sa.Column("id", ROW_ID, autoincrement=True, nullable=False)
    return column, sa.PrimaryKeyConstraint("id", name=f"pk_{table}")


def _goes_with_conversation(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_conversation_id"
    return sa.ForeignKeyConstraint(
        ["conversation_id"], ["conversations.id"], name=name, ondelete="CASCADE"
    )


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition
    )


def upgrade() -> None:
    """Make the tables."""
    _conversations()
    _inbox()
    _outbox()
    _handovers_and_ratings()
    _disclosures_and_timers()
    _rasa()


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(16), nullable=False),
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("disclosed", sa.Boolean(), nullable=False),
        sa.Column("turns_since_disclosure", sa.Integer(), nullable=False),
        sa.Column("rating_asked", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("last_inbound_at", TIME),
        sa.Column("last_outbound_at", TIME),
        sa.Column("claimed_by", sa.String(128)),
        sa.Column("claimed_until", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        sa.UniqueConstraint("channel", "address", name="uq_conversations_channel_address"),
        sa.CheckConstraint(
            "owner in ('bot', 'queued', 'human', 'closed')", name=op.f("ck_conversations_owner")
        ),
    )
    _index("ix_conversations_claimed_by", "conversations", ["claimed_by"], "claimed_by IS NOT NULL")


def _inbox() -> None:
    op.create_table(
        "inbox",
        *_row_id("inbox"),
        _conversation_id(),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text()),
        sa.Column("sent_at", TIME),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("done_at", TIME),
        sa.Column("intent", sa.Text()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _goes_with_conversation("inbox"),
        sa.UniqueConstraint("channel", "message_id", name="uq_inbox_channel_message_id"),
        sa.CheckConstraint(
            "status in ('new', 'done', 'failed') and (status = 'new') = (done_at is null)",
            name=op.f("ck_inbox_status"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inbox_conversation_id_id", "inbox", ["conversation_id", "id"])
    op.create_index("ix_inbox_conversation_id_done_at", "inbox", ["conversation_id", "done_at"])
    _index("ix_inbox_queue", "inbox", ["id", "conversation_id"], "done_at IS NULL")


def _outbox() -> None:
    op.create_table(
        "outbox",
        *_row_id("outbox"),
        _conversation_id(),
        sa.Column("inbox_id", ROW_ID),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(8), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("sent_at", TIME),
        _goes_with_conversation("outbox"),
        sa.ForeignKeyConstraint(
            ["inbox_id"], ["inbox.id"], name="fk_outbox_inbox_id", ondelete="SET NULL"
        ),
        sa.CheckConstraint("author in ('bot', 'human', 'system')", name=op.f("ck_outbox_author")),
        sa.CheckConstraint("status in ('queued', 'sent')", name=op.f("ck_outbox_status")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_conversation_id_id", "outbox", ["conversation_id", "id"])
    _index(
        "uq_outbox_inbox_id_position",
        "outbox",
        ["inbox_id", "position"],
        "inbox_id IS NOT NULL",
        unique=True,
    )


def _handovers_and_ratings() -> None:
    op.create_table(
        "handovers",
        *_row_id("handovers"),
        _conversation_id(),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("closed_at", TIME),
        sa.Column("outcome", sa.String(32)),
        _goes_with_conversation("handovers"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handovers_conversation_id", "handovers", ["conversation_id"])
    _index("uq_handovers_open", "handovers", ["conversation_id"], "closed_at IS NULL", unique=True)
    op.create_table(
        "ratings",
        *_row_id("ratings"),
        _conversation_id(),
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("of", sa.String(8), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("given_at", TIME, nullable=False),
        sa.Column("changed_at", TIME),
        _goes_with_conversation("ratings"),
        sa.UniqueConstraint(
            "conversation_id", "session", "of", name="uq_ratings_conversation_id_session_of"
        ),
        sa.CheckConstraint("score between 1 and 5", name=op.f("ck_ratings_score")),
        sqlite_autoincrement=True,
    )


def _disclosures_and_timers() -> None:
    op.create_table(
        "disclosures",
        *_row_id("disclosures"),
        _conversation_id(),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_disclosures_conversation_id", "disclosures", ["conversation_id"])
    op.create_table(
        "timers",
        _conversation_id(),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "kind", name="pk_timers"),
        _goes_with_conversation("timers"),
    )
    op.create_index("ix_timers_due_at", "timers", ["due_at"])


def _rasa() -> None:
    op.create_table(
        "trackers",
        sa.Column("conversation_id", sa.String(255), nullable=False),
        sa.Column("head", sa.JSON(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_trackers"),
    )
    op.create_table(
        "events",
        *_row_id("events"),
        sa.Column("conversation_id", sa.String(255), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("timestamp", sa.Float(53), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.UniqueConstraint("conversation_id", "seq", name="uq_events_conversation_id_seq"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Remove the tables and all they hold."""
    for table in (
        "events",
        "trackers",
        "timers",
        "disclosures",
        "ratings",
        "handovers",
        "outbox",
        "inbox",
        "conversations",
    ):
        op.drop_table(table)
