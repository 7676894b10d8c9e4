"""Conversations that agents joined, as they are of one customer: who said so, when and why.

A link hangs one conversation on another, its lead; a lead never hangs on a third. Nothing else is
written: a link that is ended leaves both as they were. Rows are kept, as a record of who joined
and split what.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import agents, conversations, customer_links

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_l = customer_links.c
_STANDS = _l.ended_at.is_(None)
_LEAD = select(_l.lead_id).where(_l.conversation_id == bindparam("this"), _STANDS)
_MEMBERS = (
    select(_l.conversation_id).where(_l.lead_id == bindparam("lead"), _STANDS).order_by(_l.id)
)
_LINKS = (
    select(_l.id, _l.conversation_id, _l.lead_id, _l.proved, _l.stated, agents.c.name, _l.joined_at)
    .select_from(customer_links.outerjoin(agents, agents.c.id == _l.joined_by))
    .where(_l.lead_id == bindparam("lead"), _STANDS)
    .order_by(_l.id)
)
# Two statements: with an "or" PostgreSQL reads all links for a few. Nor does the second one ask for
# links that stand: it would read all of those by the index of the first.
_OF_THESE = select(_l.conversation_id, _l.lead_id).where(
    _l.conversation_id.in_(bindparam("ids", expanding=True)), _STANDS
)
_TO_THESE = select(_l.conversation_id, _l.lead_id, _l.ended_at).where(
    _l.lead_id.in_(bindparam("ids", expanding=True))
)
# FOR NO KEY UPDATE waits for other writers, not for rows that merely refer to this one.
_LOCK = (
    select(conversations.c.id)
    .where(conversations.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(conversations.c.id)
    .with_for_update(key_share=True)
)


@dataclass(frozen=True, slots=True)
class CustomerLink:
    """One conversation that was joined to another.

    Attributes:
        id: its row; grows with time.
        conversation_id: the conversation.
        lead_id: the one that it was joined to.
        proved: numbers that the customer proved in both, or empty.
        stated: how the agent knows, in the agent's words; empty where the numbers say it.
        by: name of the agent who joined them; empty for an account that is gone.
        at: when (UTC).
    """

    id: int
    conversation_id: str
    lead_id: str
    proved: str
    stated: str
    by: str
    at: datetime


def lead(conn: Connection, conversation_id: str) -> str:
    """The conversation that this one hangs on; itself where it hangs on none."""
    found: str | None = conn.execute(_LEAD, {"this": conversation_id}).scalar()
    return found or conversation_id


def group(conn: Connection, conversation_id: str) -> tuple[str, ...]:
    """All conversations of the customer, the lead first; this one alone where nothing is joined."""
    first = lead(conn, conversation_id)
    return (first, *conn.execute(_MEMBERS, {"lead": first}).scalars())


def members(conn: Connection, leads: Collection[str]) -> Mapping[str, str]:
    """All conversations of several customers, leads included: the lead of each, by id."""
    rows = conn.execute(_TO_THESE, {"ids": list(leads)})
    joined = {row.conversation_id: row.lead_id for row in rows if not row.ended_at}
    return {each: each for each in leads} | joined


def links(conn: Connection, conversation_id: str) -> tuple[CustomerLink, ...]:
    """What was joined to this conversation or along with it, and stands; oldest first."""
    rows = conn.execute(_LINKS, {"lead": lead(conn, conversation_id)})
    return tuple(
        CustomerLink(number, this, to, proved, stated, by or "", at)
        for number, this, to, proved, stated, by, at in rows
    )


def joined(conn: Connection, conversation_ids: Collection[str]) -> Mapping[str, str]:
    """Of these conversations those that are joined to any: their lead, by id."""
    if not conversation_ids:
        return {}
    these = {"ids": list(conversation_ids)}
    leads = {row.lead_id: row.lead_id for row in conn.execute(_TO_THESE, these) if not row.ended_at}
    return leads | {row.conversation_id: row.lead_id for row in conn.execute(_OF_THESE, these)}


def lock(conn: Connection, conversation_ids: Collection[str]) -> None:
    """Lock conversations, and all that are joined to them, until the transaction ends.

    In order of their ids, as whoever locks several does: of two who act on one customer from two
    conversations neither waits for the other in a circle. So call it before any of them is locked.
    Those that do not exist are left out.
    """
    if not conversation_ids:
        return
    leads = joined(conn, conversation_ids)
    everyone = members(conn, {leads.get(each, each) for each in conversation_ids})
    conn.execute(_LOCK, {"ids": list(everyone)})


def add(
    conn: Connection,
    conversation_id: str,
    lead_id: str,
    proved: str,
    stated: str,
    by: int,
    now: datetime,
) -> bool:
    """Join a conversation to another; False when it hangs on one already.

    Args:
        conn: a write transaction that has locked both.
        conversation_id: the conversation; nothing hangs on it.
        lead_id: the one that it is joined to, which hangs on none.
        proved: numbers that the customer proved in both, or empty.
        stated: how the agent knows; may be empty where numbers say it.
        by: id of the agent who says so.
        now: the present.
    """
    values = {
        "conversation_id": conversation_id,
        "lead_id": lead_id,
        "proved": proved,
        "stated": stated,
        "joined_by": by,
        "joined_at": now,
    }
    return insert_new(conn, customer_links, values) is not None


def end(conn: Connection, link_id: int, by: int, now: datetime) -> bool:
    """Split what a link joined; False when that was done already."""
    mine = (_l.id == link_id, _STANDS)
    result = conn.execute(update(customer_links).where(*mine).values(ended_by=by, ended_at=now))
    return bool(result.rowcount)
