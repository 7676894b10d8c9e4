"""Conversations of agents who are gone go back by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection

from bot.desk.conversations import absent_agents
from bot.desk.conversations.absent_agents import AbsenceWatch
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.conversations.planning import Planning
from bot.desk.conversations.service import Service
from bot.desk.conversations.transfers import Transfers
from bot.store.conversation import conversations
from bot.store.desk import agents, planned_replies
from bot.store.desk.planned_replies import PlannedReply
from bot.store.notify import notifier
from bot.store.sql.database import Database
from tests.support.desk import MINUTE, NOW, ORGANISATION, person, queued, service


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
    monkeypatch.setattr(absent_agents, "PAUSE", 0.01)
    desk = Service(DeskContext(ORGANISATION, away=timedelta(0)))
    with database.begin() as conn:
        samira, conversation_id = person(conn), queued(conn)
        desk.take(conn, conversation_id, samira, NOW)
    bell = notifier.of(database.url, tmp_path)
    times = iter([ValueError("the clock is broken")])

    def clock() -> object:
        for error in times:
            raise error
        return NOW + MINUTE

    looking = AbsenceWatch(database, desk, bell, clock)  # type: ignore[arg-type]
    async with bell.listen("outbox") as listener:
        await looking.start(None, asyncio.get_running_loop())
        rung = await listener.wait(30)
    await looking.stop(None, asyncio.get_running_loop())
    bell.close()
    assert rung == conversation_id
    with database.read() as conn:
        assert conversations.get(conn, conversation_id).owner == "queued"


async def test_nobody_is_gone_before_anybody_could_be_seen(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a start, and after a failure, it waits as long as an agent may be away."""
    monkeypatch.setattr(absent_agents, "PAUSE", 0.01)
    looks = iter(("60", "broken", "61", "75", "76"))
    asked: list[tuple[str, bool]] = []
    enough = asyncio.Event()

    class Asked(Transfers):
        """A desk that tells what it was asked."""

        __slots__ = ()

        def release_lost(
            self, conn: Connection, now: datetime, *, unseen: bool = True
        ) -> tuple[str, ...]:
            asked.append((str((now - NOW) // MINUTE), unseen))
            return super().release_lost(conn, now, unseen=unseen)

    def clock() -> datetime:
        minute = next(looks, "")
        if not minute:
            enough.set()
        return NOW + int(minute or "77") * MINUTE  # "broken" is no number

    bell = notifier.of(database.url, tmp_path)
    desk = Service(DeskContext(ORGANISATION))
    object.__setattr__(desk, "transfers", Asked(desk.desk))
    looking = AbsenceWatch(database, desk, bell, clock)
    await looking.start(None, asyncio.get_running_loop())
    await enough.wait()
    await looking.stop(None, asyncio.get_running_loop())
    bell.close()
    assert asked[:4] == [("60", False), ("61", False), ("75", False), ("76", True)]


async def test_who_may_not_log_in_any_more_is_gone_at_once(
    database: Database, tmp_path: Path
) -> None:
    """With the first look, and only they."""
    desk = Service(DeskContext(ORGANISATION))
    with database.begin() as conn:
        samira, tom = person(conn), person(conn, "Tom")
        gone, stays = queued(conn), queued(conn, "bert")
        desk.take(conn, gone, samira, NOW)
        desk.take(conn, stays, tom, NOW)
        agents.change(conn, samira.id, active=False)
    bell = notifier.of(database.url, tmp_path)
    looking = AbsenceWatch(database, desk, bell, lambda: NOW + 60 * MINUTE)
    async with bell.listen("outbox") as listener:
        await looking.start(None, asyncio.get_running_loop())
        rung = await listener.wait(30)
    await looking.stop(None, asyncio.get_running_loop())
    bell.close()
    assert rung == gone
    with database.read() as conn:
        owners = [conversations.get(conn, each).owner for each in (gone, stays)]
    assert owners == ["queued", "human"]


async def test_an_answer_that_fails_keeps_no_other_waiting(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each planned answer goes by itself."""
    desk = service()
    with database.begin() as conn:
        samira = person(conn)
        broken, fine = queued(conn), queued(conn, "bert")
        for each in (broken, fine):
            desk.take(conn, each, samira, NOW)
            planned_replies.add(conn, each, samira.id, each, "Tot straks", NOW, NOW)
    send = Planning.send

    def sent(planning: Planning, conn: Connection, planned: PlannedReply, now: datetime) -> bool:
        done = send(planning, conn, planned, now)
        if planned.conversation_id == broken:
            raise ValueError("after all")
        return done

    monkeypatch.setattr(Planning, "send", sent)
    bell = notifier.of(database.url, tmp_path)
    looking = AbsenceWatch(database, desk, bell, lambda: NOW + MINUTE)
    async with bell.listen("outbox") as listener:
        await looking.start(None, asyncio.get_running_loop())
        rung = await listener.wait(30)
    await looking.stop(None, asyncio.get_running_loop())
    bell.close()
    assert rung == fine
    with database.read() as conn:
        left = [len(planned_replies.of(conn, each)) for each in (broken, fine)]
    assert left == [1, 0]
