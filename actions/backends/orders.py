"""Orders, and the check that a customer may see one."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from actions.backends.tables import customers, order_lines, orders

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


#: The postcode of an order that does not exist: as long as any, and nobody's.
_NOWHERE = "0000 --"


@dataclass(frozen=True, slots=True)
class Article:
    """One article of an order.

    Attributes:
        line: its place in the order, from 1.
        name: in Dutch.
        price_cents: in euro cents, VAT included.
    """

    line: int
    name: str
    price_cents: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order: what a customer bought.

    Attributes:
        number: like `PP-100234`.
        customer_id: the customer who placed it.
        placed_on: the day it was ordered.
        articles: at least one.
    """

    number: str
    customer_id: int
    placed_on: date
    articles: tuple[Article, ...]


def belongs(conn: Connection, number: str, postcode: str) -> bool:
    """Whether an order exists and its customer lives at a postcode.

    One answer for both, so that nobody learns which numbers exist.

    Args:
        conn: the shop's database.
        number: order number in normal form, `PP-100234`.
        postcode: in normal form, `1234 AB`.
    """
    known = conn.execute(
        sa.select(customers.c.postcode)
        .join(orders, customers.c.id == orders.c.customer_id)
        .where(orders.c.number == number)
    ).scalar()
    # Compared here and in full, so that an order that does not exist takes as long.
    return hmac.compare_digest((known or _NOWHERE).encode(), postcode.encode())


def get(conn: Connection, number: str) -> Order | None:
    """An order, or None. Call it only after `belongs` said that the customer may see it."""
    row = conn.execute(sa.select(orders).where(orders.c.number == number)).first()
    if row is None:
        return None
    lines = conn.execute(
        sa.select(order_lines).where(order_lines.c.order_number == number).order_by("line")
    )
    articles = tuple(Article(line.line, line.article, line.price_cents) for line in lines)
    return Order(row.number, row.customer_id, row.placed_on, articles)
