"""What a person decides about dead letters: send them again, or leave them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, or_, select, update

from bot.store.conversation import disclosures
from bot.store.delivery import delivery_order, redisclosure
from bot.store.delivery.dead_letters import DISMISSED, IS_UNSURE, is_unsure
from bot.store.delivery.delivery_status import IS_GIVEN_UP, change, move, overall
from bot.store.sql.tables import conversations, deliveries, outbox

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_d, _o, _c = deliveries.c, outbox.c, conversations.c
_later, _later_said = deliveries.alias("later"), outbox.alias("later_said")
_l, _s = _later.c, _later_said.c


@dataclass(frozen=True, slots=True)
class Resent:
    """The outcome of sending a whole outage's messages again.

    Attributes:
        queued: those that are sent again.
        skipped: those that would come too late now; they stay in the list.
    """

    queued: tuple[int, ...]
    skipped: tuple[int, ...]


_GIVEN_UP = select(_d.id, _d.outbox_id, _d.conversation_id).where(IS_GIVEN_UP).order_by(_d.id)
#: SQL condition that a conversation went on: something else reached the customer since, other than
#: the rest of the same turn, or a person has it, or had it.
_MOVED_ON = or_(
    and_(_o.author != "human", _c.owner.in_(("human", "closed"))),
    select(_l.id)
    .join(_later_said, _s.id == _l.outbox_id)
    .where(
        _l.conversation_id == _d.conversation_id,
        _l.id > _d.id,
        _l.status.in_(("sent", "delivered", "read")),
        or_(_s.inbox_id.is_(None), _o.inbox_id.is_(None), _s.inbox_id != _o.inbox_id),
    )
    .exists(),
)
_OF_OUTAGE = (
    select(_d.id, _MOVED_ON.label("moved_on"))
    .select_from(deliveries)
    .join(outbox, _o.id == _d.outbox_id)
    .join(conversations, _c.id == _d.conversation_id)
    .where(
        IS_UNSURE,
        _d.channel == bindparam("channel"),
        _d.unsure_since >= bindparam("since"),
        _d.unsure_since <= bindparam("until"),
    )
    .order_by(_d.id)
)
_THESE: Any = bindparam("these", expanding=True)
_STILL_GIVEN_UP = _GIVEN_UP.where(_d.id.in_(_THESE)).with_for_update(key_share=True)
_QUEUE_AGAIN = (
    update(deliveries)
    .where(_d.id.in_(_THESE))
    .values(
        status="queued",
        attempts=0,
        resends=_d.resends + 1,
        queued_at=bindparam("now"),
        next_attempt_at=bindparam("now"),
        updated_at=bindparam("now"),
        sent_at=None,
        provider_id=None,
        unsure_since=None,
        error="",
        late_error="",
        late_failures=0,
    )
)
_OUTBOX_AGAIN = tuple(
    update(outbox).where(column.in_(_THESE)).values(status="queued", sent_at=None)
    for column in (_o.id, _o.sent_with)
)
#: Rows in one statement: SQLite takes at most 32,766 parameters.
_MOST = 1000
_PARTS = select(_d.status).where(_d.outbox_id == bindparam("outbox"))
_DOUBTS_OF = select(_d.id).where(IS_UNSURE, _d.outbox_id == bindparam("outbox"))


def resend(conn: Connection, ids: Collection[int] | None, now: datetime) -> tuple[int, ...]:
    """Queue again messages that were given up; earlier receipts no longer count for them.

    A message of the bot goes out behind a disclosure.

    Args:
        conn: a write transaction.
        ids: rows; None for all that were given up, except those that were dismissed.
        now: the present.

    Returns:
        Those that are queued now; a message that is not given up is left alone.
    """
    query = _GIVEN_UP.where(_d.error != DISMISSED if ids is None else _d.id.in_(tuple(ids)))
    found = conn.execute(query).all()
    lines = {row.conversation_id for row in found}
    delivery_order.lock(conn, lines)
    # Once more, now that nobody else changes them: these alone, whose lines are locked.
    rows = [
        row
        for these in _in_steps([row.id for row in found])
        for row in conn.execute(_STILL_GIVEN_UP, {"these": these})
    ]
    chosen = tuple(row.id for row in rows)
    for these in _in_steps(chosen):
        conn.execute(_QUEUE_AGAIN, {"these": these, "now": now})
    said = {row.outbox_id: row.conversation_id for row in rows}
    for of in _in_steps(sorted(said)):
        for again in _OUTBOX_AGAIN:
            conn.execute(again, {"these": of})
    for outbox_id, conversation_id in sorted(said.items()):
        # A part that stays lost may be the one with the disclosure.
        parts = conn.execute(_PARTS, {"outbox": outbox_id}).scalars()
        disclosures.follow(conn, conversation_id, outbox_id, overall(parts), now)
    delivery_order.settle(conn, lines, now)
    for conversation_id in sorted(set(said.values())):
        redisclosure.ensure(conn, conversation_id, said.keys(), now)
    return chosen


def _in_steps(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[start : start + _MOST] for start in range(0, len(numbers), _MOST))


def resend_outage(
    conn: Connection, channel: str, since: datetime, until: datetime, now: datetime
) -> Resent:
    """Queue again, in order, messages that became doubtful in an outage, if they are still of use.

    Not where something else reached the customer since (but for the rest of the same turn), nor
    messages of the bot where a person has, or had, the conversation.

    Args:
        conn: a write transaction.
        channel: name of the channel.
        since: from this moment on (aware).
        until: up to this moment (aware).
        now: the present.
    """
    where = {"channel": channel, "since": since, "until": until}
    rows = conn.execute(_OF_OUTAGE, where).all()
    wanted = [row.id for row in rows if not row.moved_on]
    queued = tuple(each for some in _in_steps(wanted) for each in resend(conn, some, now))
    return Resent(queued, tuple(row.id for row in rows if row.moved_on))


def arrived(conn: Connection, ids: Iterable[int], now: datetime) -> tuple[int, ...]:
    """Note that messages in doubt did arrive, as a person knows; returns those that were."""
    settled = []
    for delivery_id in sorted(ids):
        if is_unsure(conn, delivery_id):
            move(conn, delivery_id, "sent", "", now)
            settled.append(delivery_id)
    return tuple(settled)


def tapped(conn: Connection, outbox_id: int, now: datetime) -> tuple[int, ...]:
    """Note that the customer tapped an option of this message: so it arrived, if in doubt."""
    return arrived(conn, conn.execute(_DOUBTS_OF, {"outbox": outbox_id}).scalars().all(), now)


def dismiss(conn: Connection, ids: Iterable[int], now: datetime) -> tuple[int, ...]:
    """Note that messages in doubt need no more attention; returns those that were in doubt.

    They count as not delivered.
    """
    settled = []
    for delivery_id in sorted(ids):
        if is_unsure(conn, delivery_id):
            change(conn, delivery_id, now, error=DISMISSED, unsure_since=None)
            settled.append(delivery_id)
    return tuple(settled)
