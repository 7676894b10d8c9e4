"""The shop's own rules, as far as they need no database."""

from __future__ import annotations

from datetime import date

import pytest

from actions.backends.deliveries import MAX_DAYS_AHEAD, possible_days
from actions.backends.invoices import Invoice
from actions.backends.meter_readings import is_plausible
from actions.backends.returns import last_day
from bot.dialogue import formatting

TODAY = date(2026, 12, 22)
HOLIDAYS = frozenset({date(2026, 12, 25), date(2026, 12, 26)})


def test_no_delivery_on_sundays_and_holidays() -> None:
    """The first three days around Christmas."""
    days = possible_days(TODAY, HOLIDAYS, 3)
    assert [day.day for day in days] == [23, 24, 28]


def test_days_near_the_one_that_was_asked_for() -> None:
    """Alternatives lie around it, in order of time, within the period."""
    days = possible_days(TODAY, HOLIDAYS, 3, near=date(2026, 12, 27))
    assert [day.day for day in days] == [24, 28, 29]
    assert len(possible_days(TODAY, frozenset(), 99)) == MAX_DAYS_AHEAD - 2


@pytest.mark.parametrize(
    ("paid", "cancelled", "today", "standing"),
    [
        (None, None, date(2026, 12, 22), "open"),
        (None, None, date(2026, 12, 23), "overdue"),
        (date(2026, 12, 1), None, date(2026, 12, 23), "paid"),
        (None, date(2026, 12, 1), date(2026, 12, 23), "cancelled"),
    ],
)
def test_how_an_invoice_stands(
    paid: date | None, cancelled: date | None, today: date, standing: str
) -> None:
    """The last day to pay is still in time."""
    invoice = Invoice("F-1", "PP-1", 100, TODAY, TODAY, paid, cancelled)
    assert invoice.standing(today) == standing


def test_thirty_days_to_send_back() -> None:
    """Counted from the day after delivery."""
    assert last_day(date(2026, 11, 1)) == date(2026, 12, 1)


def test_a_plausible_reading() -> None:
    """Thirty kWh a day at most, and at least one day."""
    assert is_plausible(1300, 1000, 10)
    assert not is_plausible(1301, 1000, 10)
    assert is_plausible(1030, 1000, 0)


def test_amounts() -> None:
    """The Dutch way: a dot for thousands, a comma for cents."""
    assert formatting.euros(123450) == "€ 1.234,50"
    assert formatting.euros(-905) == "-€ 9,05"
    assert formatting.whole(1234567) == "1.234.567"
