"""Accounts of the desk on every database: the first one, once, and log-ins tried all at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.desk.login import accounts, password_check, password_hashes
from bot.desk.login.auth import Access
from bot.store.desk import agents
from bot.store.sql.database import Database

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


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


async def test_a_lock_holds_for_the_right_password_and_for_one_under_way(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who tries a thousand passwords in one moment has had five tries, as in a row."""
    monkeypatch.setattr(password_hashes, "matches", lambda known, given: known == given)
    monkeypatch.setattr(password_hashes, "outdated", lambda known: known == "old")
    monkeypatch.setattr(password_hashes, "hashed", lambda given: f"new {given}")
    with database.begin() as conn:
        agents.add(conn, "loes", "Loes", "agent", (), NOW, password_hash="right")
        agents.add(conn, "bram", "Bram", "agent", (), NOW, password_hash="old")
    access = cast(Access, SimpleNamespace(database=database, now=lambda: NOW))
    for number in range(password_check.TRIES):
        assert await password_check.check(access, "loes", f"wrong {number}") is None
    assert await password_check.check(access, "loes", "right") is None
    with database.read() as conn:
        found = agents.by_login(conn, "loes")
        assert found
        assert found.locked_until == NOW + password_check.LOCKED
    with database.begin() as conn:  # proven before the lock, settled after it
        assert password_check._settle(conn, "loes", "right", None, NOW) is None
        assert password_check._settle(conn, "loes", "right", None, NOW + password_check.LOCKED)
    # A hash with the parameters of another year is replaced by the way.
    assert await password_check.check(access, "BRAM ", "old")
    with database.read() as conn:
        found = agents.by_login(conn, "bram")
        assert found
        assert found.password_hash == "new old"
