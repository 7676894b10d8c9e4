"""Wake-ups between tasks and between processes, by pipes and by PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.store.notify import notifier, typing_signs
from bot.store.notify.notifier import Notifier
from bot.store.notify.notifier_pipes import PipeNotifier
from bot.store.notify.typing_signs import TypingSign

ROOT = Path(__file__).parents[4]

#: Listens to a topic, says so, and prints each key it hears.
LISTENER = """
import asyncio, sys
from pathlib import Path
from bot.store.notify import notifier

async def main():
    async with notifier.of(sys.argv[1], Path(sys.argv[2])).listen("outbox") as listener:
        print("listening", flush=True)
        while True:
            print(repr(await listener.wait(30)), flush=True)

asyncio.run(main())
"""


@pytest.fixture
def address(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database URL; the notifier needs no tables."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'loket.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def bell(address: str, tmp_path: Path) -> Iterator[Notifier]:
    """A process's notifier."""
    made = notifier.of(address, tmp_path)
    yield made
    made.close()


@pytest.fixture
def other_bell(address: str, tmp_path: Path) -> Iterator[Notifier]:
    """Another process's notifier."""
    made = notifier.of(address, tmp_path)
    yield made
    made.close()


@pytest.fixture
def start_listener(address: str, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts processes that listen to "outbox"."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", LISTENER, address, str(tmp_path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "listening\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


async def test_a_ring_is_heard(bell: Notifier, other_bell: Notifier) -> None:
    """By every listener of the topic, with its key, within a moment."""
    async with bell.listen("outbox") as one, other_bell.listen("outbox") as two:
        bell.ring("outbox", "abc")
        assert await one.wait(5) == "abc"
        assert await two.wait(5) == "abc"
        assert await one.wait(0.05) is None


async def test_topics_are_apart(bell: Notifier) -> None:
    """A ring on one is not heard on another."""
    async with bell.listen("inbox") as inbox, bell.listen("outbox") as outbox:
        bell.ring("outbox", "abc")
        assert await outbox.wait(5) == "abc"
        assert await inbox.wait(0.05) is None


async def test_a_sign_of_typing_reaches_another_process(
    bell: Notifier, other_bell: Notifier
) -> None:
    """As it was told, and only who listens for it."""
    signs = TypingSign("a" * 32, typing=True), TypingSign("a" * 32, typing=False)
    async with other_bell.listen(typing_signs.TOPIC) as heard, bell.listen("outbox") as outbox:
        for sign in signs:
            sign.ring(bell)
            key = await heard.wait(5)
            assert key is not None
            assert TypingSign.heard(key) == sign
        assert await outbox.wait(0.05) is None


async def test_rings_wait_and_the_same_key_counts_once(bell: Notifier) -> None:
    """Nothing rung before or between waits is missed."""
    async with bell.listen("outbox") as listener:
        for key in ("a", "b", "a", "a", "c"):
            bell.ring("outbox", key)
        heard: list[str | None] = []
        while "c" not in heard:
            heard.append(await listener.wait(5))
        assert list(dict.fromkeys(heard)) == ["a", "b", "c"]


async def test_more_rings_than_fit_become_one_for_everybody(bell: Notifier) -> None:
    """Keys may be lost then, the wake-up is not; ringing does not wait."""
    async with bell.listen("outbox") as listener:
        for number in range(5000):  # the event loop, and so the listener, stands still
            bell.ring("outbox", f"{number:032}")
        heard: list[str | None] = []
        while "" not in heard:
            heard.append(await listener.wait(5))
        assert None not in heard


@pytest.mark.parametrize("key", ["", "é", "two\nlines", "x" * 10_000, "nul\0"])
async def test_a_key_that_cannot_be_sent_rings_for_everybody(bell: Notifier, key: str) -> None:
    """Rather than fail."""
    async with bell.listen("outbox") as listener:
        bell.ring("outbox", key)
        assert await listener.wait(5) == ""


async def test_ringing_with_nobody_there(bell: Notifier) -> None:
    """Before anybody listened, and after they left."""
    bell.ring("outbox", "a")
    async with bell.listen("outbox"):
        pass
    bell.ring("outbox", "b")
    bell.ring("inbox")


async def test_rings_from_threads(bell: Notifier) -> None:
    """The worker commits on threads."""
    async with bell.listen("outbox") as listener:
        await asyncio.gather(
            *(asyncio.to_thread(bell.ring, "outbox", str(number)) for number in range(20))
        )
        heard = {await listener.wait(5) for _ in range(20)}
        assert heard == {str(number) for number in range(20)}


def test_a_ring_reaches_other_processes(
    bell: Notifier, start_listener: Callable[[], subprocess.Popen[str]]
) -> None:
    """Two of them; and when one was killed the other still hears."""
    first, second = start_listener(), start_listener()
    assert first.stdout is not None
    assert second.stdout is not None
    bell.ring("outbox", "abc")
    assert first.stdout.readline() == second.stdout.readline() == "'abc'\n"
    first.send_signal(signal.SIGKILL)
    first.wait()
    bell.ring("outbox", "def")
    bell.ring("outbox", "ghi")
    assert second.stdout.readline() == "'def'\n"
    assert second.stdout.readline() == "'ghi'\n"


def test_a_ring_reaches_from_another_process(address: str, tmp_path: Path) -> None:
    """Also when that process ends right after ringing."""
    program = (
        "import sys; from pathlib import Path; from bot.store.notify import notifier;"
        "bell = notifier.of(sys.argv[1], Path(sys.argv[2]));"
        "bell.ring('outbox', 'abc'); bell.close()"
    )

    async def hear() -> str | None:
        bell = notifier.of(address, tmp_path)
        async with bell.listen("outbox") as listener:
            ringer = await asyncio.create_subprocess_exec(
                sys.executable, "-c", program, address, str(tmp_path), cwd=ROOT
            )
            heard = await listener.wait(20)
            await ringer.wait()
        bell.close()
        return heard

    assert asyncio.run(hear()) == "abc"


async def test_pipes_of_the_dead_are_removed(tmp_path: Path) -> None:
    """And those of the living are not, nor other files touched."""
    folder = tmp_path / "bells"
    bell = PipeNotifier(folder)
    async with bell.listen("outbox") as listener:
        dead = folder / "outbox.1.dead"
        os.mkfifo(dead)
        elsewhere = folder / "inbox.1.dead"
        os.mkfifo(elsewhere)
        bell.ring("outbox", "a")
        assert await listener.wait(5) == "a"
        assert not dead.exists()
        assert elsewhere.exists()
        bell.ring("outbox", "b")
        assert await listener.wait(5) == "b"
    assert list(folder.iterdir()) == [elsewhere]


async def test_long_paths_work(tmp_path: Path) -> None:
    """Far beyond the 108 bytes of a socket's address."""
    bell = PipeNotifier(tmp_path / ("very-long-name-" * 10) / ("even-longer-" * 15))
    async with bell.listen("outbox") as listener:
        bell.ring("outbox", "a")
        assert await listener.wait(5) == "a"


async def test_bells_are_for_their_owner_only(tmp_path: Path) -> None:
    """Nobody else on the machine may read whose conversation goes on."""
    async with PipeNotifier(tmp_path / "bells").listen("outbox"):
        pipe = next((tmp_path / "bells").iterdir())
        assert pipe.stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "bells").stat().st_mode & 0o777 == 0o700


def test_ringing_survives_a_folder_that_is_a_file(tmp_path: Path) -> None:
    """A broken bell is not worth an exception in a turn that has been committed."""
    (tmp_path / "bells").write_text("")
    PipeNotifier(tmp_path / "bells").ring("outbox", "a")


@pytest.mark.postgres
async def test_a_lost_connection_is_made_again(postgres_url: str, tmp_path: Path) -> None:
    """The listener is told that something may have been missed, and both sides go on."""
    bell = notifier.of(postgres_url, tmp_path)
    async with bell.listen("outbox") as listener:
        bell.ring("outbox", "a")
        assert await listener.wait(5) == "a"
        engine = create_engine(postgres_url, future=True)
        with engine.begin() as conn:
            conn.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        engine.dispose()
        assert await listener.wait(10) == ""
        bell.ring("outbox", "b")
        assert await listener.wait(10) == "b"
    bell.close()


async def test_a_database_that_is_away_does_not_stop_a_start(tmp_path: Path) -> None:
    """Listening begins, ringing returns at once, and closing does not hang."""
    bell = notifier.of("postgresql://nobody@127.0.0.1:1/none", tmp_path)
    async with bell.listen("outbox") as listener:
        bell.ring("outbox", "a")
        assert await listener.wait(0.05) is None
    bell.close()
