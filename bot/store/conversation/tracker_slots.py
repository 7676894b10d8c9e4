"""Reads the assistant's slots in a conversation, for code that has no assistant at hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from bot.store.sql.tables import trackers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_HEAD = select(trackers.c.head).where(trackers.c.conversation_id == bindparam("conversation"))


def slots(conn: Connection, conversation_id: str) -> Mapping[str, Any]:
    """The slots that were filled after the newest turn, by name; empty when there was none."""
    head = conn.execute(_HEAD, {"conversation": conversation_id}).scalar_one_or_none()
    known: Mapping[str, Any] = (head or {}).get("slots") or {}
    return known
