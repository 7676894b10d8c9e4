"""The rows of the sample data: nine fixed examples for demonstrations and tests, and made-up ones.

| order | postcode | what it is for |
|---|---|---|
| PP-100234 | 1234 AB | on its way, comes the day after tomorrow: the delivery can be changed |
| PP-100871 | 3511 LX | delivered 5 days ago: can be sent back |
| PP-100456 | 9712 HM | box and energy (fixed, smart meter); last meter reading 50,893 kWh |
| PP-100302 | 2011 DK | delivered 45 days ago: too late to send back |
| PP-100640 | 5611 AZ | delivered; invoice open for another 6 days |
| PP-100733 | 6811 KM | delayed |
| PP-100985 | 8011 PE | cancelled |
| PP-100558 | 7511 JE | energy without a smart meter, with two tariffs: 21,460 and 18,975 kWh |
| PP-100519 | 4811 CA | delivered; invoice overdue |
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from actions.backends import tables
from actions.backends.sample_words import ARTICLES, LETTERS, PLACES, STREETS

CUSTOMERS = 40
ORDERS = 120
_SEED = 100_234
_SUNDAY = 6
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Plan:
    """One order to make. Days count from today, negative in the past.

    Attributes:
        number: order number.
        customer: customer's id.
        placed: day it was ordered.
        status: of the delivery.
        day: of the delivery: planned, or when it came.
        articles: indexes into the list of articles.
        due: day the invoice is due.
        paid: whether it was paid.
    """

    number: str
    customer: int
    placed: int
    status: str
    day: int
    articles: Sequence[int]
    due: int
    paid: bool


_FIXED_PLACES = (
    ("Dorpsstraat", "14", "1234 AB", "Hilversum"),
    ("Voorstraat", "88", "3511 LX", "Utrecht"),
    ("Oude Ebbingestraat", "51", "9712 HM", "Groningen"),
    ("Kruisweg", "7", "2011 DK", "Haarlem"),
    ("Marktstraat", "23", "5611 AZ", "Eindhoven"),
    ("Bakkerstraat", "105", "6811 KM", "Arnhem"),
    ("Melkmarkt", "32", "8011 PE", "Zwolle"),
    ("Haverstraat", "19", "7511 JE", "Enschede"),
    ("Catharinastraat", "4", "4811 CA", "Breda"),
)
_FIXED = (
    _Plan("PP-100234", 1, -2, "on_the_way", 2, (0, 5), 12, False),
    _Plan("PP-100871", 2, -8, "delivered", -5, (1, 9), 6, True),
    _Plan("PP-100456", 3, -40, "delivered", -37, (2,), -26, True),
    _Plan("PP-100302", 4, -48, "delivered", -45, (3, 11), -34, True),
    _Plan("PP-100640", 5, -8, "delivered", -6, (6,), 6, False),
    _Plan("PP-100733", 6, -6, "delayed", 3, (7, 12), 8, True),
    _Plan("PP-100985", 7, -4, "cancelled", 0, (8,), 10, False),
    _Plan("PP-100558", 8, -25, "delivered", -22, (4,), -11, True),
    _Plan("PP-100519", 9, -30, "delivered", -27, (10,), -16, False),
)


def generate(today: date) -> Iterator[tuple[sa.Table, list[Row]]]:
    """All rows, table by table, in an order that foreign keys allow. The same on every call.

    Args:
        today: the day from which the rows' dates count.
    """
    rng = random.Random(_SEED)  # noqa: S311 (sample data, no secret)
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    rows["customers"] = list(_customers(rng))
    for plan in (*_FIXED, *_plans(rng)):
        _add_order(rows, plan, rows["customers"][plan.customer - 1], today, rng)
    _add_contracts(rows, today, rng)
    for table in tables.METADATA.sorted_tables:
        if rows[table.name]:
            yield table, rows[table.name]


def _customers(rng: random.Random) -> Iterator[Row]:
    for number in range(1, CUSTOMERS + 1):
        if number <= len(_FIXED_PLACES):
            street, house, postcode, city = _FIXED_PLACES[number - 1]
        else:
            city, digits = rng.choice(PLACES)
            street, house = rng.choice(STREETS), str(rng.randint(1, 180))
            postcode = f"{digits + rng.randint(0, 8)} {rng.choice(LETTERS)}{rng.choice(LETTERS)}"
        yield {
            "id": number, "street": street, "house_number": house,
            "postcode": postcode, "city": city,
        }  # fmt: skip


def _plans(rng: random.Random) -> Iterator[_Plan]:
    numbers = rng.sample(range(101_000, 109_999), ORDERS - len(_FIXED))
    for number in sorted(numbers):
        placed = -rng.choice((0, 1, 1, 2, 3, 4, 6, 9, 14, 21, 28, 40, 55, 80))
        status, day = "delivered", placed + rng.randint(2, 4)
        if rng.random() < 0.05:
            status = "cancelled"
        elif day >= 0:
            status = "preparing" if placed >= -1 else "on_the_way"
            status, day = ("delayed", day + 2) if rng.random() < 0.1 else (status, max(day, 1))
        yield _Plan(
            number=f"PP-{number}",
            customer=rng.randint(len(_FIXED) + 1, CUSTOMERS),
            placed=placed,
            status=status,
            day=day,
            articles=rng.sample(range(len(ARTICLES)), rng.choice((1, 1, 1, 2, 3))),
            due=placed + 14,
            paid=rng.random() < 0.85,
        )


def _add_order(
    rows: dict[str, list[Row]], plan: _Plan, customer: Row, today: date, rng: random.Random
) -> None:
    placed = today + timedelta(days=plan.placed)
    rows["orders"].append(
        {"number": plan.number, "customer_id": customer["id"], "placed_on": placed}
    )
    chosen = [ARTICLES[index] for index in plan.articles]
    rows["order_lines"].extend(
        {"order_number": plan.number, "line": line, "article": name, "price_cents": price}
        for line, (name, price) in enumerate(chosen, start=1)
    )
    day = today + timedelta(days=plan.day)
    coming = plan.status in {"preparing", "on_the_way", "delayed"}
    if day.weekday() == _SUNDAY:
        day += timedelta(days=1 if coming else -1)
    address = {key: customer[key] for key in ("street", "house_number", "postcode", "city")}
    rows["deliveries"].append(
        {
            "order_number": plan.number,
            "status": plan.status,
            "planned_on": day if coming else None,
            "day_part": rng.choice(("ochtend", "middag", "avond")) if coming else None,
            "delivered_on": day if plan.status == "delivered" else None,
            **address,
        }
    )
    paid = placed + timedelta(days=min(5, -plan.placed)) if plan.paid else None
    cancelled = placed if plan.status == "cancelled" else None
    rows["invoices"].append(
        {
            "number": f"F-{placed.year}-{plan.number[3:]}",
            "order_number": plan.number,
            "amount_cents": sum(price for _, price in chosen),
            "issued_on": placed,
            "due_on": today + timedelta(days=plan.due),
            "paid_on": None if cancelled else paid,
            "cancelled_on": cancelled,
        }
    )


def _add_contracts(rows: dict[str, list[Row]], today: date, rng: random.Random) -> None:
    for customer in range(1, CUSTOMERS + 1):
        made_up = customer > len(_FIXED)
        has_energy = customer in {3, 8} or (made_up and rng.random() < 0.3)
        if customer == 3 or (made_up and rng.random() < 0.4):
            plan = "medium" if customer == 3 else rng.choice(("small", "medium", "large"))
            rows["subscriptions"].append(_subscription(customer, "box", plan))
        if not has_energy:
            continue
        plan = "fixed" if customer == 3 else rng.choice(("fixed", "variable", "dynamic"))
        rows["subscriptions"].append(_subscription(customer, "energy", plan))
        two = customer == 8 or (customer != 3 and rng.random() < 0.4)
        rows["energy_contracts"].append(_contract(customer, plan, today))
        rows["meters"].append({"customer_id": customer, "two_tariffs": two})
        high, low = rng.randint(8_000, 60_000), rng.randint(6_000, 40_000)
        high, low = {3: (50_893, low), 8: (21_460, 18_975)}.get(customer, (high, low))
        for days, used in ((-396, 2_700), (-31, 0)):
            rows["meter_readings"].append(
                {
                    "customer_id": customer,
                    "read_on": today + timedelta(days=days),
                    "high": high - used,
                    "low": low - used // 2 if two else None,
                }
            )


def _contract(customer: int, plan: str, today: date) -> Row:
    # A generator of its own: what the other rows are must not depend on it.
    rng = random.Random(_SEED + customer)  # noqa: S311 (sample data, no secret)
    days, made_up = rng.randint(20, 330), customer > len(_FIXED)
    until = today + timedelta(days=200 if customer == 3 else days)
    return {
        "customer_id": customer,
        "fixed_until": until if plan == "fixed" else None,
        "fee_cents_a_month": 1_250,
        "smart_meter": customer == 3 or (made_up and (plan == "dynamic" or rng.random() < 0.7)),
        "solar": rng.choice((True, False, False, None)) if made_up else False,
        "gas": made_up and rng.random() < 0.6,
    }


def _subscription(customer: int, kind: str, plan: str) -> Row:
    return {
        "customer_id": customer, "kind": kind, "plan": plan,
        "paused_until": None, "ends_on": None,
    }  # fmt: skip
