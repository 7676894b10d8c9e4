"""Invoices: what was billed and whether it was paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa

from actions.backends.tables import invoices

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Standing = Literal["paid", "open", "overdue", "cancelled"]


@dataclass(frozen=True, slots=True)
class Invoice:
    """The bill of one order.

    Attributes:
        number: like `F-2026-0412`; also the reference to pay under.
        order_number: the order's number.
        amount_cents: in euro cents, VAT included.
        issued_on: its date.
        due_on: the last day to pay without a reminder.
        paid_on: the day the money came in, or None.
        cancelled_on: the day it was taken back, or None.
    """

    number: str
    order_number: str
    amount_cents: int
    issued_on: date
    due_on: date
    paid_on: date | None
    cancelled_on: date | None

    def standing(self, today: date) -> Standing:
        """Whether it is open, overdue, paid or cancelled on a day."""
        if self.cancelled_on:
            return "cancelled"
        if self.paid_on:
            return "paid"
        return "overdue" if self.due_on < today else "open"


def of_order(conn: Connection, order_number: str) -> Invoice | None:
    """The invoice of an order, or None when it was not billed yet."""
    row = conn.execute(sa.select(invoices).where(invoices.c.order_number == order_number)).first()
    return Invoice(**row._mapping) if row else None  # noqa: SLF001 (SQLAlchemy's public API)
