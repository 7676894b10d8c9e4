"""Sample data of "Pakket & Plug": made up by a seeded generator, no real person in it.

The demonstration must not age: all dates move along with the day on which it is used.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from actions.backends.sample_rows import generate
from actions.backends.tables import METADATA, deliveries, energy_contracts, orders, sample_anchor
from bot.dialogue import runtime
from bot.store.sql.database import Database

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_SUNDAY = 6


def ensure(url: str, today: date | None = None) -> None:
    """Fills a database with the sample data, or brings its dates up to today.

    Safe at every start, and from several processes at once. Data that is not the sample's own is
    left alone.

    Args:
        url: the shop's database, `sqlite:///...` or `postgresql://...`.
        today: the day it is for the organisation; by its own clock when None.
    """
    database = Database(url)
    try:
        refresh(database, today or runtime.today())
    finally:
        database.dispose()


def refresh(database: Database, today: date) -> None:
    """Makes and fills the tables where needed, and brings the sample's dates up to date."""
    with database.begin() as conn:
        METADATA.create_all(conn)
        anchor = conn.execute(sa.select(sample_anchor.c.day)).scalar()
        if anchor is None:
            if conn.execute(sa.select(orders.c.number).limit(1)).first() is None:
                _fill(conn, today)
        elif anchor < today:
            _shift(conn, today - anchor)
            conn.execute(sample_anchor.update().values(day=today))
        if anchor is not None:
            _complete(conn, today)


def _fill(conn: Connection, today: date) -> None:
    for table, rows in generate(today):
        conn.execute(table.insert(), list(rows))
    conn.execute(sample_anchor.insert().values(id=1, day=today))


def _complete(conn: Connection, today: date) -> None:
    """Fills a table that the sample did not have yet when it was made."""
    if conn.execute(sa.select(energy_contracts.c.customer_id).limit(1)).first() is None:
        rows = dict(generate(today))[energy_contracts]
        conn.execute(energy_contracts.insert(), list(rows))


def _shift(conn: Connection, by: timedelta) -> None:
    for table in METADATA.sorted_tables:
        dates = [column.name for column in table.columns if isinstance(column.type, sa.Date)]
        if table is sample_anchor or not dates:
            continue
        rows = [dict(row) for row in conn.execute(sa.select(table)).mappings()]
        moved = [{**row, **{name: _moved(row[name], by) for name in dates}} for row in rows]
        if any(table.columns[name].primary_key for name in dates):
            conn.execute(table.delete())
            if moved:
                conn.execute(table.insert(), moved)
        else:
            for row in moved:
                _update(conn, table, row, dates)
    _avoid_sundays(conn)


def _moved(day: date | None, by: timedelta) -> date | None:
    return day + by if day else None


def _update(conn: Connection, table: sa.Table, row: dict[str, Any], names: list[str]) -> None:
    key = [column == row[column.name] for column in table.primary_key.columns]
    conn.execute(table.update().where(*key).values({name: row[name] for name in names}))


def _avoid_sundays(conn: Connection) -> None:
    planned = conn.execute(
        sa.select(deliveries.c.order_number, deliveries.c.planned_on).where(
            deliveries.c.planned_on.is_not(None)
        )
    ).all()
    for number, day in planned:
        if day.weekday() == _SUNDAY:
            conn.execute(
                deliveries.update()
                .where(deliveries.c.order_number == number)
                .values(planned_on=day + timedelta(days=1))
            )
