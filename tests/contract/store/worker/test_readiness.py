"""`/readyz`: a message can be stored, and a worker is there; cheap, and never in the way."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection, make_url

from bot.messages import Inbound
from bot.process import readiness
from bot.process.readiness import Faults, Limits, Readiness
from bot.store.sql.database import Database
from bot.store.worker import heartbeats, inbox
from bot.store.worker.heartbeats import Heartbeat

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
LIMITS = Limits(silence=timedelta(seconds=30), waiting=timedelta(seconds=120))


def beat(database: Database, *, ago: int = 0, ready: bool = True) -> None:
    with database.begin() as conn:
        moment = NOW - timedelta(seconds=ago)
        heartbeats.beat(conn, Heartbeat("w-1", "worker", moment, moment, ready))


def asked(database: Database) -> Readiness:
    return Readiness(database, LIMITS, lambda: NOW)


async def fault(database: Database) -> str | None:
    return (await asked(database).faults()).service


async def test_all_is_well(database: Database) -> None:
    """Also the second time, when the row that is written is there already."""
    beat(database, ago=30)
    assert await fault(database) is None
    assert await fault(database) is None


async def test_a_worker_that_loads_its_model_counts(database: Database) -> None:
    """Customers wait for it and are told so."""
    beat(database, ready=False)
    assert await fault(database) is None


@pytest.mark.parametrize("ago", [None, 31])
async def test_without_a_worker_nobody_answers(database: Database, ago: int | None) -> None:
    if ago is not None:
        beat(database, ago=ago)
    words = "nobody answers: no worker has given a sign of life for 30 s"
    assert await fault(database) == words


@pytest.mark.parametrize(("ago", "late"), [(120, False), (121, True)])
async def test_a_message_that_waits_too_long(database: Database, ago: int, *, late: bool) -> None:
    """A worker that gives signs of life and answers nobody serves nobody."""
    beat(database)
    came = NOW - timedelta(seconds=ago)
    with database.begin() as conn:
        taken = inbox.accept(conn, Inbound("webchat", "anna", "m1", "hoi"), came)
        inbox.accept(conn, Inbound("webchat", "bert", "m2", "hoi"), NOW)
    words = "customers wait: a message has had no answer for 120 s"
    assert await fault(database) == (words if late else None)
    with database.begin() as conn:
        inbox.done(conn, taken.inbox_id, NOW, None)
    assert await fault(database) is None


async def test_messages_are_taken_in_whoever_answers(database: Database) -> None:
    """So a balancer does not turn customers away for want of a worker: they would be lost."""
    with database.begin() as conn:
        inbox.accept(conn, Inbound("webchat", "anna", "m1", "hoi"), NOW - timedelta(days=1))
    found = await asked(database).faults()
    assert found.intake is None
    assert found.service is not None
    beat(database)
    found = await asked(database).faults()
    assert (found.intake, found.service is None) == (None, False)


async def test_a_database_without_tables(empty_url: str) -> None:
    """A file that was moved away from under a running process, say."""
    empty = Database(empty_url)
    try:
        assert await fault(empty) == (
            "nothing can be stored: the database lacks tables; a start of Loket makes them"
        )
    finally:
        empty.dispose()


@pytest.mark.parametrize("table", ["inbox", "outbox", "write_checks"])
async def test_a_database_that_lacks_a_table(empty_url: str, table: str) -> None:
    """A restore that stopped half-way."""
    broken = Database(empty_url)
    try:
        broken.upgrade()
        with broken.begin() as conn:
            if broken.dialect == "sqlite":
                conn.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            cascade = " CASCADE" if broken.dialect == "postgresql" else ""
            conn.exec_driver_sql(f"DROP TABLE {table}{cascade}")
        found = await fault(broken)
        assert found is not None
        assert "lacks tables" in found
    finally:
        broken.dispose()


@pytest.mark.postgres
async def test_a_database_that_is_read_only(make_postgres: Callable[[], str]) -> None:
    """A standby, or a server that protects itself."""
    url = make_postgres()
    database = Database(url)
    try:
        database.upgrade()
        beat(database)
        name = make_url(url).database
        with database.begin() as conn:
            conn.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    finally:
        database.dispose()
    again = Database(url)
    try:
        assert await fault(again) == "nothing can be stored: the database is read-only"
    finally:
        again.dispose()


@pytest.mark.postgres
async def test_a_database_that_is_away(make_postgres: Callable[[], str]) -> None:
    away = Database("postgresql://root@127.0.0.1:1/loket")
    try:
        assert await fault(away) == "nothing can be stored: the database cannot be reached"
    finally:
        away.dispose()
    url = make_postgres()
    nothing = Database(f"{url}_is_not_there")
    try:
        assert await fault(nothing) == "nothing can be stored: the database cannot be reached"
    finally:
        nothing.dispose()


async def test_a_sqlite_file_that_is_read_only(tmp_path: Path) -> None:
    """A later version of SQLite marks files that this one may only read (byte 18 of the header)."""
    path = tmp_path / "loket.db"
    first = Database(f"sqlite:///{path}")
    first.upgrade()
    beat(first)
    first.dispose()
    with path.open("r+b") as file:
        file.seek(18)
        file.write(b"\x03")
    database = Database(f"sqlite:///{path}")
    try:
        assert await fault(database) == "nothing can be stored: the database is read-only"
    finally:
        database.dispose()


FULL = """
import asyncio, resource, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from bot.process.readiness import Limits, Readiness
from bot.store.worker import heartbeats
from bot.store.sql.database import Database
from bot.store.worker.heartbeats import Heartbeat

