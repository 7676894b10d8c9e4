"""Whether what the desk's lists show has changed, told without reading what they show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.store.tables import callbacks, conversations, handovers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_h, _c = handovers.c, conversations.c
_OPEN = (
    select(
        _h.id,
        _h.team,
        _h.topic,
        _h.urgent,
        _h.agent_id,
        _h.queued_at,
        _h.last_reply_at,
        _c.last_inbound_at,
        _c.left_at,
    )
    .join(conversations)
    .where(_h.closed_at.is_(None))
    .order_by(_h.id)
)
_ASKED = select(func.count(), func.max(callbacks.c.id)).where(callbacks.c.done_at.is_(None))


def fingerprint(conn: Connection) -> int:
    """Another number when a list at the desk would look different; good within one process."""
    rows = tuple(map(tuple, conn.execute(_OPEN)))
    return hash((rows, tuple(conn.execute(_ASKED).one())))
