"""A worker whose database fails: whatever fails where, every message is handled, once, in order."""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store import doorbell, handovers
from bot.store.database import Database
from bot.worker import leases, loop
from tests.support.faults import Faulty, Span
from tests.support.office import Echo, Office, loads, until

#: A worker's times, shortened: a lease is over while a test waits.
SHORT = {
    (leases, "LEASE"): timedelta(seconds=0.5),
    (loop, "LEASE"): timedelta(seconds=0.5),
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
    office = Office(database, doorbell.of(url, folder))
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
    deadline=None,
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
