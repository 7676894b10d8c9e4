"""Readings of electricity meters, in whole kWh."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from actions import shop_rules
from actions.backends.tables import meter_readings, meters

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: A household rarely uses more than this a day (about four times the Dutch average of 7 kWh, with
#: room for a heat pump and a car); more is asked about, not refused.
PLAUSIBLE_KWH_A_DAY = shop_rules.number("plausible_kwh_a_day")
#: Meters have at most six digits before the comma.
HIGHEST = 999_999


@dataclass(frozen=True, slots=True)
class Meter:
    """A customer's electricity meter.

    Attributes:
        customer_id: the customer whose meter it is.
        two_tariffs: whether it counts a high (normal) and a low (off-peak) tariff apart.
    """

    customer_id: int
    two_tariffs: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading: what a meter showed on a day.

    Attributes:
        read_on: the day.
        high: kWh of the high tariff, or of the only one.
        low: kWh of the low tariff, or None on a meter with one.
    """

    read_on: date
    high: int
    low: int | None = None


def meter_of(conn: Connection, customer_id: int) -> Meter | None:
    """A customer's meter, or None without an energy contract."""
    row = conn.execute(sa.select(meters).where(meters.c.customer_id == customer_id)).first()
    return Meter(row.customer_id, row.two_tariffs) if row else None


def last(conn: Connection, customer_id: int, before: date | None = None) -> Reading | None:
    """The newest reading, or None.

    Args:
        conn: the shop's database.
        customer_id: the customer whose meter it is.
        before: leave out readings of this day and later.
    """
    query = sa.select(meter_readings).where(meter_readings.c.customer_id == customer_id)
    if before is not None:
        query = query.where(meter_readings.c.read_on < before)
    row = conn.execute(query.order_by(meter_readings.c.read_on.desc()).limit(1)).first()
    return Reading(row.read_on, row.high, row.low) if row else None


def usual_a_day(conn: Connection, customer_id: int, before: date) -> tuple[float, float] | None:
    """What the household used a day between the last two readings: high (or all), and low.

    Args:
        conn: the shop's database.
        customer_id: the customer whose meter it is.
        before: leave out readings of this day and later.

    Returns:
        None when there were no two readings.
    """
    newest = last(conn, customer_id, before)
    older = last(conn, customer_id, newest.read_on) if newest else None
    if newest is None or older is None:
        return None
    days = (newest.read_on - older.read_on).days
    return (newest.high - older.high) / days, ((newest.low or 0) - (older.low or 0)) / days


def is_jump(value: int, previous: int, days: int, usual: float) -> bool:
    """Whether a reading is so far beyond the usual use that it was misread: a digit too many.

    Args:
        value: the new number, kWh.
        previous: the number before, kWh.
        days: days between the two.
        usual: usual use a day, kWh.
    """
    most = max(usual, 1.0) * shop_rules.number("reading_jump_factor") * max(days, 1)
    return value - previous > max(most, float(PLAUSIBLE_KWH_A_DAY * max(days, 1)))


def is_plausible(value: int, previous: int, days: int) -> bool:
    """Whether a household can have used so much between two readings.

    Args:
        value: the new number, kWh.
        previous: the number before, kWh.
        days: days between the two.
    """
    return value - previous <= PLAUSIBLE_KWH_A_DAY * max(days, 1)


def submit(conn: Connection, customer_id: int, reading: Reading) -> None:
    """Stores a reading; a second one of the same day takes its place."""
    key = sa.and_(
        meter_readings.c.customer_id == customer_id, meter_readings.c.read_on == reading.read_on
    )
    conn.execute(meter_readings.delete().where(key))
    conn.execute(
        meter_readings.insert().values(
            customer_id=customer_id, read_on=reading.read_on, high=reading.high, low=reading.low
        )
    )
