"""What customers sent, once each; the rows with status `new` are the queue for the workers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, or_, select, update

from bot.messages import Inbound
from bot.store import conversations
from bot.store.conversations import Conversation
from bot.store.statements import NO_ROW, backwards, insert_new, onwards
from bot.store.tables import conversations as conversations_table
from bot.store.tables import inbox

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Row


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a message that was handed in.

    Attributes:
        conversation_id: the conversation it belongs to.
        inbox_id: its row, the same for every delivery of this message.
        duplicate: whether an earlier delivery had already made that row.
    """

    conversation_id: str
    inbox_id: int
    duplicate: bool


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """A message of a customer, as kept.

    Attributes:
        id: its row; grows in order of arrival within a conversation.
        inbound: the message.
        received_at: when Loket took it in (UTC).
        attempts: how often a worker has begun to handle it.
        intent: what it was understood as, or None: not understood, or not handled yet.
    """

    id: int
    inbound: Inbound
    received_at: datetime
    attempts: int
    intent: str | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker claimed.

    Attributes:
        conversation: the conversation, as it stood at the claim.
        messages: its unhandled messages in order, at least one.
    """

    conversation: Conversation
    messages: tuple[InboxMessage, ...]


_i = inbox.c
_c = conversations_table.c


#: Messages; rows are read by `from_row`.
ALL = select(
    _i.id,
    _i.channel,
    # Row by row: a join could read all conversations.
    select(_c.address).where(_c.id == _i.conversation_id).scalar_subquery(),
    _i.message_id,
    _i.text,
    _i.payload,
    _i.sent_at,
    _i.attachment,
    _i.received_at,
    _i.attempts,
    _i.intent,
)
MESSAGES = ALL.where(_i.conversation_id == bindparam("conversation"))
#: A conversation's messages after an id; parameters `conversation`, `after` and `limit`.
ONWARDS = onwards(ALL, _i.conversation_id, _i.id)
#: A conversation's messages before an id, newest first; `conversation`, `before` and `limit`.
BACKWARDS = backwards(ALL, _i.conversation_id, _i.id)
_PENDING = MESSAGES.where(_i.done_at.is_(None))
_ANY_PENDING = (
    select(_i.id)
    .where(_i.conversation_id == bindparam("conversation"), _i.done_at.is_(None))
    .limit(1)
)
_NEWEST = backwards(select(_i.id), _i.conversation_id, _i.id)
_EARLIER = select(_i.conversation_id, _i.id).where(
    _i.channel == bindparam("channel"), _i.message_id == bindparam("message")
)
_ATTEMPT = update(inbox).where(_i.id == bindparam("this")).values(attempts=_i.attempts + 1)
_CLOSE = update(inbox).where(_i.id == bindparam("this"), _i.done_at.is_(None))
_LONGEST_WAITING = (
    select(*conversations.COLUMNS)
    .join(inbox)
    .where(
        _i.done_at.is_(None),
        or_(_c.claimed_until.is_(None), _c.claimed_until <= bindparam("now")),
    )
    .order_by(_i.id)
    .limit(1)
    .with_for_update(of=conversations_table, skip_locked=True, key_share=True)
    .with_hint(inbox, "INDEXED BY ix_inbox_queue", "sqlite")
)
_THIS_ONE = _LONGEST_WAITING.where(_c.id == bindparam("conversation"))
_CLAIMS_OF = update(conversations_table).where(_c.claimed_by == bindparam("worker"))
_CLAIM_OF = _CLAIMS_OF.where(_c.id == bindparam("conversation"))
_FREE = {"claimed_by": None, "claimed_until": None}


def from_row(row: Row) -> InboxMessage:
    """The message of a row of `MESSAGES`."""
    number, *inbound, received_at, attempts, intent = row
    return InboxMessage(number, Inbound(*inbound), received_at, attempts, intent)


def accept(conn: Connection, inbound: Inbound, now: datetime) -> Accepted:
    """Take in a message, once, however often and at how many places at once it is delivered.

    The conversation's row is locked first, so that within a conversation ids become visible in
    the order of their numbers: who has read up to an id has missed nothing before it.

    Args:
        conn: a write transaction; the message is safe when it has been committed.
        inbound: the message.
        now: when it was received.
    """
    conversation = conversations.open_(conn, inbound.channel, inbound.sender, now)
    number = insert_new(
        conn,
        inbox,
        {
            "conversation_id": conversation.id,
            "channel": inbound.channel,
            "message_id": inbound.message_id,
            "text": inbound.text,
            "payload": inbound.payload,
            "sent_at": inbound.sent_at,
            "attachment": inbound.attachment,
            "received_at": now,
            "status": "new",
            "attempts": 0,
        },
    )
    if number is None:
        where = {"channel": inbound.channel, "message": inbound.message_id}
        earlier = conn.execute(_EARLIER, where).one()
        return Accepted(earlier.conversation_id, earlier.id, duplicate=True)
    latest = max(now, conversation.last_inbound_at or now)
    conversations.change(conn, conversation.id, last_inbound_at=latest)
    return Accepted(conversation.id, int(number), duplicate=False)


def in_order(messages: Iterable[InboxMessage]) -> tuple[InboxMessage, ...]:
    """Messages in the order in which the customer sent them, as far as can be known.

    That is by the provider's times when every message has one, as some gateways deliver in
    parallel; messages of the same time, or without times, stay in order of arrival.
    """
    arrived = sorted(messages, key=lambda message: message.id)
    times = [message.inbound.sent_at for message in arrived]
    known = [moment for moment in times if moment is not None]
    if len(known) < len(times):
        return tuple(arrived)
    order = sorted(range(len(known)), key=known.__getitem__)
    return tuple(arrived[index] for index in order)


def newest(conn: Connection, conversation_id: str) -> int:
    """Id of the customer's newest message; 0 when there is none."""
    where = {"conversation": conversation_id, "before": NO_ROW, "limit": 1}
    found: int | None = conn.execute(_NEWEST, where).scalar()
    return found or 0


