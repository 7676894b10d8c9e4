"""Workers whose model loads, beside others that have theirs: who waits for whom, and how long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert

from bot.conversation import built_in_messages
from bot.core.interface import Assistant, AssistantTurn
from bot.errors import ModelMissing
from bot.store.handover import handovers
from bot.store.notify import notifier
from bot.store.sql import tables
from bot.store.sql.database import Database
from bot.store.worker import heartbeats
from bot.store.worker.heartbeats import Heartbeat
from bot.worker import assistant_loading, loop, triage
from bot.worker.triage import needs_no_model
from tests.support.office import Echo, Office, loads, until

Load = Callable[[], Awaitable[Assistant]]


async def never() -> Assistant:
    """A model that does not come."""
    await asyncio.Event().wait()
    raise AssertionError


async def broken() -> Assistant:
    """A model that cannot be loaded."""
    raise ModelMissing("There is no model.")


def gated(echo: Echo) -> tuple[Load, asyncio.Event]:
    """A model that is there once the event is set."""
    gate = asyncio.Event()

    async def load() -> Assistant:
        await gate.wait()
        return echo

    return load, gate


class Held(Echo):
    """Says nothing before it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may = asyncio.Event()

    async def turn(self, *args: str, **kwargs: Any) -> AssistantTurn:
        """One echo, when it may."""
        self.busy.add(args[0])
        await self.may.wait()
        self.busy.discard(args[0])
        return await super().turn(*args, **kwargs)


