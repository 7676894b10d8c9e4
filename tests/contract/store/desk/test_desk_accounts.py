"""Accounts of the desk on every database: the first one, once, and log-ins tried all at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.desk.login import accounts, password_check, password_hashes
from bot.desk.login.auth import Access
from bot.desk.login.known_devices import KnownDevices, login_key
from bot.desk.login.password_check import Checked, Visitor
from bot.store.desk import agents
from bot.store.desk.login_attempts import LOGIN, VISITOR, LoginAttempt
from bot.store.sql.database import Database

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at_once(number: int, act: Callable[[int], Any]) -> list[Any]:
    """What `act` gives for 0, 1, ... all started at the same moment."""
    start = Barrier(number)

    def run(index: int) -> Any:
        start.wait()
        return act(index)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def test_one_link_makes_one_supervisor(database: Database) -> None:
    """However many browsers use it at the same moment, and under whatever names."""

    def set_up(index: int) -> agents.Agent | None:
        with database.begin() as conn:
            return accounts.set_up(conn, f"chef{index}", "Chef", "hash", NOW)

    made = [agent for agent in at_once(6, set_up) if agent is not None]
    assert len(made) == 1
    with database.read() as conn:
        assert [account.agent for account in agents.everyone(conn)] == made


@pytest.mark.parametrize("act", ["deactivate", "edit"])
def test_two_supervisors_cannot_remove_each_other(database: Database, act: str) -> None:
    """Whoever is second is the last one, and stays."""
    with database.begin() as conn:
        both = [agents.add(conn, name, name, "supervisor", (), NOW).id for name in ("a", "b")]

    def remove(index: int) -> bool:
        try:
            with database.begin() as conn:
                if act == "edit":
                    accounts.edit(conn, both[index], "Naam", "agent", ())
                else:
                    accounts.deactivate(conn, both[index])
        except accounts.LastSupervisor:
            return False
        return True

    for _ in range(5):
        assert sorted(at_once(2, remove)) == [False, True]
        with database.begin() as conn:
            for number in both:
                agents.change(conn, number, role="supervisor", active=True)


ACCESS_SECRET = "a secret for tests that is long enough"


class Door:
    """Log-ins at one moment that a test moves, with passwords that cost nothing."""

    def __init__(self, database: Database, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(password_hashes, "matches", lambda known, given: known == given)
        patch.setattr(password_hashes, "outdated", lambda known: known == "old")
        patch.setattr(password_hashes, "hashed", lambda given: f"new {given}")
        self.now = NOW
        settings = SimpleNamespace(secret=ACCESS_SECRET)
        self._access = cast(
            Access, SimpleNamespace(database=database, settings=settings, now=lambda: self.now)
        )

    async def tries(
        self, login: str, password: str, address: str = "home", devices: str = ""
    ) -> Checked:
        return await password_check.check(self._access, login, password, Visitor(address, devices))


@pytest.fixture
def door(database: Database, monkeypatch: pytest.MonkeyPatch) -> Door:
    with database.begin() as conn:
        agents.add(conn, "loes", "Loes", "agent", (), NOW, password_hash="right")
    return Door(database, monkeypatch)


def device_of(login: str, password_hash: str) -> str:
    """The cookie of a device on which somebody logged in."""
    return KnownDevices(ACCESS_SECRET).remembered(
        "", login_key(ACCESS_SECRET, login, password_hash)
    )


@pytest.mark.parametrize("login", ["loes", "niemand"])
async def test_who_mistypes_waits_and_nobody_else(door: Door, login: str) -> None:
    """From that address, for a quarter of an hour, the right password too; also who is nobody."""
    for number in range(VISITOR.free):
        assert await door.tries(login, f"wrong {number}") == Checked(None)
    assert (await door.tries(login, "right")).wait == 15 * MINUTE
    elsewhere = await door.tries(login, "right", "elsewhere")
    assert (elsewhere.agent is not None, elsewhere.wait) == (login == "loes", 0 * MINUTE)
    door.now += 15 * MINUTE
    assert ((await door.tries(login, "right")).agent is not None) == (login == "loes")


async def test_a_right_password_is_no_failure(door: Door) -> None:
    """However often somebody logs in, also between wrong ones, which stay counted."""
    for _ in range(3 * LOGIN.free):
        assert (await door.tries("loes", "right")).agent is not None
    for _ in range(VISITOR.free - 1):
        assert await door.tries("LOES ", "wrong") == Checked(None)
        assert (await door.tries("loes", "right")).agent is not None
    await door.tries("loes", "wrong")
    assert (await door.tries("loes", "right")).wait > 0 * MINUTE


async def test_many_at_once_are_judged_as_in_a_row(door: Door) -> None:
    """Who tries a hundred passwords in one moment has had as many tries as one after the other."""
    found = await asyncio.gather(*(door.tries("loes", f"wrong {n}") for n in range(100)))
    assert sum(not each.wait for each in found) == VISITOR.free


async def test_a_guesser_with_thousands_of_addresses_is_slow(door: Door) -> None:
    """Each try from a new address, at a name that is there and one that is not, for forty minutes.

    The owner gets in meanwhile on a device that is known, at once and whatever the address; and on
    a new one a minute after it ended.
    """
    looked: Counter[str] = Counter()
    mine = device_of("loes", "right")
    for number in range(40 * 6):
        door.now = NOW + number * timedelta(seconds=10)
        for login in ("loes", "niemand"):
            found = await door.tries(login, f"wrong {number}", f"bot {number}")
            looked[login] += not found.wait
            assert found.wait <= LOGIN.longest
        if number % 40 == 0:
            owner = await door.tries("loes", "right", f"train {number}", mine)
            assert owner.agent is not None
    assert looked["loes"] == looked["niemand"]
    assert LOGIN.free <= looked["loes"] <= LOGIN.free + 6 + 40
    door.now += LOGIN.longest
    assert (await door.tries("loes", "right", "a new telephone")).agent is not None


async def test_a_known_device_may_not_guess_either(door: Door) -> None:
    """A stolen one is worth five tries, from wherever; another password makes it unknown."""
    stolen = device_of("loes", "right")
    for number in range(VISITOR.free):
        assert (await door.tries("loes", "wrong", f"bot {number}", stolen)).wait == 0 * MINUTE
    assert (await door.tries("loes", "wrong", "bot", stolen)).wait == 15 * MINUTE
    other = device_of("loes", "another password of before")
    for number in range(LOGIN.free):
        await door.tries("loes", "wrong", f"bot {number}")
    assert (await door.tries("loes", "right", "new", other)).wait > 0 * MINUTE


async def test_another_password_begins_anew(database: Database, door: Door) -> None:
    """A supervisor's link opens the account at once, whatever was guessed before."""
    for _ in range(VISITOR.free):
        await door.tries("loes", "wrong")
    with database.begin() as conn:
        found = agents.by_login(conn, "loes")
        assert found
        accounts.set_password(conn, found.agent.id, "fresh")
    assert (await door.tries("loes", "fresh")).agent is not None


async def test_a_password_that_was_changed_meanwhile_opens_nothing(
    database: Database, door: Door
) -> None:
    """The judgement is made with the account as it is when it is made."""
    with database.begin() as conn:
        attempt = LoginAttempt("a" * 64, "b" * 64, known=False)
        assert password_check._settle(conn, "loes", "before", None, attempt, NOW) is None
        assert password_check._settle(conn, "loes", "right", None, attempt, NOW)
        agents.add(conn, "bram", "Bram", "agent", (), NOW, password_hash="old")
    # A hash with the parameters of another year is replaced by the way.
    assert (await door.tries("BRAM ", "old")).agent is not None
    with database.read() as conn:
        found = agents.by_login(conn, "bram")
        assert found
        assert (found.password_hash, found.last_seen_at) == ("new old", NOW)
