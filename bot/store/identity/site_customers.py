"""What the website vouches for about the customer of a conversation, as it last said."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, select, update

from bot.records.site_customer import SiteCustomer
from bot.store.sql.dialect_statements import insert_new
from bot.store.sql.tables import site_customers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: How long what a website proved holds without it being said again: as long as the session that a
#: channel gives for it.
PROOF_LASTS: Final = timedelta(hours=12)

_s = site_customers.c
_THIS = _s.conversation_id == bindparam("conversation")
_OF = select(_s.customer, _s.name, _s.email, _s.proved, _s.told_at).where(_THIS)
# What an older page says changes nothing any more.
_MOVE = update(site_customers).where(_THIS, _s.told_at < bindparam("told"))
_NAMES = select(_s.conversation_id, _s.name).where(
    _s.conversation_id.in_(bindparam("ids", expanding=True)), _s.name != ""
)


@dataclass(frozen=True, slots=True)
class Told:
    """A customer as the website last said.

    Attributes:
        customer: what it vouches for.
        at: when it said so (UTC).
    """

    customer: SiteCustomer
    at: datetime


def told(conn: Connection, conversation_id: str, customer: SiteCustomer, at: datetime) -> bool:
    """Keeps what a website said of a conversation's customer, unless it said something later.

    Args:
        conn: a write transaction.
        conversation_id: the conversation.
        customer: what it vouches for.
        at: when it said so (aware).

    Returns:
        Whether it is news.
    """
    values = {
        "customer": customer.id,
        "name": customer.name,
        "email": customer.email,
        "proved": {slot: list(each) for slot, each in customer.proved.items()},
        "told_at": at,
    }
    if insert_new(conn, site_customers, {"conversation_id": conversation_id, **values}):
        return True
    changed = conn.execute(_MOVE, {"conversation": conversation_id, "told": at, **values})
    return bool(changed.rowcount)


def of(conn: Connection, conversation_id: str) -> Told | None:
    """The customer of a conversation as the website last said, or None: it said nothing."""
    row = conn.execute(_OF, {"conversation": conversation_id}).first()
    if row is None:
        return None
    proved = {slot: tuple(each) for slot, each in row.proved.items()}
    return Told(SiteCustomer(row.customer, row.name, row.email, proved), row.told_at)


def proved(conn: Connection, conversation_id: str, slot: str, now: datetime) -> tuple[str, ...]:
    """The claims that the website proved for the customer of a conversation, the one meant last.

    Args:
        conn: a transaction.
        conversation_id: the conversation.
        slot: where a proof of identity keeps such a claim.
        now: the present (aware); what was said too long ago proves nothing.
    """
    found = of(conn, conversation_id)
    if found is None or found.at <= now - PROOF_LASTS:
        return ()
    return found.customer.proved.get(slot, ())


def names(conn: Connection, conversation_ids: Collection[str]) -> Mapping[str, str]:
    """The names of those customers whose website said them, by conversation."""
    rows = conn.execute(_NAMES, {"ids": list(conversation_ids)}) if conversation_ids else ()
    return {row.conversation_id: row.name for row in rows}
