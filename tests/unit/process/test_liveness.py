"""Loops give signs of life to whoever supervises their process."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.process import liveness
from bot.process.liveness import PIPE, Liveness, ToSystemd


async def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


class Heard:
    """Collects what is told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, kind: str, name: str) -> None:
        self.lines.append(f"{kind} {name}".strip())


async def test_a_loop_beats_from_where_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """One in a thread of its own is announced beforehand and beats by itself."""
    monkeypatch.setattr(liveness, "EVERY", 0.01)
    heard, go_on = Heard(), threading.Event()
    beat = Liveness(heard).register("delivery")
    assert heard.lines == ["expect delivery"]

    async def deliver() -> None:
        async with beat.beating():
            await asyncio.to_thread(go_on.wait)

    thread = threading.Thread(target=lambda: asyncio.run(deliver()))
    thread.start()
    await until(lambda: heard.lines.count("beat delivery") >= 3)
    go_on.set()
    thread.join(30)
    assert heard.lines[-1] == "end delivery"


async def test_a_loop_that_fails_says_no_goodbye(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is to be missed."""
    heard = Heard()

    async def fail() -> None:
        async with Liveness(heard).register("delivery").beating():
            await asyncio.sleep(0)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    count = len(heard.lines)
    await asyncio.sleep(0.05)
    assert "end delivery" not in heard.lines
    assert len(heard.lines) == count


def test_slowness_ends_also_when_what_was_slow_fails() -> None:
    heard = Heard()
    with pytest.raises(ZeroDivisionError), Liveness(heard).slow():
        raise ZeroDivisionError
    assert heard.lines == ["slow", "prompt"]


def run(code: str, environment: dict[str, str], *pipes: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        pass_fds=pipes,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


FULL = """
import asyncio, os, subprocess, sys
from bot.process.liveness import Liveness, PIPE
beats = Liveness.of_this_process()
beat = beats.register("worker")
for _ in range(20000):
    beats.register("worker")
print(PIPE in os.environ, subprocess.run(["ls", "/proc/self/fd"], close_fds=False,
    capture_output=True, text=True).stdout.split())
"""


def test_a_supervisor_that_does_not_read_holds_nobody_up() -> None:
    """The pipe fills; what does not fit is dropped. Programs started from there know no pipe."""
    read, write = os.pipe()
    done = run(FULL, {PIPE: str(write)}, write)
    os.close(write)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("False ")
    assert f"'{write}'" not in done.stdout
    with os.fdopen(read) as told:
        assert set(told.read().splitlines()) == {"expect worker"}


def test_a_supervisor_that_is_gone_holds_nobody_up() -> None:
    read, write = os.pipe()
    os.close(read)
    done = run(FULL, {PIPE: str(write)}, write)
    os.close(write)
    assert done.returncode == 0, done.stderr


def test_a_process_shows_where_it_is_without_values() -> None:
    """For who is called at night; what customers wrote stays out."""
    code = """
import os, signal
from bot.process.liveness import Liveness, SHOW_PLACES
Liveness.of_this_process()
def in_a_turn(text):
    os.kill(os.getpid(), SHOW_PLACES)
in_a_turn("mijn naam is " + "Jansen")
print("goes on")
"""
    done = run(code, {})
    assert done.stdout == "goes on\n"
    assert "in_a_turn" in done.stderr
    assert "Jansen" not in done.stderr


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    """The socket that systemd listens on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(str(tmp_path / "notify"))
        notify.setblocking(False)
        yield notify


def told(notify: socket.socket) -> list[str]:
    found = []
    while True:
        try:
            found.append(notify.recv(4096).decode())
        except BlockingIOError:
            return found


def test_systemd_hears_nothing_while_one_loop_is_silent(
    systemd: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sign for the whole process: all of its loops, or none."""
    now = 0.0
    monkeypatch.setattr("bot.process.liveness.time.monotonic", lambda: now)
    tell = ToSystemd(systemd.getsockname(), 20)
    tell("expect", "worker")
    tell("expect", "delivery")
    told(systemd)
    now = 11.0
    tell("beat", "worker")
    assert told(systemd) == []
    tell("beat", "delivery")
    assert told(systemd) == ["WATCHDOG=1"]
    now = 22.0
    tell("end", "delivery")
    told(systemd)
    tell("beat", "worker")
    assert told(systemd) == ["WATCHDOG=1"]
    tell("slow", "")
    tell("prompt", "")
    assert told(systemd) == [
        "WATCHDOG=1\nWATCHDOG_USEC=3600000000",
        "WATCHDOG=1\nWATCHDOG_USEC=20000000",
    ]


@pytest.mark.parametrize(
    ("watchdog", "hears"),
    [
        ({"WATCHDOG_USEC": "20000000"}, True),
        ({"WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "1"}, False),
        ({}, False),
    ],
)
def test_systemd_is_told_when_its_unit_asks(
    systemd: socket.socket, watchdog: dict[str, str], hears: bool
) -> None:
    """And not by a child of the process that was asked."""
    code = "from bot.process.liveness import Liveness; Liveness.of_this_process().register('web')"
    done = run(code, {"NOTIFY_SOCKET": systemd.getsockname(), **watchdog})
    assert done.returncode == 0, done.stderr
    assert bool(told(systemd)) is hears
