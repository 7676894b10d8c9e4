"""Conversations that their agents set aside until a moment, or until the customer writes.

Lock the conversation first (`conversations.get(..., lock=True)`) for what changes one.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, or_, select, update

from bot.records.handover_record import Handover
from bot.store.handover import audit_log
from bot.store.handover.handovers import COLUMNS, from_row
from bot.store.sql.tables import conversations, handovers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_h, _c = handovers.c, conversations.c
#: Values of a hand-over that is not set aside, and was not.
AWAKE: Final[dict[str, Any]] = {"snoozed_at": None, "snoozed_until": None, "woken_at": None}
#: Whether a hand-over, joined to its conversation, is set aside; see `Handover.asleep`.
IS_ASLEEP: Final = and_(
    _h.snoozed_until.isnot(None),
    or_(_c.last_inbound_at.is_(None), _c.last_inbound_at <= _h.snoozed_at),
)

# Each of the two ends is asked by itself, and in the order of the index of what is set aside: so
# that it is what both are read from.
_SNOOZED: Final = (
    select(*COLUMNS, _c.last_inbound_at)
    .join(conversations, _c.id == _h.conversation_id)
    .order_by(_h.snoozed_until, _h.id)
    .with_for_update(of=conversations, skip_locked=True, key_share=True)
)


def snooze(
    conn: Connection,
    handover: Handover,
    heard: datetime | None,
    until: datetime,
    agent_id: int,
    now: datetime,
) -> None:
    """Set a hand-over aside. That it came back before is kept: its customer still waits.

    Args:
        conn: a write transaction.
        handover: an open hand-over that somebody has.
        heard: when its customer last wrote (UTC), or None.
        until: the moment at which it comes back (UTC).
        agent_id: the agent who has it.
        now: the present.
    """
    woken = handover.woken_since(heard)
    values = {"snoozed_at": now, "snoozed_until": until, "woken_at": woken}
    conn.execute(update(handovers).where(_h.id == handover.id).values(values))
    audit_log.add(conn, handover, agent_id, "snoozed", now, until.isoformat())


def move(conn: Connection, handover: Handover, until: datetime) -> None:
    """Have what is set aside come back at another moment (UTC); nothing else of it changes."""
    conn.execute(update(handovers).where(_h.id == handover.id).values(snoozed_until=until))


def wake(
    conn: Connection,
    handover: Handover,
    heard: datetime | None,
    agent_id: int | None,
    now: datetime,
) -> None:
    """Take back what was set aside, as it was before (see `snooze`).

    `agent_id` is None where Loket itself does.
    """
    values = {**AWAKE, "woken_at": handover.woken_since(heard)}
    conn.execute(update(handovers).where(_h.id == handover.id).values(values))
    audit_log.add(conn, handover, agent_id, "woken", now)


def answered(conn: Connection, handover: Handover, now: datetime) -> None:
    """Put on record that an answer ended it, or the customer before that; nothing if it was over.

    Args:
        conn: a write transaction.
        handover: the hand-over as it was before the answer.
        now: the present.
    """
    if handover.snoozed_until is None:
        return
    this = _c.id == handover.conversation_id
    heard = conn.execute(select(_c.last_inbound_at).where(this)).scalar()
    over = now if heard is None or handover.asleep(heard) else heard
    audit_log.add(conn, handover, handover.agent_id, "woken", over, audit_log.IN_TALK)


def wake_due(conn: Connection, now: datetime) -> tuple[str, ...]:
    """Wake what is due, or whose customer wrote; returns the conversations.

    Those that somebody else has locked just now are left for the next time.

    Args:
        conn: a write transaction.
        now: the present.
    """
    rows = [
        *conn.execute(_SNOOZED.where(_h.snoozed_until <= now)),
        *conn.execute(_SNOOZED.where(_h.snoozed_until > now, _c.last_inbound_at > _h.snoozed_at)),
    ]
    for row in rows:
        handover, heard = from_row(row), row.last_inbound_at
        by_customer = not handover.asleep(heard)
        values = {**AWAKE, "woken_at": heard if by_customer else now}
        conn.execute(update(handovers).where(_h.id == handover.id).values(values))
        if handover.closed_at is not None:
            continue
        if by_customer:
            audit_log.add(conn, handover, None, "woken", heard, audit_log.IN_TALK)
        else:
            audit_log.add(conn, handover, None, "woken", now)
    return tuple(row.conversation_id for row in rows)
