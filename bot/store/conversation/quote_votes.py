"""Whether quoted passages helped: one vote for each quote, which may be changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import outbox, quote_votes

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class QuoteVote:
    """What a customer said of a quote.

    Attributes:
        title: of the page that was quoted, as it was then.
        url: its address, with a text fragment or without; absolute or a path on the same site.
        helpful: whether it helped.
    """

    title: str
    url: str
    helpful: bool


@dataclass(frozen=True, slots=True)
class GivenVote:
    """A vote, with when it was given.

    Attributes:
        conversation_id: the conversation in which was quoted.
        at: when (UTC).
        helpful: whether the quote helped.
    """

    conversation_id: str
    at: datetime
    helpful: bool


_o, _v = outbox.c, quote_votes.c
_QUOTE = select(_o.id).where(
    _o.id == bindparam("this"),
    _o.conversation_id == bindparam("conversation"),
    _o.kind == "quote",
)


def give(
    conn: Connection, conversation_id: str, outbox_id: int, now: datetime, *, helpful: bool
) -> bool:
    """Keep what the customer of a conversation says of a quote in it; the last word counts.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        outbox_id: the message with the quote.
        now: the present.
        helpful: whether it helped.

    Returns:
        Whether it is kept: False when this conversation has no such quote.
    """
    where = {"this": outbox_id, "conversation": conversation_id}
    if conn.execute(_QUOTE, where).first() is None:
        return False
    values = {"helpful": helpful, "at": now}
    if insert_new(conn, quote_votes, {"outbox_id": outbox_id, **values}) is None:
        # The same word again, as of a browser that heard no answer, is no later one.
        changed = (_v.outbox_id == outbox_id, _v.helpful != helpful)
        conn.execute(update(quote_votes).where(*changed).values(**values))
    return True


def between(
    conn: Connection, since: datetime, until: datetime, limit: int
) -> tuple[QuoteVote, ...]:
    """What customers said from one moment to before another, the latest first.

    Args:
        conn: a transaction.
        since: from then on.
        until: before then.
        limit: at most so many.
    """
    columns = (_o.content["title"].as_string(), _o.content["url"].as_string(), _v.helpful)
    query = (
        select(*columns)
        .select_from(quote_votes.join(outbox))
        .where(_v.at >= since, _v.at < until)
        .order_by(_v.at.desc(), _v.outbox_id.desc())
        .limit(limit)
    )
    return tuple(QuoteVote(*row) for row in conn.execute(query))


def given_in(
    conn: Connection, conversation_ids: Collection[str], since: datetime, until: datetime
) -> tuple[GivenVote, ...]:
    """The votes of some conversations, from one moment to another; both belong to it.

    Args:
        conn: a transaction.
        conversation_ids: the conversations; as many as a statement has room for.
        since: from then on.
        until: until then.
    """
    query = (
        select(_o.conversation_id, _v.at, _v.helpful)
        .select_from(quote_votes.join(outbox))
        .where(_o.conversation_id.in_(conversation_ids), _v.at >= since, _v.at <= until)
    )
    return tuple(GivenVote(*row) for row in conn.execute(query))
