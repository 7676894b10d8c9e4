"""What the tables share: the metadata, and columns that several have."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, MetaData, String

from bot.store.column_types import RowId

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
    """The conversation that a row goes with."""
    return Column(
        "conversation_id",
        String(32),
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


def agent_id(name: str) -> Column[Any]:
    """Who did it. History outlives the account: a deleted one leaves it without a name."""
    return Column(name, RowId, ForeignKey("agents.id", ondelete="SET NULL"))
