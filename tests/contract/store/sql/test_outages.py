"""Which errors mean that the database is away, and which that it says no."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnection

from bot.store.sql.database import Database
from bot.store.sql.outages import is_outage
from tests.support.faults import Faulty, Span


@contextmanager
def failing() -> Iterator[list[Exception]]:
    """Collects the error that the block must raise."""
    found: list[Exception] = []
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is what the tests look at
        yield found
    assert isinstance(caught.value, Exception)
    found.append(caught.value)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT nothing FROM nowhere",
        "INSERT INTO timers (conversation_id, kind, due_at) VALUES ('nobody', 'x', '2026-11-02')",
        "INSERT INTO timers (kind) VALUES ('x')",
    ],
)
def test_what_is_refused_is_no_outage(database: Database, statement: str) -> None:
    """It is refused again, however often it is tried."""
    with failing() as found, database.begin() as conn:
        conn.exec_driver_sql(statement)
    assert not is_outage(found[0])


def test_a_cut_connection_is_an_outage(url: str) -> None:
    """PostgreSQL's backend is really ended; SQLite's error is made."""
    faulty = Faulty(url, [Span(2, 1, "before")])
    try:
        with failing() as found, faulty.begin() as conn:
            for _ in range(3):
                conn.exec_driver_sql("SELECT 1")
        assert is_outage(found[0])
        with faulty.begin() as conn:
            assert conn.exec_driver_sql("SELECT 1").scalar() == 1
    finally:
        faulty.dispose()


def test_sqlite_s_own_troubles(tmp_path: Path) -> None:
    """A full disk and a file that can only be read."""
    database = Database(f"sqlite:///{tmp_path / 'loket.db'}")
    database.upgrade()

    def hamper(conn: Connection) -> None:
        conn.exec_driver_sql(pragma)

    event.listen(database._engines.write, "begin", hamper)
    big = "CREATE TABLE big AS SELECT zeroblob(100000)"
    for pragma in ("PRAGMA max_page_count = 1", "PRAGMA query_only = ON"):
        with failing() as found, database.begin() as conn:
            conn.exec_driver_sql(big)
        assert is_outage(found[0]), pragma
    database.dispose()


@pytest.mark.postgres
@pytest.mark.parametrize("code", ["57P01", "40P01", "53100", "25006", "08006"])
def test_postgresql_s_codes(postgres_url: str, code: str) -> None:
    """Shut down, deadlock, disk full, read-only after a fail-over, connection failure."""
    database = Database(postgres_url)
    raising = f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$"
    with failing() as found, database.begin() as conn:
        conn.exec_driver_sql(raising)
    database.dispose()
    assert is_outage(found[0])


def test_other_errors() -> None:
    """No connection to be had, and no turn to write, are outages; a slip in the code is none."""
    assert is_outage(NoConnection())
    assert is_outage(TimeoutError())
    assert not is_outage(IntegrityError("INSERT", {}, Exception()))
    assert not is_outage(ValueError())
