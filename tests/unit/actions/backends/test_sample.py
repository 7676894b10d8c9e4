"""The sample data: the same every time, plausible, and never out of date."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions.backends import deliveries, meter_readings, orders, sample, tables
from actions.backends.sample_rows import CUSTOMERS, ORDERS, generate
from bot.store.sql.database import Database

TODAY = date(2026, 11, 24)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'shop.db'}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """The sample's database."""
    sample.ensure(url, TODAY)
    opened = Database(url)
    yield opened
    opened.dispose()


def test_the_same_on_every_call() -> None:
    """Tests and demonstrations rely on it."""
    first, second = ([rows for _, rows in generate(TODAY)] for _ in range(2))
    assert first == second


def test_as_much_as_promised(database: Database) -> None:
    """Forty customers and 120 orders, each with a delivery, an invoice and an article."""
    with database.read() as conn:
        counts = {
            table.name: conn.execute(sa.select(sa.func.count()).select_from(table)).scalar()
            for table in tables.METADATA.sorted_tables
        }
    assert counts["customers"] == CUSTOMERS
    assert counts["orders"] == counts["deliveries"] == counts["invoices"] == ORDERS
    assert counts["order_lines"] >= ORDERS


def test_a_second_time_changes_nothing(url: str, database: Database) -> None:
    """Starting again on the same day keeps what customers changed."""
    with database.begin() as conn:
        deliveries.change_moment(conn, "PP-100234", date(2026, 11, 30), "avond")
    sample.ensure(url, TODAY)
    with database.read() as conn:
        found = deliveries.get(conn, "PP-100234")
    assert found is not None
    assert found.planned_on == date(2026, 11, 30)


@pytest.mark.parametrize("days", [1, 5, 40, 400])
def test_dates_move_along(url: str, database: Database, days: int) -> None:
    """Later on the examples are still what they are for."""
    later = TODAY + timedelta(days=days)
    sample.ensure(url, later)
    with database.read() as conn:
        coming = deliveries.get(conn, "PP-100234")
        came = deliveries.get(conn, "PP-100871")
        reading = meter_readings.last(conn, 3)
    assert coming is not None
    assert coming.may_change(later)
    assert coming.planned_on is not None
    assert coming.planned_on.weekday() != 6
    assert came is not None
    assert came.delivered_on == later - timedelta(days=5)
    assert reading is not None
    assert reading.read_on == later - timedelta(days=31)


def test_the_clock_going_back_changes_nothing(url: str, database: Database) -> None:
    """Dates only move forward."""
    sample.ensure(url, TODAY - timedelta(days=3))
    with database.read() as conn:
        came = deliveries.get(conn, "PP-100871")
    assert came is not None
    assert came.delivered_on == TODAY - timedelta(days=5)


def test_real_data_is_left_alone(tmp_path: Path) -> None:
    """A database with orders of its own gets no sample."""
    database = Database(f"sqlite:///{tmp_path / 'real.db'}")
    place = {"street": "S", "house_number": "1", "postcode": "1234 AB", "city": "C"}
    with database.begin() as conn:
        tables.METADATA.create_all(conn)
        conn.execute(tables.customers.insert().values(id=1, **place))
        conn.execute(tables.orders.insert().values(number="PP-1", customer_id=1, placed_on=TODAY))
    sample.refresh(database, TODAY)
    with database.read() as conn:
        assert orders.get(conn, "PP-100234") is None
    database.dispose()


def test_two_starts_at_once_fill_it_once(url: str) -> None:
    """Web and worker may both come first."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: sample.ensure(url, TODAY), range(4)))
    database = Database(url)
    with database.read() as conn:
        count = conn.execute(sa.select(sa.func.count()).select_from(tables.orders)).scalar()
    database.dispose()
    assert count == ORDERS
