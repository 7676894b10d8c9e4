"""The dead letters: messages that did not arrive, or may not have, for a person to decide on.

`bot.store.delivery.dead_letter_decisions` does what a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import and_, bindparam, select

from bot.messages import Author, Outbound, decode
from bot.store.delivery.delivery_status import IS_GIVEN_UP, locked
from bot.store.sql.tables import IS_OPEN, deliveries, outbox

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Row

#: Error of a message of which a person said that it is not to be sent any more.
DISMISSED: Final = "dismissed"

_d, _o = deliveries.c, outbox.c


@dataclass(frozen=True, slots=True)
class DeadLetter:
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
        author: `bot`, `human` or `system`.
        unsure_since: since when nobody knows whether it was taken (UTC); None: that is known.
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
    author: Author
    unsure_since: datetime | None

    @property
    def unsure(self) -> bool:
        """Whether a person must decide, because it may have arrived."""
        return self.unsure_since is not None and self.status == "dead"


_ALL = (
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
        _o.author,
        _d.unsure_since,
    )
    .join(outbox)
    .order_by(_d.id)
)
# Two statements, each by an index of its own.
_LISTS = (
    _ALL.where(IS_GIVEN_UP, _d.error != DISMISSED),
    _ALL.where(IS_OPEN, _d.error != "")
    .order_by(None)
    .with_hint(deliveries, "INDEXED BY ix_deliveries_open", "sqlite"),
)
#: SQL condition of a message that may have arrived and waits for a person's decision.
IS_UNSURE = and_(_d.unsure_since.isnot(None), _d.status == "dead")
_UNSURE = _ALL.where(IS_UNSURE).limit(bindparam("limit"))


def failed_deliveries(conn: Connection) -> tuple[DeadLetter, ...]:
    """All dead letters, and messages still being tried after a failure, oldest first."""
    found = [_from_row(row) for query in _LISTS for row in conn.execute(query)]
    return tuple(sorted(found, key=lambda each: each.id))


def unsure(conn: Connection, limit: int) -> tuple[DeadLetter, ...]:
    """The messages that may have arrived and wait for a person's decision, oldest first."""
    return tuple(_from_row(row) for row in conn.execute(_UNSURE, {"limit": limit}))


def _from_row(row: Row) -> DeadLetter:
    return DeadLetter(
        id=row.id,
        conversation_id=row.conversation_id,
        channel=row.channel,
        status=row.status,
        error=row.error,
        attempts=row.attempts,
        part=row.part,
        queued_at=row.queued_at,
        message=cast(Outbound, decode(row.content)),
        author=row.author,
        unsure_since=row.unsure_since,
    )


def is_unsure(conn: Connection, delivery_id: int) -> bool:
    """Whether a message is in doubt and waits for a person; it is locked then."""
    known = conn.execute(select(_d.id).where(IS_UNSURE, _d.id == delivery_id)).first()
    return known is not None and locked(conn, delivery_id).status == "dead"
