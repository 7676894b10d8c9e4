"""A worker whose database fails: whatever fails where, every message is handled, once, in order."""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta
from pathlib import Path
from sqlite3 import SQLITE_FULL

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.engine import Connection, ExceptionContext

from bot.store.handover import handovers
from bot.store.notify import notifier
from bot.store.sql.database import Database
from bot.worker import leases, loop, next_work
from tests.support.faults import Faulty, Span
from tests.support.office import Echo, Office, loads, until

pytestmark = pytest.mark.slow

#: A worker's times, shortened: a lease is over while a test waits.
SHORT = {
    (leases, "LEASE"): timedelta(seconds=0.5),
    (next_work, "LEASE"): timedelta(seconds=0.5),
    (leases, "RETRY"): 0.02,
    (loop, "RETRY"): 0.02,
    (loop, "POLL"): 0.05,
}

SPANS = st.lists(
    st.builds(
        Span,
        st.integers(0, 120),
        st.sampled_from([1, 2, 3, 5, 10, 40, 150]),
        st.sampled_from(["before", "after", "commit", "committed"]),
    ),
    min_size=1,
    max_size=4,
)


@pytest.fixture
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    for (module, name), value in SHORT.items():
        monkeypatch.setattr(module, name, value)


async def trial(url: str, folder: Path, spans: list[Span]) -> None:
    """Customers write while a worker's database is in trouble; then all of it must be well."""
    database = Database(url)
    faulty = Faulty(url, spans)
    office = Office(database, notifier.of(url, folder))
    run = secrets.token_hex(4)
    echo = Echo(delay=0.01)
    expected: dict[str, list[str]] = {}

    async def write(sender: str, text: str) -> str:
        where = await office.write(f"{run}-{sender}", text)
        expected.setdefault(where, []).append(text)
        return where

    def well() -> bool:
        return faulty.over and not any(map(office.unhandled, expected))

    try:
        for number in range(2):
            await write("a", f"a{number}")
        asking = await write("b", "medewerker")
        async with office.worker(loads(echo), f"w{run}", faulty):
            for number in range(2, 5):
                await write("a", f"a{number}")
                await write(f"c{number}", "vraag")
                await asyncio.sleep(0.03)
            await until(well)
        del expected[asking]
        for where, texts in expected.items():
            assert office.texts(where) == texts
            assert office.conversation(where).owner == "bot"
        with database.read() as conn:
            found = [each for each in handovers.waiting(conn) if each.conversation_id == asking]
        assert [each.reason for each in found] == ["asked"]
    finally:
        faulty.dispose()
        database.dispose()


@pytest.mark.usefixtures("_quickly")
@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(SPANS)
def test_every_message_is_handled_once(url: str, tmp_path: Path, spans: list[Span]) -> None:
    """Whatever statements fail, how, and for how long, "medewerker" among the messages."""
    asyncio.run(trial(url, tmp_path, spans))


@pytest.mark.usefixtures("_quickly")
@pytest.mark.parametrize("where", ["before", "after", "commit", "committed"])
@pytest.mark.parametrize("start", [3, 20])
def test_an_outage_longer_than_a_lease(url: str, tmp_path: Path, start: int, where: str) -> None:
    """A database that is away for long in the middle of turns leaves nothing dead."""
    asyncio.run(trial(url, tmp_path, [Span(start, 200, where)]))


@pytest.mark.usefixtures("_quickly")
async def test_a_full_disk(tmp_path: Path) -> None:
    """SQLite's own: nothing can be written for longer than a lease, then there is space again."""
    url = f"sqlite:///{tmp_path / 'loket.db'}"
    database, squeezed = Database(url), Database(url)
    database.upgrade()
    full, failed = False, 0

    def squeeze(conn: Connection) -> None:
        # A file cannot have fewer pages than it has: it is full as it is.
        conn.exec_driver_sql(f"PRAGMA max_page_count = {1 if full else 1_000_000}")

    def count(context: ExceptionContext) -> None:
        nonlocal failed
        failed += getattr(context.original_exception, "sqlite_errorcode", 0) == SQLITE_FULL

    event.listen(squeezed._engines.write, "begin", squeeze)
    event.listen(squeezed._engines.write, "handle_error", count)
    office = Office(database, notifier.of(url, tmp_path))
    try:
        # Replies that need pages of their own.
        words = {f"c{number}": f"{number}".ljust(20_000, "x") for number in range(8)}
        async with office.worker(loads(Echo(delay=0.01)), "w1", squeezed):
            full = True
            ids = {await office.write(who, text): text for who, text in words.items()}
            asking = await office.write("asking", "medewerker")
            await until(lambda: failed > 60)
            full = False
            await until(lambda: not any(map(office.unhandled, [*ids, asking])))
        for each, text in ids.items():
            (told,) = office.texts(each)
            assert text.startswith(told)  # of so long a message not all is read
        assert office.conversation(asking).owner == "queued"
        with database.read() as conn:
            assert len(handovers.waiting(conn)) == 1
    finally:
        squeezed.dispose()
        database.dispose()
