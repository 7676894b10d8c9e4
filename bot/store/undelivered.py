"""The dead letters: what did not arrive, for a person to see and to send again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import and_, bindparam, or_, select, update

from bot.messages import Outbound, decode
from bot.store import delivery_line
from bot.store.delivery_status import GIVEN_UP, OPEN
from bot.store.tables import deliveries, outbox

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Row

_d, _o = deliveries.c, outbox.c


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that was not delivered, or not yet although it was tried.

    Attributes:
        id: its row.
        conversation_id: the conversation.
        channel: name of the channel.
        status: `queued` and `sending` are still being tried; `failed` and `dead` are not.
        error: the provider's code or a word of ours.
        attempts: how often it was tried in vain.
        part: which part of the message this is, from 0.
        queued_at: since when it waits (UTC).
        message: the whole message.
    """

    id: int
    conversation_id: str
    channel: str
    status: str
    error: str
    attempts: int
    part: int
    queued_at: datetime
    message: Outbound


_LIST = (
    select(
        _d.id,
        _d.conversation_id,
        _d.channel,
        _d.status,
        _d.error,
        _d.attempts,
        _d.part,
        _d.queued_at,
        _o.content,
    )
    .join(outbox)
    .where(or_(_d.status.in_(GIVEN_UP), and_(_d.status.in_(OPEN), _d.error != "")))
    .order_by(_d.id)
)
_GIVEN_UP = (
    select(_d.id, _d.outbox_id, _d.conversation_id).where(_d.status.in_(GIVEN_UP)).order_by(_d.id)
)
_THESE: Any = bindparam("these", expanding=True)
_STILL_GIVEN_UP = _GIVEN_UP.where(_d.id.in_(_THESE)).with_for_update(key_share=True)
_LOCK_OUTBOX = select(_o.id).where(_o.id.in_(_THESE)).order_by(_o.id).with_for_update()
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
        error="",
    )
)
_OUTBOX_AGAIN = update(outbox).where(_o.id.in_(_THESE)).values(status="queued", sent_at=None)
#: Rows in one statement: SQLite takes at most 32,766 parameters.
_MOST = 1000


def undelivered(conn: Connection) -> tuple[Undelivered, ...]:
    """All of them, oldest first."""
    return tuple(_from_row(row) for row in conn.execute(_LIST))


def _from_row(row: Row) -> Undelivered:
    number, conversation_id, channel, status, error, attempts, part, queued_at, content = row
    message = cast(Outbound, decode(content))
    return Undelivered(
        number, conversation_id, channel, status, error, attempts, part, queued_at, message
    )


def resend(conn: Connection, ids: Collection[int] | None, now: datetime) -> tuple[int, ...]:
    """Queue messages that were given up once more; receipts of before no longer count for them.

    Args:
        conn: a write transaction.
        ids: which; None for all that were given up.
        now: the present.

    Returns:
        Those that are queued now; what is not given up is left alone.
    """
    query = _GIVEN_UP if ids is None else _GIVEN_UP.where(_d.id.in_(tuple(ids)))
    found = conn.execute(query).all()
    for of in _in_steps(sorted({row.outbox_id for row in found})):
        conn.execute(_LOCK_OUTBOX, {"these": of})
    lines = {row.conversation_id for row in found}
    delivery_line.lock(conn, lines)
    # Once more, now that nobody else changes them: these alone, whose lines are locked.
    rows = [
        row
        for these in _in_steps([row.id for row in found])
        for row in conn.execute(_STILL_GIVEN_UP, {"these": these})
    ]
    chosen = tuple(row.id for row in rows)
    for these in _in_steps(chosen):
        conn.execute(_QUEUE_AGAIN, {"these": these, "now": now})
    for of in _in_steps(sorted({row.outbox_id for row in rows})):
        conn.execute(_OUTBOX_AGAIN, {"these": of})
    delivery_line.settle(conn, lines, now)
    return chosen


def _in_steps(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[start : start + _MOST] for start in range(0, len(numbers), _MOST))
