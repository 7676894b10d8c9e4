"""Returns: the articles that customers send back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa

from actions import shop_rules
from actions.backends.orders import Order
from actions.backends.tables import returns

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: The shop's own period, longer than the legal fourteen days (art. 6:230o BW).
RETURN_DAYS = shop_rules.number("return_days")
ReturnReason = Literal["size", "damaged", "wrong", "regret", "other"]


@dataclass(frozen=True, slots=True)
class Return:
    """A registered return of one article.

    Attributes:
        order_number: the order's number.
        line: the article's place in it.
        reason: the customer's reason, a code.
        registered_on: the day it was registered.
        label: code that the drop-off point turns into a label.
    """

    order_number: str
    line: int
    reason: ReturnReason
    registered_on: date
    label: str


def last_day_of(order: Order | None, delivered_on: date) -> date:
    """The last day on which articles of an order may go back.

    Args:
        order: the order; of one that is not known, the day of delivery stands for all.
        delivered_on: when it was delivered.
    """
    return last_day(order.placed_on if order else delivered_on, delivered_on)


def last_day(placed_on: date, delivered_on: date) -> date:
    """The last day on which an article may be sent back.

    What was ordered for the holidays may be tried by who gets it: until the end of January.

    Args:
        placed_on: the day it was ordered.
        delivered_on: the day it was delivered.
    """
    last = delivered_on + timedelta(days=RETURN_DAYS)
    year = placed_on.year
    first = shop_rules.day("december_orders_from", year)
    if first <= placed_on <= shop_rules.day("december_orders_until", year):
        return max(last, shop_rules.day("december_return_until", year + 1))
    return last


def of_order(conn: Connection, order_number: str) -> tuple[Return, ...]:
    """The returns registered for an order, in order of its lines."""
    rows = conn.execute(
        sa.select(returns).where(returns.c.order_number == order_number).order_by("line")
    )
    return tuple(Return(**row._mapping) for row in rows)  # noqa: SLF001 (SQLAlchemy's public API)


def register(
    conn: Connection, order_number: str, line: int, reason: ReturnReason, today: date
) -> Return:
    """Registers a return. A second time for the same article gives the first one back.

    Args:
        conn: the shop's database.
        order_number: a delivered order within its period.
        line: the article's place in it.
        reason: the customer's reason, a code.
        today: the day it is.
    """
    for known in of_order(conn, order_number):
        if known.line == line:
            return known
    registered = Return(order_number, line, reason, today, f"R{order_number[3:]}-{line}")
    conn.execute(
        returns.insert().values(
            order_number=order_number,
            line=line,
            reason=reason,
            registered_on=today,
            label=registered.label,
        )
    )
    return registered