def pending(conn: Connection, conversation_id: str) -> tuple[InboxMessage, ...]:
    """The messages of a conversation that nobody has handled yet, in order."""
    rows = conn.execute(_PENDING, {"conversation": conversation_id})
    return in_order(from_row(row) for row in rows)


def begin_attempt(conn: Connection, inbox_id: int) -> None:
    """Count an attempt. Commit it before the attempt, so that a crash counts as one."""
    conn.execute(_ATTEMPT, {"this": inbox_id})


def done(conn: Connection, inbox_id: int, now: datetime, intent: str | None) -> None:
    """Mark a message as handled, with the intent it was understood as (None: not understood)."""
    conn.execute(_CLOSE, {"this": inbox_id, "status": "done", "done_at": now, "intent": intent})


def overwrite(conn: Connection, inbox_id: int, text: str) -> None:
    """Keep other words than the customer's: those in which a private number is masked."""
    conn.execute(inbox.update().where(inbox.c.id == inbox_id).values(text=text))


def claim(
    conn: Connection,
    worker: str,
    now: datetime,
    lease: timedelta,
    conversation_id: str | None = None,
) -> Work | None:
    """Take the conversation whose unhandled message waits longest and that nobody works on.

    Args:
        conn: a write transaction; commit it before working.
        worker: who claims; a name that a restarted worker gets again, at most 128 characters.
        now: the present.
        lease: how long the claim stands unless renewed; after it others may take over.
        conversation_id: take this conversation or none; any when left out.
    """
    query, where = _LONGEST_WAITING, dict[str, object](now=now)
    if conversation_id is not None:
        query, where = _THIS_ONE, {**where, "conversation": conversation_id}
    while (row := conn.execute(query, where).first()) is not None:
        conversation = conversations.from_row(row)
        messages = pending(conn, conversation.id)
        if not messages:  # another worker handled them while this one was looking
            continue
        conversations.change(conn, conversation.id, claimed_by=worker, claimed_until=now + lease)
        return Work(conversation, messages)
    return None


def release(conn: Connection, conversation_id: str, worker: str) -> bool:
    """Give a claim back, unless another worker has taken it over.

    Returns:
        Whether messages of this conversation wait. Their doorbell may have rung while they could
        not be claimed, so whoever releases looks for work once more.
    """
    conn.execute(_CLAIM_OF, {"worker": worker, "conversation": conversation_id, **_FREE})
    return conn.execute(_ANY_PENDING, {"conversation": conversation_id}).first() is not None


def renew(conn: Connection, worker: str, now: datetime, lease: timedelta) -> int:
    """Extend every claim this worker holds; returns how many."""
    return int(conn.execute(_CLAIMS_OF, {"worker": worker, "claimed_until": now + lease}).rowcount)


def release_all(conn: Connection, worker: str) -> int:
    """Free what this worker claimed in its former life; returns how many. Call it at start."""
    return int(conn.execute(_CLAIMS_OF, {"worker": worker, **_FREE}).rowcount)
