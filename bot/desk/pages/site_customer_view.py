"""What an agent sees of a customer whom the website has logged in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.store.identity import site_customers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class SiteCustomerView:
    """A customer as the website last said.

    Attributes:
        id: the website's own name for the customer.
        name: may be empty.
        email: may be empty.
        proved: numbers that the website knows to be this customer's.
    """

    id: str
    name: str
    email: str
    proved: tuple[str, ...]


def view(conn: Connection, conversation_id: str) -> SiteCustomerView | None:
    """The customer of a conversation, or None: the website said nothing."""
    told = site_customers.of(conn, conversation_id)
    if told is None:
        return None
    who = told.customer
    return SiteCustomerView(who.id, who.name, who.email, who.numbers)
