"""The outbox: messages to customers, with their authors, in the order in which they are seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import bindparam, exists, func, insert, or_, select, update

from bot.errors import LoketError
from bot.messages import (
    Author,
    Notice,
    Option,
    Outbound,
    Text,
    decode,
    encode,
    kind,
    options_of,
)
from bot.records.conversation import Conversation
from bot.records.outbox_message import (
    TERMINAL,
    OutboxMessage,
    is_disclosure,
    speaks_undisclosed,
)
from bot.store import conversations, disclosures
from bot.store.dialect_statements import NO_ROW, backwards, newest, onwards
from bot.store.tables import inbox, outbox

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Row


class AlreadyAnswered(LoketError):
    """This message has its replies: another worker was first. Roll back and drop this turn."""


class Undisclosed(LoketError):
    """The bot was about to speak to a customer who was not told that it is an AI. Tell first."""


_o = outbox.c
#: Most messages that a customer looks at: more than any screen shows, and than any turn says.
_SEEN: Final = 100
#: Stands for a message that this version cannot show at all.
_UNKNOWN = "[bericht]"
#: Query for messages; `from_row` reads its rows.
ALL = select(
    _o.id,
    _o.conversation_id,
    _o.inbox_id,
    _o.author,
    _o.content,
    _o.created_at,
    _o.status,
    _o.agent_id,
)
#: A conversation's messages; takes the parameter `conversation`.
MESSAGES = ALL.where(_o.conversation_id == bindparam("conversation"))
#: A conversation's messages after an id; parameters `conversation`, `after` and `limit`.
ONWARDS = onwards(ALL, _o.conversation_id, _o.id)
#: A conversation's messages before an id, newest first; `conversation`, `before` and `limit`.
BACKWARDS = backwards(ALL, _o.conversation_id, _o.id)
_FROM = newest(ALL, _o.conversation_id, _o.id)
_ADD = insert(outbox)
_SAID_BY_PEOPLE = BACKWARDS.where(_o.author != "bot")
_BY_CLIENT = MESSAGES.where(_o.client_id == bindparam("client"))
_THIS_ONE = MESSAGES.where(_o.id == bindparam("this"))
# Not the least id of the replies: to find that, a planner may read all messages in order of ids.
_FIRST_REPLY = select(_o.id).where(_o.inbox_id == bindparam("answered"), _o.position == 0)
# A photo that got no answer of its own, as one of an album, takes nothing off the table.
_COUNTS = or_(
    inbox.c.attachment.is_(None),
    inbox.c.text != "",
    exists().where(_o.inbox_id == inbox.c.id),
)
_HANDLED_LAST = (
    select(inbox.c.id, inbox.c.done_at)
    .where(
        inbox.c.conversation_id == bindparam("conversation"),
        inbox.c.done_at.isnot(None),
        _COUNTS,
    )
    .order_by(inbox.c.done_at.desc(), inbox.c.id.desc())
    .limit(1)
)


def from_row(row: Row) -> OutboxMessage:
    """The message of a row of `MESSAGES`.

    A message of a newer version of Loket that this one does not know is read as its text: one such
    row must not silence its conversation.
    """
    number, conversation_id, inbox_id, author, content, created_at, status, agent_id = row
    try:
        message = cast(Outbound, decode(content))
    except ValueError:
        message = Text(str(content.get("text") or _UNKNOWN))
    return OutboxMessage(
        number, conversation_id, inbox_id, author, message, created_at, status, agent_id
    )


def add(
    conn: Connection,
    conversation_id: str,
    inbox_id: int | None,
    said: Sequence[tuple[Author, Outbound]],
    now: datetime,
    *,
    agent_id: int | None = None,
    client_id: str | None = None,
) -> tuple[OutboxMessage, ...]:
    """Say something to a customer. Add all replies of a turn in one call.

    The conversation's row is locked first, so that its ids become visible in their order. The
    messages then wait for their deliveries to be planned (`bot.store.delivery_planning`), or for a
    browser that fetches them. Each disclosure among the messages goes on record.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        inbox_id: the message that is answered, or None.
        said: author and message, in order.
        now: when it is said.
        agent_id: the agent who says it; kept with the messages whose author is `human`.
        client_id: the browser's own id of the first message, at most 64 characters: look for it
            with `by_client_id` before, while the conversation is locked.

    Raises:
        AlreadyAnswered: the inbox message has replies already.
        Undisclosed: a bot's message comes in a session without a disclosure before it.
        LookupError: there is no such conversation.
    """
    if not said:
        return ()
    conversation = conversations.get(conn, conversation_id, lock=True)
    kept = put(conn, conversation, inbox_id, said, now, agent_id=agent_id, client_id=client_id)
    conversations.change(conn, conversation_id, last_outbound_at=latest(conversation, now))
    return kept


def latest(conversation: Conversation, now: datetime) -> datetime:
    """When something was last said to a customer, once something is said now."""
    return max(now, conversation.last_outbound_at or now)


def put(
    conn: Connection,
    conversation: Conversation,
    inbox_id: int | None,
    said: Sequence[tuple[Author, Outbound]],
    now: datetime,
    *,
    agent_id: int | None = None,
    client_id: str | None = None,
) -> tuple[OutboxMessage, ...]:
    """As `add`, for a caller that has locked the conversation and saves it afterwards.

    It then saves `latest` as the conversation's `last_outbound_at`, unless nothing was said.
    """
    if not conversation.disclosed and speaks_undisclosed(said):
        raise Undisclosed(
            f"Conversation {conversation.id} has not been told that it talks to an AI. Put a"
            " disclosure notice before the bot's first message of a session."
        )
    if inbox_id is not None and _first_reply(conn, inbox_id) is not None:
        raise AlreadyAnswered(f"Message {inbox_id} has been answered by another worker.")
    kept = tuple(
        _insert(
            conn,
            conversation.id,
            inbox_id,
            position,
            author,
            message,
            now,
            agent_id if author == "human" else None,
            client_id if position == 0 else None,
            "" if conversation.address.startswith(TERMINAL) else conversation.channel,
        )
        for position, (author, message) in enumerate(said)
    )
    for each in kept:
        if is_disclosure(each.message):
            assert isinstance(each.message, Notice)
            version, text = each.message.version, each.message.text
            where = (conversation.id, conversation.channel)
            disclosures.record(conn, *where, version, text, each.id, now)
    return kept


def _first_reply(conn: Connection, inbox_id: int) -> int | None:
    first: int | None = conn.execute(_FIRST_REPLY, {"answered": inbox_id}).scalar()
    return first


def _insert(
    conn: Connection,
    conversation_id: str,
    inbox_id: int | None,
    position: int,
    author: Author,
    message: Outbound,
    now: datetime,
    agent_id: int | None,
    client_id: str | None,
    to_plan: str,
) -> OutboxMessage:
    result = conn.execute(
        _ADD,
        {
            "conversation_id": conversation_id,
            "inbox_id": inbox_id,
            "position": position,
            "author": author,
            "kind": kind(message),
            "content": encode(message),
            "created_at": now,
            "status": "queued",
            "agent_id": agent_id,
            "client_id": client_id,
            "to_plan": to_plan,
        },
    )
    number: int = result.inserted_primary_key[0]
    return OutboxMessage(
        number, conversation_id, inbox_id, author, message, now, "queued", agent_id
    )


def by_client_id(conn: Connection, conversation_id: str, client_id: str) -> OutboxMessage | None:
    """The message that a browser sent under this id of its own, or None."""
    where = {"conversation": conversation_id, "client": client_id}
    row = conn.execute(_BY_CLIENT, where).first()
    return None if row is None else from_row(row)


def since(
    conn: Connection, conversation_id: str, after_id: int, limit: int
) -> tuple[OutboxMessage, ...]:
    """A conversation's messages after an id, oldest first, at most `limit`."""
    where = {"conversation": conversation_id, "after": after_id, "limit": limit}
    return tuple(from_row(row) for row in conn.execute(ONWARDS, where))


