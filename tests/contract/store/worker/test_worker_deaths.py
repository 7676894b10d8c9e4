"""Workers that die, stop or sleep: who is blamed for it, and that nobody is answered twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from bot.channel_profiles import ChannelProfiles
from bot.conversation.built_in_messages import failed
from bot.store.handover import handovers
from bot.store.notify import notifier
from bot.store.sql.database import Database
from bot.store.sql.tables import conversations
from bot.store.worker import claims, inbox, next_claim
from bot.worker import commit_turn, loop, next_work
from bot.worker.handler import MAX_ATTEMPTS
from bot.worker.worker_config import WorkerConfig
from channels import registry
from tests.support.office import Echo, Office, loads, until
from tests.support.webchat import ROOT

pytestmark = pytest.mark.slow

BROKEN = "wees gegroet"


@pytest.fixture
async def office(database: Database, url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """An empty one."""
    return Office(database, notifier.of(url, tmp_path))


@contextmanager
def worker(
    office: Office, folder: Path, delay: float, name: str = "w1", lease: float = 10.0
) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process; killed at the end."""
    environment = {
        **os.environ,
        "LOKET_ROOT": str(ROOT),
        "LOKET_VAR_DIR": str(folder),
        "LOKET_DATABASE_URL": office.database.url,
        "LOKET_BURST_PAUSE": str(office.config.pause.total_seconds()),
    }
    command = (sys.executable, "-m", "tests.support.echo_worker", str(delay), name, str(lease))
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def noted(office: Office) -> list[int]:
    """The attempts of each conversation that is suspected or in progress."""
    with office.database.read() as conn:
        query = select(claims.noted() / claims.TOKEN).where(conversations.c.attempts.isnot(None))
        return sorted(conn.execute(query).scalars())


def handed_over(office: Office) -> set[str]:
    with office.database.read() as conn:
        return {each.conversation_id for each in handovers.waiting(conn)}


async def test_a_thought_in_pieces_survives_a_kill(office: Office, tmp_path: Path) -> None:
    """Killed in the middle of its turn: two workers answer the whole of it, once."""
    profiles = ChannelProfiles.of(*(each for each in registry.profiles(ROOT) if each.bursts))
    office.channel = next(iter(profiles)).name
    office.config = WorkerConfig(pause=timedelta(seconds=4), channels=profiles)
    for piece in ("hallo", "ik heb een vraag", "over mijn pakket"):
        where = await office.write("anna", piece)
    with worker(office, tmp_path, 3600):
        await until(lambda: noted(office) == [1])
    for piece in ("het is er niet", "waar is het"):
        await office.write("anna", piece)
    with worker(office, tmp_path, 0), worker(office, tmp_path, 0, "w2"):
        await until(lambda: office.unhandled(where) == 0)
    assert office.texts(where) == [
        "echo hallo, ik heb een vraag, over mijn pakket.",
        "echo het is er niet, waar is het.",
    ]


async def test_an_operator_s_kills_blame_nobody(office: Office, tmp_path: Path) -> None:
    """64 conversations in progress, kill -9 three times in a row: all are answered by the bot."""
    ids = [await office.write(f"c{n}", "hallo") for n in range(64)]
    for minimum in (64, 64 + next_work.SUSPECTS, 64 + 2 * next_work.SUSPECTS):
        with worker(office, tmp_path, 3600):
            await until(lambda least=minimum: sum(noted(office)) >= least)
    assert max(noted(office)) < MAX_ATTEMPTS
    with worker(office, tmp_path, 0):
        await until(lambda: not any(map(office.unhandled, ids)))
    assert handed_over(office) == set()
    assert all(office.texts(each) == ["echo hallo."] for each in ids)
    assert noted(office) == []


async def test_a_message_that_kills_workers_is_found(office: Office, tmp_path: Path) -> None:
    """It goes to a person after three deaths; all who were beside it are answered by the bot."""
    ids = [await office.write(f"c{n}", "hallo") for n in range(40)]
    ids[20] = await office.write("poison", "gif")
    deaths = 0
    while any(map(office.unhandled, ids)):
        with worker(office, tmp_path, 0.2) as process:
            await until(lambda: process.poll() is not None or not any(map(office.unhandled, ids)))
            deaths += process.poll() is not None
    assert deaths == MAX_ATTEMPTS
    assert handed_over(office) == {ids[20]}


async def test_a_process_that_slept_changes_nothing(office: Office, tmp_path: Path) -> None:
    """Stopped in the middle of its turns for longer than a lease, it wakes up too late."""
    ids = [await office.write(f"c{n}", "hallo") for n in range(10)]
    with worker(office, tmp_path, 1.0, "w1", 1.0) as first:
        await until(lambda: sum(noted(office)) >= 10)
        with office.database.begin():  # so that it is in no transaction, which nobody could pass
            first.send_signal(signal.SIGSTOP)
        with worker(office, tmp_path, 0.0, "w2", 1.0):
            await until(lambda: not any(map(office.unhandled, ids)))
            first.send_signal(signal.SIGCONT)
            again = [await office.write(f"c{n}", "en nu") for n in range(10)]
            await until(lambda: not any(map(office.unhandled, again)))
            await until(lambda: noted(office) == [])
    assert all(office.texts(each) == ["echo hallo.", "echo en nu."] for each in ids)
    assert handed_over(office) == set()