@pytest.fixture
async def office(database: Database, url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """An empty one."""
    return Office(database, notifier.of(url, tmp_path))


def claimed(office: Office) -> int:
    """How many conversations somebody works on."""
    with office.database.read() as conn:
        rows = conn.execute(tables.conversations.select().where(tables.conversations.c.claim != ""))
        return len(rows.all())


def beat(office: Office, at: datetime) -> None:
    """The last sign of life of a worker that has its model."""
    with office.database.begin() as conn:
        heartbeats.beat(conn, Heartbeat("w2", "worker", at, at, ready=True))


def queued(office: Office, conversation_id: str) -> bool:
    return office.conversation(conversation_id).owner == "queued"


async def looks(office: Office, count: int) -> None:
    """Waits until a loading worker has looked through the backlog so often."""
    seen = 0

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        nonlocal seen
        seen += "received_at <=" in statement

    event.listen(office.database._engines.read, "before_cursor_execute", note)
    try:
        await until(lambda: seen >= count)
    finally:
        event.remove(office.database._engines.read, "before_cursor_execute", note)


async def test_a_loading_worker_claims_nothing_that_it_cannot_answer(office: Office) -> None:
    """So one that becomes ready meanwhile, however many wait, answers them all at once."""
    ids = [await office.write(f"c{n}", "hallo") for n in range(80)]
    echo, late = Echo(), Echo()
    load, gate = gated(late)
    async with office.worker(load, "w1"):
        await looks(office, 3)
        assert claimed(office) == 0
        async with office.worker(loads(echo), "w2"):
            await until(lambda: not any(map(office.unhandled, ids)))
        gate.set()
        await office.write("c0", "nog iets")
        await until(lambda: late.heard != [])
    assert [text for _, text in late.heard] == ["nog iets"]
    assert len(echo.heard) == 80


async def test_the_first_to_have_its_model_answers(office: Office) -> None:
    """Two that load at once: what waits is free for either."""
    first, second = Echo(), Echo()
    slow, slow_gate = gated(first)
    quick, quick_gate = gated(second)
    ids = [await office.write(f"c{n}", "hallo") for n in range(20)]
    async with office.worker(slow, "w1"), office.worker(quick, "w2"):
        await looks(office, 4)
        quick_gate.set()
        await until(lambda: not any(map(office.unhandled, ids)))
        slow_gate.set()
    assert len(second.heard) == 20


async def test_a_saturated_worker_gets_help_with_what_needs_no_model(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the ready one has all it can do, a loading one gives people to who asks for them."""
    monkeypatch.setattr(loop, "CONCURRENCY", 2)
    monkeypatch.setattr(triage, "OVERDUE", timedelta(seconds=0.3))
    echo = Held()
    async with office.worker(loads(echo), "w1"):
        for number in range(3):
            await office.write(f"c{number}", "hallo")
        await until(lambda: len(echo.busy) == 2)
        async with office.worker(never, "w2"):
            asking = await office.write("asking", "medewerker")
            await until(lambda: queued(office, asking))
            await looks(office, 3)
        with office.database.read() as conn:
            assert len(handovers.waiting(conn)) == 1
        echo.may.set()
        await until(lambda: len(echo.heard) == 3)


async def test_what_a_ready_worker_does_is_left_to_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also who asks for a person, as long as it keeps up and gives signs of life."""
    monkeypatch.setattr(triage, "OVERDUE", timedelta(hours=1))
    now = datetime.now(UTC)
    beat(office, now + heartbeats.KEPT)  # fresh, however slow this machine is
    async with office.worker(never, "w1"):
        asking = await office.write("asking", "medewerker")
        await looks(office, 2)
        assert office.unhandled(asking) == 1
        beat(office, now - heartbeats.FRESH)
        await until(lambda: queued(office, asking))


async def test_a_worker_without_a_model_leaves_all_else_to_one_that_has_it(
    office: Office,
) -> None:
    """One whose model is broken gives people to nobody as long as another is there."""
    now = datetime.now(UTC)
    beat(office, now + heartbeats.KEPT)  # fresh, however slow this machine is
    where = await office.write("a", "waar is mijn pakket")
    async with office.worker(broken, "w1"):
        await looks(office, 3)
        assert office.unhandled(where) == 1
        beat(office, now - heartbeats.FRESH)  # ten seconds later
        await until(lambda: queued(office, where))


async def test_the_first_load_is_not_waited_for_for_ever(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After it, customers get a person, and the queue knows that the system failed."""
    monkeypatch.setattr(assistant_loading, "FIRST_LOAD", 0.3)
    where = await office.write("a", "waar is mijn pakket")
    async with office.worker(never):
        await until(lambda: queued(office, where))
    with office.database.read() as conn:
        (waiting,) = handovers.waiting(conn)
    assert waiting.reason == "system_failure"


async def test_a_worker_that_stops_is_not_ready(office: Office) -> None:
    """It says so before it finishes its turns, and nobody misses it."""
    echo = Echo(delay=0.5)
    async with office.worker(loads(echo)):

        def ready() -> bool:
            with office.database.read() as conn:
                return heartbeats.any_ready(conn, datetime.now(UTC) - heartbeats.FRESH)

        await until(ready)
        where = await office.write("a", "hallo")
        await until(lambda: bool(echo.busy))
    assert not ready()
    assert office.texts(where) == ["hallo"]


async def test_a_look_costs_the_same_whatever_waits(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thousands wait for a model: who asks for a person, new or old, is found in parts."""
    now = datetime.now(UTC)
    rows = [
        {
            "id": f"{number:032x}",
            "channel": "webchat",
            "address": f"x{number}",
            "owner": "bot",
            "session": 0,
            "disclosed": False,
            "turns_since_disclosure": 0,
            "rating_asked": False,
            "created_at": now,
        }
        for number in range(1200)
    ]
    words = {600: "medewerker"}
    messages = [
        {
            "conversation_id": row["id"],
            "channel": "webchat",
            "message_id": f"old{number}",
            "text": words.get(number, "waar is mijn pakket"),
            "received_at": now,
            "status": "new",
        }
        for number, row in enumerate(rows)
    ]
    with office.database.begin() as conn:
        conn.execute(insert(tables.conversations), rows)
        conn.execute(insert(tables.inbox), messages)
    most = 0
    real = triage.needs_no_model
    judged: list[int] = []

    def look(*args: object) -> object:
        before = len(judged)
        found = real_look(*args)
        nonlocal most
        most = max(most, len(judged) - before)
        return found

    def judge(owner: object, said: object) -> bool:
        judged.append(1)
        return real(owner, said)  # type: ignore[arg-type]  # passes on what it was given

    real_look = triage._look
    monkeypatch.setattr(triage, "needs_no_model", judge)
    monkeypatch.setattr(triage, "_look", look)
    async with office.worker(never):
        new = await office.write("new", "medewerker")
        await until(lambda: queued(office, new) and queued(office, rows[600]["id"]))
    assert 0 < most <= 2 * triage.PART


@pytest.mark.parametrize(
    ("owner", "said", "expected"),
    [
        ("bot", [("hallo", None)], False),
        ("bot", [("hallo", None), ("medewerker", None)], True),
        ("closed", [("hallo", None)], False),
        ("queued", [("mijn nummer is PP-100234", None)], True),
        ("queued", [("ja", built_in_messages.RESUME)], False),
        ("queued", [("2", None)], False),
        ("human", [("2", None)], True),
    ],
)
def test_what_needs_no_model(owner: object, said: object, expected: bool) -> None:
    """A person is asked for, waited for, or there."""
    assert needs_no_model(owner, said) is expected  # type: ignore[arg-type]  # of the table above