def last_turn(conn: Connection, conversation_id: str) -> tuple[OutboxMessage, ...]:
    """The messages a customer looks at now: the latest replies, and what was said after them.

    Of very much that was said after them, the newest. "Latest" goes by the message that was handled
    last (answered or given up). When it got no reply, as when a person owns the conversation, what
    was said since it was handled counts.
    """
    handled = conn.execute(_HANDLED_LAST, {"conversation": conversation_id}).first()
    first = None if handled is None else _first_reply(conn, handled.id)
    if handled is not None and first is None:
        return said_since(conn, conversation_id, handled.done_at, _SEEN)
    where = {"conversation": conversation_id, "first": first or 0, "limit": _SEEN}
    return tuple(from_row(row) for row in conn.execute(_FROM, where))[::-1]


def said_since(
    conn: Connection, conversation_id: str, since: datetime, limit: int
) -> tuple[OutboxMessage, ...]:
    """The messages to a customer from a moment on, oldest first; of more, the newest `limit`."""
    where = {"conversation": conversation_id, "before": NO_ROW, "limit": limit}
    said = (row for row in conn.execute(BACKWARDS, where) if row.created_at >= since)
    return tuple(map(from_row, said))[::-1]


def people_spoke(conn: Connection, conversation_id: str, since: datetime) -> bool:
    """Whether anybody but the bot said something to a customer since a moment."""
    where = {"conversation": conversation_id, "before": NO_ROW, "limit": 1}
    last = conn.execute(_SAID_BY_PEOPLE, where).first()
    return last is not None and last.created_at >= since


def option(conn: Connection, conversation_id: str, outbox_id: int, index: int) -> Option | None:
    """The option that a button of this conversation's message stands for; None: there is none."""
    where = {"conversation": conversation_id, "this": outbox_id}
    row = conn.execute(_THIS_ONE, where).first()
    options = options_of(from_row(row).message) if row else ()
    return options[index] if 0 <= index < len(options) else None


def mark_sent(conn: Connection, ids: Iterable[int], now: datetime) -> None:
    """Note that a browser took these messages; those already noted keep their time."""
    shown = tuple(ids)
    conn.execute(
        update(outbox)
        .where(_o.id.in_(shown), _o.status == "queued")
        .values(status="sent", sent_at=now, to_plan="")
    )
    disclosures.shown(conn, shown, now)


def acknowledge(conn: Connection, conversation_id: str, last: int, now: datetime) -> None:
    """Note that the customer's browser has everything up to a message.

    Only what the law asks for is followed that far: a disclosure becomes `delivered`.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        last: the newest message (row) that the browser says it has.
        now: the present.
    """
    arrived = disclosures.acknowledged(conn, conversation_id, last, now)
    conn.execute(
        update(outbox)
        .where(_o.id.in_(arrived))
        .values(status="delivered", sent_at=func.coalesce(_o.sent_at, now))
    )
