"""Network origins of customers, as keyed hashes: for limits that no new conversation escapes.

Only a channel that the customer's own device calls notes one. On other channels a customer's
address is an origin of its own: a telephone number is not to be had for nothing, a chat session is.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, func, select, update

from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import handovers, origins

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: How often it is noted that an origin is still the same.
_AGAIN: Final = timedelta(hours=1)
_o = origins.c
_THIS = _o.conversation_id == bindparam("conversation")
_ORIGIN = select(_o.origin).where(_THIS)
_SEEN = select(_o.origin, _o.seen_at).where(_THIS)
_MOVE = update(origins).where(_THIS)


def saw(conn: Connection, conversation_id: str, origin: str, now: datetime) -> None:
    """Notes the origin that a customer wrote from just now.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        origin: keyed hash of the network address.
        now: the present.
    """
    where = {"conversation": conversation_id}
    known = conn.execute(_SEEN, where).first()
    if known is None:
        fresh = {"conversation_id": conversation_id, "origin": origin, "seen_at": now}
        insert_new(conn, origins, fresh)
    elif known.origin != origin or known.seen_at <= now - _AGAIN:
        conn.execute(_MOVE, {**where, "origin": origin, "seen_at": now})


def of(conn: Connection, conversation_id: str) -> str | None:
    """The origin that a conversation's customer wrote from last, or None: that is not noted."""
    found: str | None = conn.execute(_ORIGIN, {"conversation": conversation_id}).scalar()
    return found


def waiting(conn: Connection, origin: str) -> Counter[str]:
    """How many conversations from an origin wait for a person, by reason."""
    h = handovers.c
    rows = conn.execute(
        select(h.reason, func.count().label("many"))
        .select_from(origins.join(handovers, h.conversation_id == _o.conversation_id))
        .where(_o.origin == origin, h.closed_at.is_(None), h.taken_at.is_(None))
        .group_by(h.reason)
    )
    return Counter({row.reason: row.many for row in rows})
