"""The dead letters: what did not arrive, for a person to see and to send again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from sqlalchemy import select, update

from bot.messages import Outbound, decode
from bot.store.delivery_status import IS_GIVEN_UP, IS_OPEN
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


_LIST = select(
    _d.id,
    _d.conversation_id,
    _d.channel,
    _d.status,
    _d.error,
    _d.attempts,
    _d.part,
    _d.queued_at,
    _o.content,
).join(outbox)
# Two statements, each by an index of its own.
_LISTS = (_LIST.where(IS_GIVEN_UP), _LIST.where(IS_OPEN, _d.error != ""))
_GIVEN_UP = select(_d.id, _d.outbox_id).where(IS_GIVEN_UP).order_by(_d.id)


def undelivered(conn: Connection) -> tuple[Undelivered, ...]:
    """All of them, oldest first."""
    found = [_from_row(row) for query in _LISTS for row in conn.execute(query)]
    return tuple(sorted(found, key=lambda each: each.id))


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
    rows = conn.execute(query.with_for_update()).all()
    chosen = tuple(row.id for row in rows)
    conn.execute(
        update(deliveries)
        .where(_d.id.in_(chosen))
        .values(
            status="queued",
            attempts=0,
            resends=_d.resends + 1,
            queued_at=now,
            next_attempt_at=now,
            updated_at=now,
            sent_at=None,
            provider_id=None,
            error="",
        )
    )
    conn.execute(
        update(outbox)
        .where(_o.id.in_({row.outbox_id for row in rows}))
        .values(status="queued", sent_at=None)
    )
    return chosen
