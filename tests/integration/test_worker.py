"""The worker's loop: order, patience while a model loads, and what a stop or a crash leaves."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.interface import Assistant
from bot.errors import ModelMissing
from bot.store.conversation import conversations
from bot.store.handover import handovers
from bot.store.notify import notifier
from bot.store.sql.database import Database
from bot.store.worker import inbox, next_claim
from bot.worker.leases import LEASE
from tests.support.office import Echo, Office, loads, until
from tests.support.turns import claimant


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """A fresh one."""
    url = f"sqlite:///{tmp_path}/loket.db"
    database = Database(url)
    database.upgrade()
    yield Office(database, notifier.of(url, tmp_path))
    database.dispose()


async def test_order_within_and_side_by_side_between(office: Office) -> None:
    """Each conversation is answered in order; different ones at the same time."""
    echo = Echo(delay=0.05)
    ids = dict.fromkeys("abcd", "")
    for number in range(5):
        for sender in ids:
            ids[sender] = await office.write(sender, f"bericht {number}")
    async with office.worker(loads(echo)):
        await until(lambda: len(echo.heard) == 20)
    for conversation_id in ids.values():
        assert office.texts(conversation_id) == [f"bericht {number}" for number in range(5)]
    assert echo.side_by_side == 4


async def test_a_message_that_comes_in_during_a_turn(office: Office) -> None:
    """It waits for the turn and is then answered, without waiting for a poll."""
    echo = Echo(delay=0.2)
    async with office.worker(loads(echo)):
        conversation_id = await office.write("a", "een")
        await until(lambda: bool(echo.busy))
        await office.write("a", "twee")
        await until(lambda: len(echo.heard) == 2, 0.9)
    assert office.texts(conversation_id) == ["een", "twee"]


async def test_the_escape_word_does_not_wait_for_a_model(office: Office) -> None:
    """While a model loads, who asks for a person gets one; others are answered when it is there."""
    ready = asyncio.Event()
    echo = Echo()

    async def load() -> Assistant:
        await ready.wait()
        return echo

    async with office.worker(load):
        patient = await office.write("patient", "hallo daar")
        hasty = await office.write("hasty", "MEDEWERKER!!")

        def queued() -> bool:
            with office.database.read() as conn:
                return conversations.get(conn, hasty).owner == "queued"

        await until(queued)
        assert office.unhandled(patient) == 1
        ready.set()
        await until(lambda: office.texts(patient) == ["hallo daar"])


async def test_who_waits_for_a_person_does_not_wait_for_a_model(office: Office) -> None:
    """While a model loads, a message in the queue is noted, and the call-back form goes on."""

    async def never() -> Assistant:
        await asyncio.Event().wait()
        raise AssertionError

    conversation_id = await office.write("a", "medewerker")
    async with office.worker(never):
        await until(lambda: office.unhandled(conversation_id) == 0)
        await office.write("a", "bel mij terug")
        await until(lambda: office.unhandled(conversation_id) == 0)
    with office.database.read() as conn:
        (waiting,) = handovers.waiting(conn)
    assert waiting.form is not None


async def test_a_model_that_cannot_be_loaded(office: Office) -> None:
    """Then every customer gets a person, and the queue says that the system failed."""

    async def load() -> Assistant:
        raise ModelMissing("There is no model.")

    async with office.worker(load):
        conversation_id = await office.write("a", "waar is mijn pakket")
        await until(lambda: office.unhandled(conversation_id) == 0)
    with office.database.read() as conn:
        (waiting,) = handovers.waiting(conn)
    assert waiting.reason == "system_failure"


async def test_a_stop_while_loading_loses_nothing(office: Office) -> None:
    """A worker stopped before its model was there leaves the message for the next one."""

    async def never() -> Assistant:
        await asyncio.Event().wait()
        raise AssertionError

    conversation_id = await office.write("a", "hallo daar")
    async with office.worker(never):
        await asyncio.sleep(0.3)
    assert office.unhandled(conversation_id) == 1
    async with office.worker(loads(Echo())):
        await until(lambda: office.texts(conversation_id) == ["hallo daar"])


async def test_a_worker_frees_the_claims_of_its_former_life(office: Office) -> None:
    """Killed and started again under its name, it does not wait for its own lease to run out."""
    conversation_id = await office.write("a", "hallo daar")
    await office.database.run(
        next_claim.claim, claimant(datetime.now(UTC), "w1", timedelta(minutes=1))
    )
    async with office.worker(loads(Echo()), name="w1"):
        await until(lambda: office.texts(conversation_id) == ["hallo daar"], 2)


async def test_another_worker_takes_over_after_the_lease(office: Office) -> None:
    """What a vanished worker held is free when its lease runs out."""
    conversation_id = await office.write("a", "hallo daar")
    past = datetime.now(UTC) - LEASE + timedelta(seconds=0.5)
    await office.database.run(next_claim.claim, claimant(past, "gone"))
    async with office.worker(loads(Echo()), name="w2"):
        await asyncio.sleep(0.2)
        assert office.unhandled(conversation_id) == 1
        await until(lambda: office.texts(conversation_id) == ["hallo daar"], 4)


async def test_a_failing_conversation_is_tried_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write that fails is no loss: the message is handled again, and answered once."""
    echo = Echo()
    real = inbox.done
    failures = iter([True, False])

    def flaky(*args: object) -> None:
        if next(failures, False):
            raise OSError("away")
        real(*args)  # type: ignore[arg-type]  # passes on what it was given

    monkeypatch.setattr(inbox, "done", flaky)
    async with office.worker(loads(echo)):
        conversation_id = await office.write("a", "hallo daar")
        await until(lambda: office.unhandled(conversation_id) == 0)
    assert office.texts(conversation_id) == ["hallo daar"]
    assert len(echo.heard) == 2


async def test_two_workers_share_the_work(office: Office) -> None:
    """Two workers on one database answer everything once."""
    one, two = Echo(delay=0.02), Echo(delay=0.02)
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(office.worker(loads(one), "w1"))
        await stack.enter_async_context(office.worker(loads(two), "w2"))
        ids = {await office.write(f"c{n % 10}", f"bericht {n}") for n in range(40)}
        await until(lambda: len(one.heard) + len(two.heard) >= 40)
        await until(lambda: not any(office.unhandled(each) for each in ids))
    assert sum(len(office.texts(each)) for each in ids) == 40
