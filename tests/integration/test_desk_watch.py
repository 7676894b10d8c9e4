"""Conversations of agents who are gone go back by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk import watch
from bot.desk.service import Service
from bot.desk.watch import Watch
from bot.store import conversations, doorbell
from bot.store.database import Database
from tests.support.desk import MINUTE, NOW, ORGANISATION, person, queued


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'loket.db'}")
    opened.upgrade()
    yield opened
    opened.dispose()


async def test_who_is_gone_is_noticed(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bell rings for the conversation; a failing look is followed by the next one."""
    monkeypatch.setattr(watch, "PAUSE", 0.01)
    desk = Service(ORGANISATION, away=timedelta(0))
    with database.begin() as conn:
        samira, conversation_id = person(conn), queued(conn)
        desk.take(conn, conversation_id, samira, NOW)
    bell = doorbell.of(database.url, tmp_path)
    times = iter([ValueError("the clock is broken")])

    def clock() -> object:
        for error in times:
            raise error
        return NOW + MINUTE

    looking = Watch(database, desk, bell, clock)  # type: ignore[arg-type]
    async with bell.listen("outbox") as listener:
        await looking.start(None, asyncio.get_running_loop())
        rung = await listener.wait(30)
    await looking.stop(None, asyncio.get_running_loop())
    bell.close()
    assert rung == conversation_id
    with database.read() as conn:
        assert conversations.get(conn, conversation_id).owner == "queued"


async def test_nobody_is_gone_before_anybody_could_be_seen(
    database: Database, tmp_path: Path
) -> None:
    """After a start it waits as long as an agent may be away."""
    with database.begin() as conn:
        samira, conversation_id = person(conn), queued(conn)
        Service(ORGANISATION).take(conn, conversation_id, samira, NOW)
    asked = []

    def clock() -> object:
        asked.append(True)
        return NOW + 60 * MINUTE

    bell = doorbell.of(database.url, tmp_path)
    looking = Watch(database, Service(ORGANISATION), bell, clock)  # type: ignore[arg-type]
    await looking.start(None, asyncio.get_running_loop())
    for _ in range(10):
        await asyncio.sleep(0)
    await looking.stop(None, asyncio.get_running_loop())
    bell.close()
    assert not asked
