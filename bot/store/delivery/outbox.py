"""The outbox: messages to customers, with their authors, in the order in which they are seen.

`bot.store.delivery.outbox_queries` reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, insert, update

from bot.errors import LoketError
from bot.messages import Author, Outbound, encode, kind
from bot.records.conversation import Conversation
from bot.records.outbox_message import (
    TERMINAL,
    OutboxMessage,
    is_disclosure,
    speaks_undisclosed,
)
from bot.store.conversation import conversations, disclosures
from bot.store.delivery import outbox_queries
from bot.store.sql.tables import outbox

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class AlreadyAnswered(LoketError):
    """This message has its replies: another worker was first. Roll back and drop this turn."""


class Undisclosed(LoketError):
    """The bot was about to speak to a customer who was not told that it is an AI. Tell first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _NewMessage:
    """A row to be written.

    Attributes:
        conversation_id: the conversation.
        inbox_id: the message that is answered, or None.
        position: its place among the messages that are said together, from 0.
        author: who says it.
        message: what is said.
        created_at: when.
        agent_id: the agent who says it, or None.
        client_id: the browser's own id of it, or None.
        to_plan: the channel for which deliveries are to be planned; empty: none.
    """

    conversation_id: str
    inbox_id: int | None
    position: int
    author: Author
    message: Outbound
    created_at: datetime
    agent_id: int | None
    client_id: str | None
    to_plan: str


#: Most messages that are noted as seen at once: as many as a browser is given when it opens.
_ACKNOWLEDGED_AT_ONCE: Final = 200
_o = outbox.c
_ADD = insert(outbox)


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
    messages then wait for their deliveries to be planned (`delivery_planning`), or for a browser
    that fetches them. Each disclosure among the messages goes on record.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        inbox_id: the message that is answered, or None.
        said: author and message, in order.
        now: when it is said.
        agent_id: the agent who says it; kept with the messages whose author is `human`.
        client_id: the browser's own id of the first message, at most 64 characters: look for it
            with `outbox_queries.by_client_id` before, while the conversation is locked.

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
    if inbox_id is not None and outbox_queries.first_reply(conn, inbox_id) is not None:
        raise AlreadyAnswered(f"Message {inbox_id} has been answered by another worker.")
    to_plan = "" if conversation.address.startswith(TERMINAL) else conversation.channel
    kept = tuple(
        _insert(
            conn,
            _NewMessage(
                conversation_id=conversation.id,
                inbox_id=inbox_id,
                position=position,
                author=author,
                message=message,
                created_at=now,
                agent_id=agent_id if author == "human" else None,
                client_id=client_id if position == 0 else None,
                to_plan=to_plan,
            ),
        )
        for position, (author, message) in enumerate(said)
    )
    for each in kept:
        if is_disclosure(each.message):
            disclosures.record(conn, conversation.channel, each, now)
    return kept


def _insert(conn: Connection, new: _NewMessage) -> OutboxMessage:
    result = conn.execute(
        _ADD,
        {
            "conversation_id": new.conversation_id,
            "inbox_id": new.inbox_id,
            "position": new.position,
            "author": new.author,
            "kind": kind(new.message),
            "content": encode(new.message),
            "created_at": new.created_at,
            "status": "queued",
            "agent_id": new.agent_id,
            "client_id": new.client_id,
            "to_plan": new.to_plan,
        },
    )
    number: int = result.inserted_primary_key[0]
    return OutboxMessage(
        number,
        new.conversation_id,
        new.inbox_id,
        new.author,
        new.message,
        new.created_at,
        "queued",
        new.agent_id,
    )


def mark_sent(conn: Connection, ids: Iterable[int], now: datetime) -> None:
    """Note that a browser took these messages; those already noted keep their time."""
    shown = tuple(ids)
    conn.execute(
        update(outbox)
        .where(_o.id.in_(shown), _o.status == "queued")
        .values(status="sent", sent_at=now, to_plan="")
    )
    disclosures.shown(conn, shown, now)


def acknowledge(conn: Connection, conversation_id: str, last: int, now: datetime) -> bool:
    """Note that the customer had everything up to a message in sight: it becomes `delivered`.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        last: the newest message (row) that was in sight.
        now: the present.

    Returns:
        Whether that was news.
    """
    where = {"conversation": conversation_id, "before": last + 1, "limit": _ACKNOWLEDGED_AT_ONCE}
    rows = [outbox_queries.from_row(row) for row in conn.execute(outbox_queries.BACKWARDS, where)]
    news = [each.id for each in takewhile(lambda each: each.status in ("queued", "sent"), rows)]
    disclosures.acknowledged(conn, conversation_id, last, now)
    if news:
        conn.execute(
            update(outbox)
            .where(_o.id.in_(news), _o.status.in_(("queued", "sent")))
            .values(status="delivered", sent_at=func.coalesce(_o.sent_at, now), to_plan="")
        )
    return bool(news)
