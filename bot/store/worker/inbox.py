"""The inbox: customers' messages, once each; rows with status `new` are the workers' queue."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, select, update

from bot.dutch import private_numbers
from bot.messages import Inbound
from bot.records.inbox_message import AcceptedMessage, InboxMessage, in_order
from bot.store.conversation import attachments, conversations
from bot.store.identity import private_number_filter
from bot.store.sql.dialect_statements import NO_ROW, backwards, insert_new, onwards
from bot.store.sql.tables import conversations as conversations_table
from bot.store.sql.tables import inbox
from bot.store.worker import holding

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Row


_i = inbox.c
_c = conversations_table.c

#: Most messages that are looked at for when a customer began to wait.
_MANY: Final = 50
#: Query for messages; `from_row` reads its rows.
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
    _i.intent,
)
MESSAGES = ALL.where(_i.conversation_id == bindparam("conversation"))
#: A conversation's messages after an id; parameters `conversation`, `after` and `limit`.
ONWARDS = onwards(ALL, _i.conversation_id, _i.id)
#: A conversation's messages before an id, newest first; `conversation`, `before` and `limit`.
BACKWARDS = backwards(ALL, _i.conversation_id, _i.id)
_PENDING = MESSAGES.where(_i.done_at.is_(None))
_NEWEST = backwards(select(_i.id), _i.conversation_id, _i.id)
_TIMES = backwards(select(_i.received_at), _i.conversation_id, _i.id)
_EARLIER = select(_i.conversation_id, _i.id).where(
    _i.channel == bindparam("channel"), _i.message_id == bindparam("message")
)
_TEXT = select(_i.text).where(_i.id == bindparam("this"))
_CLOSE = update(inbox).where(_i.id == bindparam("this"), _i.done_at.is_(None))


def from_row(row: Row) -> InboxMessage:
    """The message of a row of `MESSAGES`."""
    number, *inbound, received_at, intent = row
    return InboxMessage(number, Inbound(*inbound), received_at, intent)


def accept(
    conn: Connection, inbound: Inbound, now: datetime, pause: timedelta | None = None
) -> AcceptedMessage:
    """Take in a message, once, however often and at how many places at once it is delivered.

    Private numbers (BSN, bank account, card) are masked before anything is written, unless a
    person at the desk asked for one.

    The conversation's row is locked first, so that within a conversation ids become visible in
    the order of their numbers: a reader that has read up to an id has missed nothing before it.

    Args:
        conn: a write transaction; the message is safe when it has been committed.
        inbound: the message.
        now: when it was received.
        pause: how long it waits for another message that belongs to it; zero: it is due at once,
            with what waits already; None: nothing is held on its channel.

    Raises:
        Wiped: the customer wiped the conversation.
    """
    conversation = conversations.open_(conn, inbound.channel, inbound.sender, now)
    if conversation.wiped_at is not None:
        raise conversations.Wiped
    number = insert_new(
        conn,
        inbox,
        {
            "conversation_id": conversation.id,
            "channel": inbound.channel,
            "message_id": inbound.message_id,
            "text": private_numbers.mask(inbound.text),
            "payload": inbound.payload,
            "sent_at": inbound.sent_at,
            "attachment": inbound.attachment,
            "received_at": now,
            "status": "new",
        },
    )
    if number is None:
        where = {"channel": inbound.channel, "message": inbound.message_id}
        earlier = conn.execute(_EARLIER, where).one()
        return AcceptedMessage(earlier.conversation_id, earlier.id, duplicate=True)
    if inbound.files:
        came = (conversation.id, int(number), inbound.channel, inbound.files, now)
        attachments.came(conn, *came)
    private_number_filter.settle(conn, conversation, int(number), inbound.text, now)
    latest = max(now, conversation.last_inbound_at or now)
    columns: dict[str, object] = {"last_inbound_at": latest}
    if pause is not None and conversation.owner in ("bot", "closed"):
        columns["ready_at"] = holding.ready_at(conn, conversation.id, now, pause)
    conversations.change(conn, conversation.id, **columns)
    return AcceptedMessage(conversation.id, int(number), duplicate=False)


def newest(conn: Connection, conversation_id: str) -> int:
    """Id of a conversation's newest message from the customer; 0 when there is none."""
    where = {"conversation": conversation_id, "before": NO_ROW, "limit": 1}
    found: int | None = conn.execute(_NEWEST, where).scalar()
    return found or 0


def first_after(conn: Connection, conversation_id: str, moment: datetime) -> datetime | None:
    """When the customer first wrote after a moment (UTC), or None; of very much, the newest count.

    Args:
        conn: a transaction.
        conversation_id: the conversation.
        moment: since then.
    """
    where = {"conversation": conversation_id, "before": NO_ROW, "limit": _MANY}
    times = [at for at in conn.execute(_TIMES, where).scalars() if at > moment]
    return min(times, default=None)


def before(conn: Connection, conversation_id: str, inbox_id: int) -> InboxMessage | None:
    """The message that came in before another one of its conversation, or None."""
    where = {"conversation": conversation_id, "before": inbox_id, "limit": 1}
    row = conn.execute(BACKWARDS, where).first()
    return None if row is None else from_row(row)


def pending(conn: Connection, conversation_id: str) -> tuple[InboxMessage, ...]:
    """The messages of a conversation that nobody has handled yet, in order."""
    rows = conn.execute(_PENDING, {"conversation": conversation_id})
    return in_order(from_row(row) for row in rows)


def text_of(conn: Connection, inbox_id: int) -> str:
    """What a message says; empty when it is not, or no longer, there."""
    return str(conn.execute(_TEXT, {"this": inbox_id}).scalar() or "")


def done(conn: Connection, inbox_id: int, now: datetime, intent: str | None) -> None:
    """Mark a message as handled, with the intent it was understood as (None: not understood)."""
    conn.execute(_CLOSE, {"this": inbox_id, "status": "done", "done_at": now, "intent": intent})
