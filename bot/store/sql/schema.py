"""The metadata of the tables, and columns that several tables have."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, MetaData, String

from bot.store.sql.column_types import RowId

metadata = MetaData(
    naming_convention={
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
PERSONAL = {"personal": True}
IMPERSONAL = {"personal": False}


def conversation_id(*, primary_key: bool = False) -> Column[Any]:
    """A column for the conversation that a row belongs to."""
    return Column(
        "conversation_id",
        String(32),
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


def agent_id(name: str) -> Column[Any]:
    """A column for an act's agent. History outlives the account: a deleted one leaves no name."""
    return Column(name, RowId, ForeignKey("agents.id", ondelete="SET NULL"))
