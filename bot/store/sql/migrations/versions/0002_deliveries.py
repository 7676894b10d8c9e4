"""Delivery through providers: one row a message sent, opt-outs, and addresses of one customer.

The outbox's status can tell what became of a message, and the inbox can hold messages without
words. SQLite cannot change a check, so there both tables are made anew.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
OLD_STATUS = "status in ('queued', 'sent')"
NEW_STATUS = "status in ('queued', 'sent', 'delivered', 'read', 'failed', 'dead')"
INBOX = (
    "id, conversation_id, channel, message_id, text, payload, sent_at, received_at, status, "
    "done_at, intent, attempts"
)
OUTBOX = (
    "id, conversation_id, inbox_id, position, author, kind, content, created_at, status, sent_at"
)


def upgrade() -> None:
    """Make the tables."""
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("inbox", sa.Column("attachment", sa.String(16)))
        op.add_column("outbox", sa.Column("sent_with", ROW_ID))
        _change_status(NEW_STATUS, 16)
    else:
        more = [sa.Column("attachment", sa.String(16))], [sa.Column("sent_with", ROW_ID)]
        _make_anew(NEW_STATUS, 16, *more)
    _index("ix_outbox_queued", "outbox", ["id", "conversation_id"], "status = 'queued'")
    _deliveries()
    op.create_table(
        "optouts",
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", name="pk_optouts"),
    )
    op.create_table(
        "addresses",
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("channel", "alias", name="pk_addresses"),
    )
    op.create_index("ix_addresses_channel_address", "addresses", ["channel", "address"])


def downgrade() -> None:
    """Remove the tables; what became of a message is forgotten, that it was sent is not."""
    op.drop_table("addresses")
    op.drop_table("optouts")
    op.drop_table("deliveries")
    op.drop_index("ix_outbox_queued", "outbox")
    op.execute("UPDATE outbox SET status = 'sent' WHERE status <> 'queued'")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_column("inbox", "attachment")
        op.drop_column("outbox", "sent_with")
        _change_status(OLD_STATUS, 8)
    else:
        _make_anew(OLD_STATUS, 8, [], [])


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("outbox_id", ROW_ID, nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("resends", sa.Integer(), nullable=False),
        sa.Column("queued_at", TIME, nullable=False),
        sa.Column("next_attempt_at", TIME, nullable=False),
        sa.Column("sent_at", TIME),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("provider_id", sa.Text()),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_deliveries_conversation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name="fk_deliveries_outbox_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("outbox_id", "part", name="uq_deliveries_outbox_id_part"),
        sa.CheckConstraint(
            "status in ('queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'dead')",
            name=op.f("ck_deliveries_status"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_channel_provider_id", "deliveries", ["channel", "provider_id"])
    op.create_index("ix_deliveries_conversation_id_id", "deliveries", ["conversation_id", "id"])
    _index(
        "ix_deliveries_queue",
        "deliveries",
        ["next_attempt_at", "status"],
        "status IN ('queued', 'sending')",
    )
    _index("ix_deliveries_undelivered", "deliveries", ["id"], "status IN ('dead', 'failed')")


def _change_status(check: str, length: int) -> None:
    op.drop_constraint(op.f("ck_outbox_status"), "outbox", type_="check")
    op.alter_column("outbox", "status", type_=sa.String(length))
    op.create_check_constraint(op.f("ck_outbox_status"), "outbox", sa.text(check))


def _make_anew(
    check: str, length: int, in_inbox: list[sa.Column[Any]], in_outbox: list[sa.Column[Any]]
) -> None:
    for index, table in (
        ("ix_inbox_conversation_id_id", "inbox"),
        ("ix_inbox_conversation_id_done_at", "inbox"),
        ("ix_inbox_queue", "inbox"),
        ("ix_outbox_conversation_id_id", "outbox"),
        ("uq_outbox_inbox_id_position", "outbox"),
    ):
        op.drop_index(index, table)
    # Renaming a table takes the references to it along, so both are replaced before either goes.
    op.rename_table("inbox", "inbox_before")
    op.rename_table("outbox", "outbox_before")
    _inbox(in_inbox)
    _outbox(check, length, in_outbox)
    _copy("inbox", INBOX)
    _copy("outbox", OUTBOX)
    op.drop_table("outbox_before")
    op.drop_table("inbox_before")


def _copy(table: str, columns: str) -> None:
    op.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}_before")  # noqa: S608 - constants
    # An id is never given twice, also when the newest rows are gone.
    op.execute(f"DELETE FROM sqlite_sequence WHERE name = '{table}'")  # noqa: S608 - constants
    op.execute(f"UPDATE sqlite_sequence SET name = '{table}' WHERE name = '{table}_before'")  # noqa: S608 - constants


def _inbox(more: list[sa.Column[Any]]) -> None:
    op.create_table(
        "inbox",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text()),
        sa.Column("sent_at", TIME),
        *more,
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("done_at", TIME),
        sa.Column("intent", sa.Text()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_inbox_conversation_id",
            ondelete="CASCADE",
        ),
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


def _outbox(check: str, length: int, more: list[sa.Column[Any]]) -> None:
    op.create_table(
        "outbox",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("inbox_id", ROW_ID),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(8), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("status", sa.String(length), nullable=False),
        sa.Column("sent_at", TIME),
        *more,
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_outbox_conversation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["inbox_id"], ["inbox.id"], name="fk_outbox_inbox_id", ondelete="SET NULL"
        ),
        sa.CheckConstraint("author in ('bot', 'human', 'system')", name=op.f("ck_outbox_author")),
        sa.CheckConstraint(check, name=op.f("ck_outbox_status")),
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
