"""One thought in several messages, and an album, get one answer when the last has come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import clock
from bot.channel_profiles import ChannelProfile, ChannelProfiles
from bot.conversation import built_in_messages
from bot.messages import options_of
from bot.store.history.timeline import timeline
from bot.store.notify import notifier
from bot.store.sql import tables
from bot.store.sql.database import Database
from bot.worker.worker_config import WorkerConfig
from tests.support.office import Echo, Office, loads, until

PIECES = ("hallo", "ik heb een vraag", "over mijn pakket", "het is er niet", "waar is het")


class Time:
    """A clock that goes on only when a test says so, however slow the machine is."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """What Loket's one clock shows."""
    moved = Time()
    monkeypatch.setattr(clock, "now", lambda: moved.now)
    return moved


@pytest.fixture
async def office(tmp_path: Path, time: Time) -> AsyncIterator[Office]:
    """One whose channel has bursts."""
    url = f"sqlite:///{tmp_path}/loket.db"
    database = Database(url)
    database.upgrade()
    profiles = ChannelProfiles.of(ChannelProfile("post", "Post", bursts=True))
    config = WorkerConfig(pause=timedelta(seconds=3), channels=profiles)
    yield Office(database, notifier.of(url, tmp_path), channel="post", config=config)
    database.dispose()


def statuses(office: Office) -> list[str]:
    with office.database.read() as conn:
        query = select(tables.inbox.c.status).order_by(tables.inbox.c.id)
        return list(conn.execute(query).scalars())


async def test_one_thought_is_answered_once(office: Office, time: Time) -> None:
    """When the last piece has come; each stays in the transcript, and counts as answered."""
    echo = Echo()
    async with office.worker(loads(echo)), office.worker(loads(echo), "w2"):
        for piece in PIECES:
            where = await office.write("anna", piece)
            time.later(2)
        await asyncio.sleep(1.2)  # a poll of each worker goes by: nobody is answered too soon
        assert echo.heard == []
        time.later(1.5)
        await until(lambda: bool(echo.heard))
        await until(lambda: office.unhandled(where) == 0)
    assert echo.heard == [(where, ", ".join(PIECES))]
    assert statuses(office) == ["done"] * 5
    with office.database.read() as conn:
        said = [
            each.inbound.inbound.text for each in timeline(conn, where, None, 50) if each.inbound
        ]
    assert said == list(PIECES)
    assert office.texts(where) == [", ".join(PIECES)]


async def test_a_worker_that_is_killed_loses_no_piece(office: Office, time: Time) -> None:
    """Before the pause is over or in the middle of the turn: another one answers all, once."""
    slow, echo = Echo(delay=3600), Echo()
    for piece in PIECES[:3]:
        where = await office.write("anna", piece)
    time.later(3.5)
    async with office.worker(loads(slow), "w1") as worker:
        await until(lambda: bool(slow.busy))
        for task in worker._tasks:  # as kill -9 leaves it
            task.cancel()
    for piece in PIECES[3:]:
        await office.write("anna", piece)
    assert slow.heard == []
    async with office.worker(loads(echo), "w2"):
        time.later(3.5)
        await until(lambda: office.unhandled(where) == 0)
    assert ", ".join(text for _, text in echo.heard) == ", ".join(PIECES)
    assert statuses(office) == ["done"] * 5


@pytest.mark.parametrize("place", range(3))
async def test_an_album_is_answered_by_its_caption(office: Office, time: Time, place: int) -> None:
    """Wherever that is; the pictures get no answer of their own, also one that comes late."""
    echo = Echo()
    async with office.worker(loads(echo)):
        for number in range(3):
            caption = "deze lamp is kapot" if number == place else ""
            where = await office.write("anna", caption, "image")
        time.later(3.5)
        await until(lambda: office.unhandled(where) == 0)
        await office.write("anna", "", "image")
        time.later(3.5)
        await until(lambda: office.unhandled(where) == 0)
    assert echo.heard == [(where, "deze lamp is kapot")]
    assert office.texts(where) == ["deze lamp is kapot"]


async def test_an_album_without_words_gets_one_answer(office: Office, time: Time) -> None:
    """That the pictures cannot be seen."""
    async with office.worker(loads(Echo())):
        for _ in range(4):
            where = await office.write("anna", "", "image")
        time.later(3.5)
        await until(lambda: office.unhandled(where) == 0)
    (said,) = office.texts(where)
    assert said == built_in_messages.unreadable("image", ()).text
    assert options_of(built_in_messages.unreadable("image", ()))


@pytest.mark.parametrize("words", ["medewerker", "ik ruik gas", "2"])
async def test_what_cannot_wait_does_not(office: Office, words: str) -> None:
    """Neither alone nor in the middle of a thought."""
    async with office.worker(loads(Echo())):
        await office.write("anna", "hallo")
        where = await office.write("anna", words)
        await until(lambda: office.unhandled(where) == 0, 5)
    assert office.texts(where)


async def test_who_keeps_typing_is_answered(office: Office, time: Time) -> None:
    """After four pauses, though the last message came just now."""
    echo = Echo()
    for number in range(8):
        await office.write("anna", f"stuk {number}")
        time.later(2)
    async with office.worker(loads(echo)):
        await until(lambda: bool(echo.heard))
