"""Subscriptions: the monthly box and the energy contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa

from actions import shop_rules
from actions.backends.tables import subscriptions

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Kind = Literal["box", "energy"]
#: The plans of each kind of subscription, with their names in Dutch.
PLANS: dict[Kind, dict[str, str]] = {
    "box": {"small": "Kleine box", "medium": "Middelgrote box", "large": "Grote box"},
    "energy": {
        "fixed": "Vast tarief",
        "variable": "Variabel tarief",
        "dynamic": "Dynamisch tarief",
    },
}
#: Weeks that a pause can last; only the box can be paused.
PAUSE_WEEKS = shop_rules.numbers("pause_weeks")
#: Notice period: a stopped subscription ends this long after the request (art. 6:237 BW: a month at
#: most).
NOTICE = timedelta(days=shop_rules.number("notice_days"))


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription: what a customer gets regularly.

    Attributes:
        customer_id: the customer who has it.
        kind: `box` or `energy`; a customer has at most one of each.
        plan: a key of `PLANS[kind]`.
        paused_until: the day it starts again, or None when it runs.
        ends_on: its last day once stopped, else None.
    """

    customer_id: int
    kind: Kind
    plan: str
    paused_until: date | None
    ends_on: date | None


def of_customer(conn: Connection, customer_id: int, today: date) -> tuple[Subscription, ...]:
    """The subscriptions that have not ended, the box first."""
    rows = conn.execute(
        sa.select(subscriptions)
        .where(
            subscriptions.c.customer_id == customer_id,
            sa.or_(subscriptions.c.ends_on.is_(None), subscriptions.c.ends_on >= today),
        )
        .order_by("kind")
    )
    return tuple(Subscription(**row._mapping) for row in rows)  # noqa: SLF001 (public API)


def pause(conn: Connection, customer_id: int, kind: Kind, until: date) -> None:
    """Pauses a subscription until a day. The same day twice changes nothing."""
    _update(conn, customer_id, kind, paused_until=until)


def stop(conn: Connection, customer_id: int, kind: Kind, today: date) -> date:
    """Stops a subscription with the period of notice.

    Returns:
        The last day; of an already stopped subscription the day that was settled then.
    """
    for known in of_customer(conn, customer_id, today):
        if known.kind == kind and known.ends_on is not None:
            return known.ends_on
    ends_on = today + NOTICE
    _update(conn, customer_id, kind, ends_on=ends_on)
    return ends_on


def change_plan(conn: Connection, customer_id: int, kind: Kind, plan: str) -> None:
    """Changes the box or the tariff. The same one twice changes nothing.

    Raises:
        ValueError: this kind has no such plan.
    """
    if plan not in PLANS[kind]:
        raise ValueError(f"{kind} has no plan {plan!r}")
    _update(conn, customer_id, kind, plan=plan)


def _update(conn: Connection, customer_id: int, kind: Kind, **values: object) -> None:
    conn.execute(
        subscriptions.update()
        .where(subscriptions.c.customer_id == customer_id, subscriptions.c.kind == kind)
        .values(**values)
    )