async def test_a_stop_in_the_middle_of_a_turn(office: Office, tmp_path: Path) -> None:
    """Turns that take longer than a stopping worker may are left as if they had not begun."""
    where = await office.write("a", "hallo")
    for _ in range(MAX_ATTEMPTS):
        with worker(office, tmp_path, 3600) as process:
            await until(lambda: noted(office) == [1])
            process.send_signal(signal.SIGTERM)
            await until(lambda: process.poll() is not None)
        assert noted(office) == []
    with worker(office, tmp_path, 0):
        await until(lambda: office.unhandled(where) == 0)
    assert office.texts(where) == ["echo hallo."]


async def test_two_workers_under_one_name(office: Office) -> None:
    """They take each other's conversations away, and still answer everything once."""
    one, two = Echo(delay=0.05), Echo(delay=0.05)
    ids = [await office.write(f"c{n}", "hallo") for n in range(20)]
    async with office.worker(loads(one), "same"):
        await until(lambda: one.busy != set())
        async with office.worker(loads(two), "same"):
            ids += [await office.write(f"d{n}", "hallo") for n in range(20)]
            await until(lambda: not any(map(office.unhandled, ids)))
    assert all(office.texts(each) == ["hallo"] for each in ids)
    assert noted(office) == []


async def test_a_turn_that_fails_by_itself(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried three times, alone in the end, and then a person gets it; others are answered."""
    monkeypatch.setattr(loop, "RETRY", 0.05)
    echo, beside = Echo(delay=0.05), dict[int, int]()
    real = inbox.done

    def fail(conn: object, inbox_id: int, now: object, intent: str | None) -> None:
        if inbox_id == poison and intent == "greet":
            beside[len(beside)] = len(echo.busy)
            raise ValueError(BROKEN)
        real(conn, inbox_id, now, intent)  # type: ignore[arg-type]  # passes on what it was given

    monkeypatch.setattr(inbox, "done", fail)
    where = await office.write("poison", "hallo")
    with office.database.read() as conn:
        poison = inbox.newest(conn, where)
    others = [await office.write(f"c{n}", "hallo") for n in range(30)]
    async with office.worker(loads(echo)):
        others += [await office.write(f"c{n}", "hallo") for n in range(30, 90)]
        await until(lambda: not any(map(office.unhandled, [where, *others])))
    assert len(beside) == MAX_ATTEMPTS
    assert beside[MAX_ATTEMPTS - 1] == 0
    assert handed_over(office) == {where}
    assert all(office.texts(each) == ["hallo"] for each in others)


async def test_a_lease_that_ran_out_meets_its_own_worker(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that could not renew takes its conversation anew, and drops the turn it was at."""
    echo = Echo(delay=0.3)
    where = await office.write("a", "hallo")
    monkeypatch.setattr(claims, "renew", lambda *_: 0)
    async with office.worker(loads(echo)):
        await until(lambda: echo.busy != set())
        with office.database.begin() as conn:
            conn.execute(conversations.update().values(claimed_until=None))
        await until(lambda: office.unhandled(where) == 0)
        with office.database.read() as conn:
            assert conn.execute(select(func.count(conversations.c.attempts))).scalar() == 0
    assert office.texts(where) == ["hallo"]


async def test_a_claim_whose_answer_was_lost_is_no_attempt(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Committed, and the connection gone: it is given back, however often in a row that happens."""
    real, lost = office.database.run, 0

    async def lossy(fn: object, *args: object, **kwargs: object) -> object:
        nonlocal lost
        result = await real(fn, *args, **kwargs)  # type: ignore[arg-type]  # passes on its own
        if fn in (next_claim.claim, next_claim.suspect) and result and lost < 2 * MAX_ATTEMPTS:
            lost += 1
            raise OperationalError("COMMIT", {}, ConnectionError())
        return result

    monkeypatch.setattr(loop, "RETRY", 0.05)
    monkeypatch.setattr(office.database, "run", lossy)
    async with office.worker(loads(Echo())):
        where = await office.write("a", "hallo")
        await until(lambda: office.unhandled(where) == 0)
    assert lost == 2 * MAX_ATTEMPTS
    assert office.texts(where) == ["hallo"]


async def test_a_message_that_cannot_even_be_handed_over(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the least is done that brings it to a person, and the conversation goes on there."""

    def fail(*_: object) -> None:
        raise ValueError(BROKEN)

    monkeypatch.setattr(loop, "RETRY", 0.05)
    monkeypatch.setattr(commit_turn, "commit", fail)
    where = await office.write("a", "hallo")
    async with office.worker(loads(Echo())):
        await until(lambda: office.unhandled(where) == 0)
        monkeypatch.undo()
        await office.write("a", "bent u daar?")
        await until(lambda: office.unhandled(where) == 0)
    assert handed_over(office) == {where}
    assert office.texts(where)[0] == failed().text
