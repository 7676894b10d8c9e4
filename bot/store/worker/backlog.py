"""Reads waiting messages without a claim, in parts, for a worker that can answer only some."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, or_, select

from bot.messages import Owner
from bot.store.sql.tables import conversations, inbox
from bot.store.worker.claims import TOKEN, at, claimable, noted

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class BacklogItem:
    """An unhandled message of a conversation that nobody works on.

    Attributes:
        inbox_id: its row.
        conversation_id: the conversation.
        owner: the conversation's owner.
        text: what the customer typed.
        payload: the option that was tapped, or None.
    """

    inbox_id: int
    conversation_id: str
    owner: Owner
    text: str
    payload: str | None


_i, _c = inbox.c, conversations.c
_WAITING = (
    select(_i.id, _c.id, _c.owner, _i.text, _i.payload)
    .select_from(inbox.join(conversations))
    .where(
        _i.done_at.is_(None),
        _i.received_at <= bindparam("before"),
        claimable(),
        # A conversation that was interrupted twice is for nobody to look at in passing.
        or_(_c.attempts.is_(None), noted() <= TOKEN),
    )
    .limit(bindparam("limit"))
    .with_hint(inbox, "INDEXED BY ix_inbox_queue", "sqlite")
)
_OLDEST = (
    select(_i.received_at)
    .where(_i.done_at.is_(None))
    .order_by(_i.id)
    .limit(1)
    .with_hint(inbox, "INDEXED BY ix_inbox_queue", "sqlite")
)
_NEWEST = _WAITING.order_by(_i.id.desc())
_AFTER = _WAITING.where(_i.id > bindparam("after")).order_by(_i.id)


def waiting_since(conn: Connection) -> datetime | None:
    """When the oldest message came in that nobody has handled yet (UTC), whoever works on it."""
    found: datetime | None = conn.execute(_OLDEST).scalar()
    return found


def newest(
    conn: Connection, now: datetime, before: datetime, limit: int
) -> tuple[BacklogItem, ...]:
    """The newest messages that wait, newest first.

    Args:
        conn: any transaction.
        now: the present.
        before: only what came in until then.
        limit: at most so many.
    """
    rows = conn.execute(_NEWEST, {**at(now), "before": before, "limit": limit})
    return tuple(BacklogItem(*row) for row in rows)


def after(
    conn: Connection, inbox_id: int, now: datetime, before: datetime, limit: int
) -> tuple[BacklogItem, ...]:
    """The messages that wait, in order, after a row of the inbox; else as `newest`."""
    where = {**at(now), "after": inbox_id, "before": before, "limit": limit}
    return tuple(BacklogItem(*row) for row in conn.execute(_AFTER, where))
