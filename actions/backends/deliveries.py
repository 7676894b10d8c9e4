"""Deliveries: where a parcel is, and changing when or where it comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa

from actions import shop_rules
from actions.backends.tables import deliveries, moved_deliveries

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Status = Literal["preparing", "on_the_way", "delayed", "delivered", "cancelled"]
DayPart = Literal["ochtend", "middag", "avond"]
DAY_PARTS: tuple[DayPart, ...] = ("ochtend", "middag", "avond")
#: When the vans drive in each part of the day, for the customer.
HOURS = {
    "ochtend": "8.00 tot 12.00 uur",
    "middag": "12.00 tot 17.00 uur",
    "avond": "17.00 tot 21.00 uur",
}
#: A delivery can be moved at most this many days ahead: the depot keeps parcels no longer.
MAX_DAYS_AHEAD = shop_rules.number("delivery_days_ahead")
#: What the evening costs extra, in euro cents.
EVENING_FEE = shop_rules.cents("evening_fee")
_SUNDAY = 6
_OPEN: tuple[Status, ...] = ("preparing", "on_the_way", "delayed")


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery of one order.

    Attributes:
        order_number: the order's number.
        status: how far it is.
        planned_on: the day it will come, or None once it came or was cancelled.
        day_part: part of that day.
        delivered_on: the day it came, or None.
        street: of the delivery address; empty when the customer gave only postcode and number.
        house_number: with its addition, `12A`.
        postcode: `1234 AB`.
        city: as street.
        expected_on: the first day on which there is a parcel to bring, however it was moved since.
    """

    order_number: str
    status: Status
    planned_on: date | None
    day_part: DayPart | None
    delivered_on: date | None
    street: str
    house_number: str
    postcode: str
    city: str
    expected_on: date | None = None

    def may_change(self, today: date) -> bool:
        """Whether it can still be changed: not on the day itself, the van is loaded then."""
        return self.status in _OPEN and self.planned_on is not None and self.planned_on > today

    def extra_cents(self, part: str) -> int:
        """What a part of the day costs extra; nothing where the evening was paid already."""
        return EVENING_FEE if part == "avond" and self.day_part != "avond" else 0


def get(conn: Connection, order_number: str) -> Delivery | None:
    """The delivery of an order, or None when there is none."""
    first = sa.func.coalesce(moved_deliveries.c.expected_on, deliveries.c.planned_on)
    row = conn.execute(
        sa.select(deliveries, first.label("expected_on"))
        .outerjoin(moved_deliveries, moved_deliveries.c.order_number == deliveries.c.order_number)
        .where(deliveries.c.order_number == order_number)
    ).first()
    return Delivery(**row._mapping) if row else None  # noqa: SLF001 (SQLAlchemy's public API)


def is_delivery_day(day: date, holidays: frozenset[date]) -> bool:
    """Whether the vans drive: Monday to Saturday, not on a public holiday."""
    return day.weekday() != _SUNDAY and day not in holidays


def possible_days(
    today: date,
    holidays: frozenset[date],
    count: int,
    near: date | None = None,
    *,
    expected: date | None = None,
    declined: frozenset[date] = frozenset(),
) -> tuple[date, ...]:
    """Days to which a delivery can be moved.

    Args:
        today: the day it is; the first possible day is tomorrow.
        holidays: days without delivery.
        count: how many at most.
        near: prefer the days nearest to this one.
        expected: the day on which the parcel is expected: before it there is nothing to bring.
        declined: days that the customer declined, for when there are no others.

    Returns:
        In order of time.
    """
    days = [today + timedelta(days=ahead) for ahead in range(1, MAX_DAYS_AHEAD + 1)]
    days = [day for day in days if expected is None or day >= expected]
    days = [day for day in days if is_delivery_day(day, holidays)]
    days = [day for day in days if day not in declined] or days
    if near is not None:
        days.sort(key=lambda day: (abs((day - near).days), day))
    return tuple(sorted(days[:count]))


def change_moment(conn: Connection, order_number: str, day: date, day_part: DayPart) -> None:
    """Plans a delivery anew. The same moment twice changes nothing.

    Args:
        conn: the shop's database.
        order_number: an order whose delivery `may_change`.
        day: one of `possible_days`.
        day_part: part of that day.
    """
    before = get(conn, order_number)
    known = sa.select(moved_deliveries).where(moved_deliveries.c.order_number == order_number)
    if before and before.planned_on and conn.execute(known).first() is None:
        conn.execute(
            moved_deliveries.insert().values(
                order_number=order_number, expected_on=before.planned_on
            )
        )
    conn.execute(
        deliveries.update()
        .where(deliveries.c.order_number == order_number, deliveries.c.status.in_(_OPEN))
        .values(planned_on=day, day_part=day_part)
    )


def change_address(conn: Connection, order_number: str, postcode: str, house_number: str) -> None:
    """Sends a delivery elsewhere. The same address twice changes nothing.

    The depot completes street and city from postcode and house number.
    """
    same = sa.and_(deliveries.c.postcode == postcode, deliveries.c.house_number == house_number)
    conn.execute(
        deliveries.update()
        .where(
            deliveries.c.order_number == order_number, deliveries.c.status.in_(_OPEN), sa.not_(same)
        )
        .values(postcode=postcode, house_number=house_number, street="", city="")
    )
