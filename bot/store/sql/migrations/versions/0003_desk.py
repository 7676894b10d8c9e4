"""The desk: agents and their sessions, the agent of a hand-over, notes, call-backs, external desks.

New columns come with plain ALTER TABLE ADD COLUMN, which SQLite can do in place, references too.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
#: Columns added to tables that there were: table, column, type, and what else the column needs.
ADDED = (
    ("conversations", "continues", "VARCHAR(32)", "conversations"),
    ("conversations", "left_at", "time", ""),
    ("outbox", "agent_id", "id", "agents"),
    ("outbox", "client_id", "VARCHAR(64)", ""),
    ("handovers", "team", "VARCHAR(32) DEFAULT '' NOT NULL", ""),
    ("handovers", "urgent", "BOOLEAN DEFAULT false NOT NULL", ""),
    ("handovers", "queued_at", "time", ""),
    ("handovers", "agent_id", "id", "agents"),
    ("handovers", "taken_at", "time", ""),
    ("handovers", "first_reply_at", "time", ""),
    ("handovers", "last_reply_at", "time", ""),
    ("handovers", "form", "JSON", ""),
    ("handovers", "settled", "TEXT", ""),
)
TYPES = {
    "sqlite": {"id": "INTEGER", "time": "DATETIME"},
    "postgresql": {"id": "BIGINT", "time": "TIMESTAMP WITH TIME ZONE"},
}


def upgrade() -> None:
    """Make the tables, then the columns that refer to them."""
    _agents()
    types = TYPES[op.get_bind().dialect.name]
    for table, column, kind, refers in ADDED:
        reference = (
            f" CONSTRAINT fk_{table}_{column} REFERENCES {refers} (id) ON DELETE SET NULL"
            if refers
            else ""
        )
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {types.get(kind, kind)}{reference}")
    op.execute("UPDATE handovers SET queued_at = created_at")
    op.create_index("ix_handovers_team_taken_at", "handovers", ["team", "taken_at"])
    op.create_index("ix_handovers_closed_at", "handovers", ["closed_at"])
    op.create_index("ix_ratings_given_at", "ratings", ["given_at"])
    _index(
        "uq_outbox_conversation_id_client_id",
        "outbox",
        ["conversation_id", "client_id"],
        "client_id IS NOT NULL",
        unique=True,
    )
    _index("ix_conversations_continues", "conversations", ["continues"], "continues IS NOT NULL")
    _records()
    _elsewhere()


def downgrade() -> None:
    """Remove them; which agent helped which customer is forgotten, the messages are not."""
    for table in ("desk_links", "join_codes", "callbacks", "acts", "notes"):
        op.drop_table(table)
    op.drop_index("ix_conversations_continues", "conversations")
    op.drop_index("uq_outbox_conversation_id_client_id", "outbox")
    op.drop_index("ix_ratings_given_at", "ratings")
    op.drop_index("ix_handovers_closed_at", "handovers")
    op.drop_index("ix_handovers_team_taken_at", "handovers")
    for table, column, _, _ in reversed(ADDED):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    op.drop_table("desk_sessions")
    op.drop_table("agents")


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition
    )


def _refers(
    table: str, column: str, target: str, ondelete: str = "CASCADE"
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete
    )


def _numbered(table: str, *columns: Any) -> None:
    """A table of rows that belong to a conversation, numbered by the database."""
    op.create_table(
        table,
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        _refers(table, "conversation_id", "conversations"),
        sqlite_autoincrement=True,
    )


def _agents() -> None:
    op.create_table(
        "agents",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("login", sa.String(128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text()),
        sa.Column("oidc_subject", sa.Text()),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("teams", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failed_logins", sa.Integer(), nullable=False),
        sa.Column("locked_until", TIME),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("last_seen_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_agents"),
        sa.UniqueConstraint("login", name="uq_agents_login"),
        sa.UniqueConstraint("oidc_subject", name="uq_agents_oidc_subject"),
        sa.CheckConstraint("role in ('agent', 'supervisor')", name=op.f("ck_agents_role")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "desk_sessions",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("agent_id", ROW_ID, nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk_sessions"),
        _refers("desk_sessions", "agent_id", "agents"),
    )
    op.create_index("ix_desk_sessions_agent_id", "desk_sessions", ["agent_id"])


def _records() -> None:
    _numbered(
        "notes",
        sa.Column("agent_id", ROW_ID),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        _refers("notes", "agent_id", "agents", "SET NULL"),
    )
    op.create_index("ix_notes_conversation_id_id", "notes", ["conversation_id", "id"])
    _numbered(
        "acts",
        sa.Column("handover_id", ROW_ID, nullable=False),
        sa.Column("agent_id", ROW_ID),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("detail", sa.String(64), nullable=False),
        sa.Column("at", TIME, nullable=False),
        _refers("acts", "handover_id", "handovers"),
        _refers("acts", "agent_id", "agents", "SET NULL"),
    )
    op.create_index("ix_acts_conversation_id_id", "acts", ["conversation_id", "id"])
    op.create_index("ix_acts_handover_id", "acts", ["handover_id"])
    _numbered(
        "callbacks",
        sa.Column("team", sa.String(32), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("done_at", TIME),
        sa.Column("done_by", ROW_ID),
        _refers("callbacks", "done_by", "agents", "SET NULL"),
    )
    op.create_index("ix_callbacks_conversation_id", "callbacks", ["conversation_id"])
    _index("ix_callbacks_open", "callbacks", ["id"], "done_at IS NULL")


def _elsewhere() -> None:
    op.create_table(
        "join_codes",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME),
        sa.Column("used_by", sa.String(32)),
        sa.PrimaryKeyConstraint("code_hash", name="pk_join_codes"),
        _refers("join_codes", "conversation_id", "conversations"),
        _refers("join_codes", "used_by", "conversations"),
    )
    op.create_index("ix_join_codes_conversation_id", "join_codes", ["conversation_id"])
    op.create_index("ix_join_codes_used_by", "join_codes", ["used_by"])
    op.create_table(
        "desk_links",
        sa.Column("handover_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("desk", sa.String(32), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("mirrored_inbox_id", ROW_ID, nullable=False),
        sa.Column("mirrored_outbox_id", ROW_ID, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("handover_id", name="pk_desk_links"),
        _refers("desk_links", "handover_id", "handovers"),
        _refers("desk_links", "conversation_id", "conversations"),
    )
    op.create_index("ix_desk_links_conversation_id", "desk_links", ["conversation_id"])
    op.create_index("ix_desk_links_desk_external_id", "desk_links", ["desk", "external_id"])
