"""The shop's own rules, as far as they need no database."""

from __future__ import annotations

from datetime import date

import pytest

from actions.backends.contracts import Contract, first_of_next_month
from actions.backends.deliveries import MAX_DAYS_AHEAD, possible_days
from actions.backends.invoices import Invoice
from actions.backends.meter_readings import is_jump, is_plausible
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
    assert last_day(date(2026, 10, 30), date(2026, 11, 1)) == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("placed", "delivered", "last"),
    [
        (date(2026, 11, 14), date(2026, 11, 16), date(2026, 12, 16)),
        (date(2026, 11, 15), date(2026, 11, 17), date(2027, 1, 31)),
        (date(2026, 12, 24), date(2026, 12, 28), date(2027, 1, 31)),
        (date(2026, 12, 24), date(2027, 1, 5), date(2027, 2, 4)),
        (date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 27)),
    ],
)
def test_presents_may_be_sent_back_until_the_end_of_january(
    placed: date, delivered: date, last: date
) -> None:
    """What was ordered for the holidays; whoever has longer keeps that."""
    assert last_day(placed, delivered) == last


def test_no_delivery_before_the_parcel_is_expected() -> None:
    """The days on offer begin with the one on which it is there."""
    days = possible_days(TODAY, HOLIDAYS, 2, expected=date(2026, 12, 24))
    assert [day.day for day in days] == [24, 28]


def test_ten_times_the_usual_use_is_a_jump() -> None:
    """Ten kWh a day: a hundred is too much, less is asked about in the summary at most."""
    assert not is_jump(2000, 1000, 10, 10.0)
    assert is_jump(2001, 1000, 10, 10.0)
    assert not is_jump(1300, 1000, 10, 0.0), "what any household may use is none"


FIXED = Contract(3, date(2027, 6, 12), 1_250, smart_meter=True, solar=False, gas=False)


@pytest.mark.parametrize(
    ("ends", "fee"),
    [
        (date(2027, 1, 21), 5 * 1_250),
        (date(2027, 6, 11), 1_250),
        (date(2027, 6, 12), 1_250),
        (date(2027, 6, 13), 0),
    ],
)
def test_leaving_a_fixed_contract_costs_until_its_last_day(ends: date, fee: int) -> None:
    """For each month that is left, one at least."""
    assert FIXED.fee(ends, TODAY) == fee


def test_a_new_contract_may_be_left_for_nothing() -> None:
    """Within fourteen days of its beginning."""
    assert FIXED.fee(date(2026, 7, 26), date(2026, 6, 26)) == 0
    assert FIXED.fee(date(2026, 7, 27), date(2026, 6, 27)) > 0


def test_another_tariff_counts_from_the_first() -> None:
    """Also at the end of the year, and from a long month to a short one."""
    assert first_of_next_month(TODAY) == date(2027, 1, 1)
    assert first_of_next_month(date(2027, 1, 31)) == date(2027, 2, 1)


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
