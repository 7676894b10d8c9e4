"""Energy contracts: how long a price is fixed, what leaving costs, what is known of the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from actions import shop_rules
from actions.backends.tables import energy_contracts

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Contract:
    """What the supplier knows besides the tariff.

    Attributes:
        customer_id: the customer whose contract it is.
        fixed_until: last day of a fixed price; None when it is not fixed.
        fee_cents_a_month: what leaving a fixed contract costs for each month that is left.
        smart_meter: whether the meter is read from afar; a dynamic tariff needs it.
        solar: whether power is fed back; None when nobody knows.
        gas: whether there is a gas meter as well.
    """

    customer_id: int
    fixed_until: date | None
    fee_cents_a_month: int
    smart_meter: bool
    solar: bool | None
    gas: bool

    def fee(self, ends: date, today: date) -> int:
        """What leaving costs when the contract ends on a day, in euro cents.

        Nothing after the fixed time, and nothing within the time to think it over.
        """
        until = self.fixed_until
        if until is None or ends > until or _is_new(until, today):
            return 0
        months = (until.year - ends.year) * 12 + until.month - ends.month
        return self.fee_cents_a_month * max(1, months)


def next_year(day: date, years: int) -> date:
    """The same day some years later; the 28th for a 29 February that is not there."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _is_new(fixed_until: date, today: date) -> bool:
    """Whether the customer may still think it over."""
    began = next_year(fixed_until, -shop_rules.number("fixed_years"))
    return today <= began + timedelta(days=shop_rules.number("cooling_off_days"))


def first_of_next_month(today: date) -> date:
    """The day from which another tariff counts."""
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)


def of_customer(conn: Connection, customer_id: int) -> Contract | None:
    """A customer's contract, or None without energy."""
    query = sa.select(energy_contracts).where(energy_contracts.c.customer_id == customer_id)
    row = conn.execute(query).first()
    return Contract(**row._mapping) if row else None  # noqa: SLF001 (SQLAlchemy's public API)


def fix(conn: Connection, customer_id: int, until: date | None) -> None:
    """Notes until when the price is fixed from now on. The same twice changes nothing."""
    conn.execute(
        energy_contracts.update()
        .where(energy_contracts.c.customer_id == customer_id)
        .values(fixed_until=until)
    )
