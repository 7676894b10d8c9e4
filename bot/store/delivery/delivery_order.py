"""A conversation's line: its open deliveries in order, of which only the front may be sent.

The front is marked on its row, so that whoever looks for something to send reads one row for each
customer who waits and none behind it. The mark is kept by whoever makes, finishes or queues a
delivery, in the same transaction; a unique index sees to it that no conversation has two.

Whoever changes deliveries, or how far their messages came, locks their conversations first, in
order of their ids, and nothing else. Whoever claims a front takes that one row alone, and passes by
what is taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, select, update

from bot.store.sql.tables import IS_FRONT, IS_OPEN, IS_QUEUED, conversations, deliveries

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Lines settled in one go: SQLite takes at most 32,766 parameters in a statement.
_MOST = 1000

_d, _c = deliveries.c, conversations.c
_beside = deliveries.alias("beside").c
_THESE = select(_c.id).where(_c.id.in_(bindparam("conversations", expanding=True))).order_by(_c.id)
# FOR NO KEY UPDATE waits for other writers, not for rows that merely refer to this one.
_LOCK = _THESE.with_for_update(key_share=True)
_LOCK_FREE = _THESE.with_for_update(key_share=True, skip_locked=True)
_LOCK_OF = (
    select(_c.id)
    .where(_c.id == select(_d.conversation_id).where(_d.id == bindparam("this")).scalar_subquery())
    .with_for_update(key_share=True)
)
_FIRSTS = _THESE.with_only_columns(
    select(_d.id)
    .where(_d.conversation_id == _c.id, IS_OPEN)
    .order_by(_d.channel, _d.id)
    .limit(1)
    .with_hint(deliveries, "INDEXED BY ix_deliveries_open", "sqlite")
    .scalar_subquery()
).order_by(None)
_STEP_BACK = (
    update(deliveries)
    .where(
        _d.conversation_id.in_(bindparam("conversations", expanding=True)),
        IS_FRONT,
        IS_QUEUED,
        _d.id.notin_(bindparam("firsts", expanding=True)),
    )
    .values(front=False)
)
# A delivery that steps forward goes behind all that are due already: a customer with a thousand
# messages takes turns with customers who have one.
_STEP_FORWARD = (
    update(deliveries)
    .where(
        _d.id.in_(bindparam("firsts", expanding=True)),
        _d.front.is_(False),
        ~select(_beside.id)
        .where(_beside.conversation_id == _d.conversation_id, _beside.front.is_(True))
        .exists(),
    )
    .values(
        front=True,
        next_attempt_at=case(
            (_d.next_attempt_at < bindparam("now"), bindparam("now")), else_=_d.next_attempt_at
        ),
    )
)
_HOLD = update(deliveries).where(
    _d.conversation_id == bindparam("conversation"),
    IS_FRONT,
    IS_QUEUED,
    _d.next_attempt_at < bindparam("until"),
)


def lock(conn: Connection, conversation_ids: Collection[str]) -> None:
    """Lock the lines of these conversations until the transaction ends."""
    for some in _in_steps(conversation_ids):
        conn.execute(_LOCK, {"conversations": some})


def lock_of(conn: Connection, delivery_id: int) -> None:
    """Lock the line that a delivery stands in until the transaction ends."""
    conn.execute(_LOCK_OF, {"this": delivery_id})


def lock_free(conn: Connection, conversation_ids: Collection[str]) -> tuple[str, ...]:
    """Lock those of these lines that nobody else has locked, without waiting; returns them."""
    if not conversation_ids:
        return ()
    return tuple(conn.execute(_LOCK_FREE, {"conversations": list(conversation_ids)}).scalars())


def settle(conn: Connection, conversation_ids: Collection[str], now: datetime) -> None:
    """Let each line's oldest delivery be its front, unless another is being sent.

    Call it after deliveries were made, finished or queued again.

    Args:
        conn: a write transaction that has locked the lines.
        conversation_ids: the conversations.
        now: a delivery that steps forward is due from this moment on, or from a later one of its
            own.
    """
    for some in _in_steps(conversation_ids):
        firsts = [
            first for first in conn.execute(_FIRSTS, {"conversations": some}).scalars() if first
        ]
        if firsts:
            conn.execute(_STEP_BACK, {"conversations": some, "firsts": firsts})
            conn.execute(_STEP_FORWARD, {"firsts": firsts, "now": now})


def hold(conn: Connection, conversation_id: str, until: datetime) -> None:
    """Let the front wait until a moment, unless it is being sent."""
    where = {"conversation": conversation_id, "until": until}
    conn.execute(_HOLD.values(next_attempt_at=until), where)


def _in_steps(conversation_ids: Collection[str]) -> Iterator[Sequence[str]]:
    in_order = sorted(set(conversation_ids))
    for start in range(0, len(in_order), _MOST):
        yield in_order[start : start + _MOST]
