"""One-time codes that carry a conversation to another channel. Only their hashes are kept.

A used code stays, as the record of which conversation went on where, and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from bot.store.sql.tables import join_codes

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class JoinCode:
    """A one-time code of a channel switch, as kept.

    Attributes:
        conversation_id: the conversation that goes on elsewhere.
        channel: where the code may be used.
        expires_at: from when it cannot be used any more (UTC).
        used_at: when it was used (UTC), or None.
        used_by: the conversation that goes on from there, or None.
    """

    conversation_id: str
    channel: str
    expires_at: datetime
    used_at: datetime | None
    used_by: str | None


_j = join_codes.c
_ALL = select(_j.conversation_id, _j.channel, _j.expires_at, _j.used_at, _j.used_by)


def add(
    conn: Connection,
    code_hash: str,
    conversation_id: str,
    channel: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Keep a code; the conversation's earlier ones for this channel count no more.

    Args:
        conn: a write transaction.
        code_hash: 64 hex digits from which the code cannot be found.
        conversation_id: the conversation that goes on elsewhere.
        channel: where it may be used.
        now: the present.
        expires_at: from when it cannot be used any more.
    """
    conn.execute(
        delete(join_codes).where(
            _j.conversation_id == conversation_id, _j.channel == channel, _j.used_at.is_(None)
        )
    )
    values = {
        "code_hash": code_hash,
        "conversation_id": conversation_id,
        "channel": channel,
        "created_at": now,
        "expires_at": expires_at,
    }
    conn.execute(join_codes.insert(), values)


def find(conn: Connection, code_hash: str) -> JoinCode | None:
    """A code by its hash, whatever became of it; None when there is none."""
    row = conn.execute(_ALL.where(_j.code_hash == code_hash)).first()
    return None if row is None else JoinCode(*row)


def use(conn: Connection, code_hash: str, channel: str, used_by: str, now: datetime) -> str | None:
    """Use a code up; of several who try at once exactly one succeeds.

    Args:
        conn: a write transaction.
        code_hash: the code's hash.
        channel: where it is used.
        used_by: the conversation that goes on.
        now: the present.

    Returns:
        The conversation it stands for, or None: unknown, of another channel, expired or used.
    """
    result = conn.execute(
        update(join_codes)
        .where(
            _j.code_hash == code_hash,
            _j.channel == channel,
            _j.expires_at > now,
            _j.used_at.is_(None),
        )
        .values(used_at=now, used_by=used_by)
    )
    if not result.rowcount:
        return None
    conversation_id: str | None = conn.execute(
        select(_j.conversation_id).where(_j.code_hash == code_hash)
    ).scalar()
    return conversation_id


def withdraw(conn: Connection, conversation_id: str) -> None:
    """Withdraw a conversation's unused codes: they count no more."""
    conn.execute(
        delete(join_codes).where(_j.conversation_id == conversation_id, _j.used_at.is_(None))
    )


def joined(conn: Connection, conversation_id: str) -> tuple[JoinCode, ...]:
    """The codes by which a conversation went on from others, oldest first."""
    rows = conn.execute(_ALL.where(_j.used_by == conversation_id).order_by(_j.used_at))
    return tuple(JoinCode(*row) for row in rows)


def sweep(conn: Connection, now: datetime) -> int:
    """Remove codes that expired unused; returns how many."""
    return int(
        conn.execute(delete(join_codes).where(_j.expires_at <= now, _j.used_at.is_(None))).rowcount
    )
