"""Reads the outbox: what a customer was told, and what stands on the screen now."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import bindparam, exists, or_, select

from bot.catalogue import say
from bot.messages import Option, Outbound, Text, decode, options_of
from bot.records.outbox_message import OutboxMessage
from bot.store.sql.dialect_statements import NO_ROW, backwards, newest, onwards
from bot.store.sql.tables import inbox, outbox

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Row

_o = outbox.c
#: Most messages that a customer looks at: more than any screen shows, and than any turn says.
_SEEN: Final = 100
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
        message = Text(str(content.get("text") or say("channel.unreadable")))
    return OutboxMessage(
        number, conversation_id, inbox_id, author, message, created_at, status, agent_id
    )


def first_reply(conn: Connection, inbox_id: int) -> int | None:
    """The id of the first reply to a message of the inbox, or None."""
    first: int | None = conn.execute(_FIRST_REPLY, {"answered": inbox_id}).scalar()
    return first


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
    first = None if handled is None else first_reply(conn, handled.id)
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