async def main():
    database = Database(f"sqlite:///{sys.argv[1]}")
    database.upgrade()
    now = datetime.now(UTC)
    with database.begin() as conn:
        heartbeats.beat(conn, Heartbeat("w", "worker", now, now, ready=True))
    async def fault():
        limits = Limits(timedelta(days=1), timedelta(days=1))
        readiness = Readiness(database, limits, lambda: datetime.now(UTC))
        print((await readiness.faults()).service)
    await fault()
    size = Path(sys.argv[1] + "-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    await fault()
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await fault()
    database.dispose()

asyncio.run(main())
"""


def test_a_full_disk_is_noticed_and_so_is_its_end(tmp_path: Path) -> None:
    """No file may grow: what a full disk or a used-up quota comes to."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "loket.db")],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, "LOKET_LOG_LEVEL": "ERROR"},
    )
    assert [line for line in done.stdout.splitlines() if "ready" not in line] == [
        "None",
        "nothing can be stored: the disk of the database is full or fails",
        "None",
    ]


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(conn: Connection, cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = database._engines.write
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_many_who_ask_at_once_cost_one_look(database: Database) -> None:
    """A load balancer with many nodes, or somebody who means ill."""
    beat(database)
    both = asked(database)
    with counted(database) as statements:
        found = await asyncio.gather(*(both.faults() for _ in range(200)))
        found += [await both.faults()]
    assert set(found) == {Faults()}
    assert len([each for each in statements if each.startswith("UPDATE write_checks")]) == 1


async def test_a_database_that_gives_no_answer_keeps_nobody_waiting(
    database: Database, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that is locked, a connection into nothing: one thread waits, not one per question."""
    monkeypatch.setattr(readiness, "PATIENCE", 0.2)
    beat(database)
    assert await fault(database) is None
    both = asked(database)
    holds, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with other.begin() as conn:
            conn.exec_driver_sql("UPDATE write_checks SET id = id")
            holds.set()
            let_go.wait(60)

    holding = threading.Thread(target=hold)
    holding.start()
    try:
        await asyncio.to_thread(holds.wait, 30)
        found = await asyncio.gather(*(both.faults() for _ in range(50)))
        silent = "nothing can be stored: the database gives no answer"
        assert set(found) == {Faults(silent, silent)}
        turned = 0
        asking = asyncio.create_task(both.faults())
        while not asking.done():
            await asyncio.sleep(0)
            turned += 1
        assert turned > 10  # the loop went round meanwhile
    finally:
        let_go.set()
        holding.join(30)
    async with asyncio.timeout(30):
        while await both.faults() != Faults():
            await asyncio.sleep(0.05)
