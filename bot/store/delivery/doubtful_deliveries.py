"""Doubtful deliveries: nobody knows whether the provider took them, until somebody finds out.

A delivery in doubt has `unsure_since`. While it may still become clear it is `sending`, so that the
conversation's next message waits; after that it is `dead`, and a person decides. A receipt settles
it at any time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, select, update

from bot.store.conversation import addresses
from bot.store.delivery import late_failures
from bot.store.delivery.delivery_status import change, key_of, locked
from bot.store.sql.tables import IS_SENDING, deliveries
from bot.store.sql.tables import conversations as conversations_table

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Error of a message whose worker died, or stopped, while it was being sent.
INTERRUPTED: Final = "interrupted"
#: Provider's ids of a conversation that are remembered when one of its messages is looked for.
_KNOWN: Final = 500

_d, _c = deliveries.c, conversations_table.c
# One table, and no channel in it, so that no database has a choice of how to go about it.
_DUE = (
    select(_d.id)
    .where(IS_SENDING, _d.next_attempt_at <= bindparam("now"))
    .order_by(_d.next_attempt_at, _d.id)
    .limit(bindparam("limit"))
    .with_for_update(key_share=True, skip_locked=True)
    .with_hint(deliveries, "INDEXED BY ix_deliveries_under_way", "sqlite")
)
_THESE = (
    select(
        _d.id,
        _d.conversation_id,
        _d.channel,
        _d.content,
        _d.outbox_id,
        _d.part,
        _d.resends,
        _d.attempts,
        _d.queued_at,
        _d.unsure_since,
        _d.error,
        _d.late_error,
        _c.address,
    )
    .join(conversations_table)
    .where(_d.id.in_(bindparam("these", expanding=True)))
    .order_by(_d.id)
)
_LEASE = (
    update(deliveries)
    .where(_d.id == bindparam("this"))
    .values(
        next_attempt_at=bindparam("until"),
        unsure_since=bindparam("since"),
        error=bindparam("why"),
    )
)
_KNOWN_IDS = (
    select(_d.provider_id)
    .where(
        _d.conversation_id == bindparam("conversation"),
        _d.sent_at.isnot(None),
        _d.provider_id.isnot(None),
        _d.id != bindparam("this"),
    )
    .order_by(_d.sent_at.desc())
    .limit(_KNOWN)
    .with_hint(deliveries, "INDEXED BY ix_deliveries_conversation_id_sent_at", "sqlite")
)
_OTHERS = (
    select(_d.content)
    .where(
        _d.conversation_id == bindparam("conversation"),
        _d.unsure_since.isnot(None),
        _d.id != bindparam("this"),
    )
    .with_hint(deliveries, "INDEXED BY ix_deliveries_unsure_conversation", "sqlite")
)
_COUNTS = (
    select(_d.channel, func.count(), func.min(_d.unsure_since))
    .where(_d.unsure_since.isnot(None), _d.status == "dead")
    .group_by(_d.channel)
)


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A message in doubt that is to be looked into now.

    Attributes:
        id: its row.
        conversation_id: the conversation.
        channel: name of the channel.
        recipient: the customer's newest address.
        content: the rendered message.
        key: our own id of it, as it was sent.
        attempts: how often sending it was tried before.
        queued_at: since when it waits (UTC); it was not sent before.
        unsure_since: since when it is in doubt (UTC).
        error: why.
        known: ids at the provider of the customer's other messages.
        twins: how many other messages with the same content to this customer are in doubt.
    """

    id: int
    conversation_id: str
    channel: str
    recipient: str
    content: Mapping[str, Any]
    key: str
    attempts: int
    queued_at: datetime
    unsure_since: datetime
    error: str
    known: frozenset[str]
    twins: int


def due(
    conn: Connection, channels: Collection[str], now: datetime, lease: timedelta, limit: int
) -> tuple[Doubtful, ...]:
    """Takes doubtful deliveries to look into: nobody else does until the lease is over.

    A message that was being sent when its worker died is doubtful from now on; one of which the
    provider had told that it failed is not, and is decided on anew.

    Args:
        conn: a write transaction.
        channels: those that can be looked into; others wait until theirs is set up again.
        now: the present.
        lease: after it somebody else may look, should this process die meanwhile.
        limit: at most so many.
    """
    these = conn.execute(_DUE, {"now": now, "limit": limit}).scalars().all()
    found = []
    for row in conn.execute(_THESE, {"these": these}).all() if these else ():
        if row.late_error:
            late_failures.interrupted(conn, row.id, now)
            continue
        since, why = row.unsure_since or now, row.error
        if row.unsure_since is None:
            why = INTERRUPTED
        conn.execute(_LEASE, {"this": row.id, "until": now + lease, "since": since, "why": why})
        if row.channel not in channels:  # not set up any more: it is in nobody's way
            continue
        here = {"conversation": row.conversation_id, "this": row.id}
        others = conn.execute(_OTHERS, here).scalars()
        found.append(
            Doubtful(
                id=row.id,
                conversation_id=row.conversation_id,
                channel=row.channel,
                recipient=addresses.latest(conn, row.channel, row.address),
                content=row.content,
                key=key_of(row),
                attempts=row.attempts,
                queued_at=row.queued_at,
                unsure_since=since,
                error=why,
                known=frozenset(conn.execute(_KNOWN_IDS, here).scalars()),
                twins=sum(content == row.content for content in others),
            )
        )
    return tuple(found)


def look_again(conn: Connection, delivery_id: int, when: datetime, now: datetime) -> None:
    """Set when to look into a message again, as it is not clear yet."""
    if locked(conn, delivery_id).status == "sending":
        change(conn, delivery_id, now, next_attempt_at=when)


@dataclass(frozen=True, slots=True)
class UnclearCount:
    """How many messages of a channel stay in doubt, for a person to decide on.

    Attributes:
        count: how many.
        since: since when the oldest of them is (UTC).
    """

    count: int
    since: datetime


def unclear(conn: Connection) -> dict[str, UnclearCount]:
    """How many messages stay in doubt and wait for a person, by channel."""
    return {name: UnclearCount(count, since) for name, count, since in conn.execute(_COUNTS)}
