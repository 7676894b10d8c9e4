"""What counts as hanging: no sign of life for too long, while somebody watched."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.process import watchdog
from bot.process.watchdog import HTTP, Watchdog, WatchdogLimits, answers, watch

LIMITS = WatchdogLimits(silence=10, start=60)
#: Every line that a child could write, and some that it should not.
lines = st.one_of(
    st.tuples(
        st.sampled_from(["expect", "beat", "end"]), st.sampled_from(["worker", "delivery", "x"])
    ).map(" ".join),
    st.sampled_from(["slow ", "prompt ", "", "beat", "beat ", "\ufffd\ufffd x"]),
)


def started(*others: str) -> Watchdog:
    """A watchdog that has heard of the child's own loop and all others."""
    dog = Watchdog("worker", others, LIMITS)
    for name in ("worker", *others):
        dog.beat(name)
    return dog


@given(st.lists(st.floats(0.0, 10.0)))
def test_who_gives_signs_is_never_missed(silences: list[float]) -> None:
    """However the seconds fall, as long as no silence is longer than allowed."""
    dog = started("delivery")
    for silence in silences:
        dog.hear("beat worker")
        dog.hear("beat delivery")
        for _ in range(int(silence)):
            assert dog.tick(1.0) is None


@given(st.lists(lines), st.sampled_from(["worker", "delivery"]))
def test_who_gives_no_more_signs_is_missed_whatever_else_is_heard(
    heard: list[str], silent: str
) -> None:
    """A loop that ended as it should is not; the process's own loop cannot end and stay."""
    dog = started("delivery")
    for line in heard:
        dog.hear(line)
    dog.hear("prompt ")
    dog.hear(f"expect {silent}")
    dog.hear(f"beat {silent}")
    others = {"worker", "delivery", "x"} - {silent}
    for _ in range(10):
        for other in others:
            dog.hear(f"beat {other}")
        assert dog.tick(1.0) is None
    for other in others:
        dog.hear(f"beat {other}")
    missing = dog.tick(1.0)
    assert missing is not None
    assert missing.endswith("for 10 s")
    assert ("loop delivery" in missing) == (silent == "delivery")


@given(st.lists(st.floats(0.0, 1e7), max_size=4))
def test_time_in_which_nobody_watched_does_not_count(gaps: list[float]) -> None:
    """A laptop that slept, a machine that was paused, a supervisor that was stopped."""
    dog = started("delivery", HTTP)
    for gap in gaps:
        assert dog.tick(gap) is None


@given(st.lists(lines, max_size=30), st.lists(st.floats(0, 1e6), max_size=30))
def test_no_line_and_no_clock_upsets_it(heard: list[str], elapsed: list[float]) -> None:
    dog = Watchdog("worker", (HTTP,), LIMITS)
    for line in heard:
        dog.hear(line)
    for seconds in elapsed:
        dog.tick(seconds)


def missed_after(dog: Watchdog) -> tuple[int, str]:
    for second in range(1, 1000):
        if missing := dog.tick(1.0):
            return second, missing
    raise AssertionError("nothing is missed")


def test_a_start_may_take_longer_but_not_for_ever() -> None:
    """A slow machine gets its time; a child that never comes to life is noticed."""
    assert missed_after(Watchdog("web", (), LIMITS)) == (61, "gives no sign of life for 60 s")


def test_a_loop_that_is_announced_must_come() -> None:
    """A thread that died before its loop ran."""
    dog = started()
    dog.hear("expect delivery")
    for _ in range(60):
        dog.hear("beat worker")
        assert dog.tick(1.0) is None
    dog.hear("beat worker")
    assert dog.tick(1.0) == "gives no sign of life of its loop delivery for 60 s"


def test_a_child_may_be_slow_while_it_says_so() -> None:
    """Importing TensorFlow holds every loop of the process."""
    dog = started("delivery")
    dog.hear("slow ")
    assert missed_after(dog) == (61, "gives no sign of life for 60 s")
    dog = started()
    dog.hear("slow ")
    for _ in range(50):
        assert dog.tick(1.0) is None
    dog.hear("prompt ")
    assert missed_after(dog) == (11, "gives no sign of life for 10 s")


def test_a_loop_that_ended_as_it_should_is_not_missed() -> None:
    dog = started("delivery")
    dog.hear("end delivery")
    for _ in range(100):
        dog.hear("beat worker")
        assert dog.tick(1.0) is None


def test_a_process_whose_own_loop_ended_must_end() -> None:
    """It hangs on a thread, say."""
    dog = started()
    dog.hear("end worker")
    assert missed_after(dog) == (11, "gives no sign of life for 10 s")


def test_silence_over_http_is_called_so() -> None:
    dog = started(HTTP)
    for _ in range(10):
        dog.hear("beat worker")
        dog.tick(1.0)
    assert dog.tick(1.0) == "answers no HTTP for 10 s"


async def test_signs_are_read_from_the_pipe() -> None:
    """In pieces as they come; a child that closes its end is missed in time."""
    read, write = os.pipe()
    limits = WatchdogLimits(silence=0.5, start=30)
    watching = asyncio.create_task(watch(read, None, "worker", limits))
    try:
        for piece in (b"expect wor", b"ker\nexpect deli", b"very\nbeat worker\nbe"):
            os.write(write, piece)
            await asyncio.sleep(0.05)
        os.close(write)
        assert await watching == "gives no sign of life for 0.5 s"
    finally:
        watching.cancel()
        os.close(read)


@asynccontextmanager
async def server(answer: bytes | None) -> AsyncIterator[int]:
    """A server that gives one answer to everything, or none."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if answer is None:
            await reader.read()  # until the other side goes away
        else:
            writer.write(answer)
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        await listening.wait_closed()


@pytest.mark.parametrize(
    ("answer", "well"),
    [
        (b"HTTP/1.1 200 OK\r\nServer: Loket\r\n\r\nok\n", True),
        (b"HTTP/1.1 200 OK\r\nserver: Loket\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\nok\n", False),
        (b"HTTP/1.1 200 OK\r\n\r\nok\n", False),
        (b"HTTP/1.1 503 Service Unavailable\r\nServer: Loket\r\n\r\n", False),
        (b"", False),
        (b"SSH-2.0-OpenSSH_9.2\r\n", False),
        (b"x" * 200_000, False),
    ],
)
async def test_only_an_answer_of_200_that_is_loket_s_own_is_one(answer: bytes, well: bool) -> None:
    async with server(answer) as port:
        assert await answers("127.0.0.1", port) is well


async def test_a_server_that_says_nothing_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor one whose loop is stopped, where only the kernel connects, nor none at all."""
    monkeypatch.setattr(watchdog, "_PROBE", 0.3)
    async with server(None) as port:
        assert not await answers("127.0.0.1", port)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        assert not await answers("127.0.0.1", port)
        listening.listen()
        assert not await answers("127.0.0.1", port)
