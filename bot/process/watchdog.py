"""Notices when a child process hangs: its loops give no signs of life, or it answers no HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

#: What answers over HTTP is called this, beside the names of loops.
HTTP: Final = "http"
#: Seconds that one question over HTTP may take; a server that is busy is asked again.
_PROBE: Final = 5.0
#: Most that is kept of a line that does not end, in bytes.
_LINE: Final = 64
#: What `GET /healthz` says of itself: any program may answer with 200 there.
OWN: Final = ("Server", "Loket")

Probe = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class WatchdogLimits:
    """The limits of a child's silence, in seconds.

    Attributes:
        silence: since its last sign of life.
        start: before its first sign, and while it says that it is slow.
        probe_every: between two questions over HTTP.
    """

    silence: float = 20.0
    start: float = 180.0
    probe_every: float = 1.0

    @property
    def tick(self) -> float:
        """Between two looks at what is missing."""
        return min(1.0, self.silence / 10)


@dataclass(slots=True)
class _Sign:
    seen: bool = False
    quiet: float = 0.0


class Watchdog:
    """Decides what has been silent for too long; knows no clock, process or socket.

    Only time that passed while somebody watched counts, so a supervisor that did not run itself (a
    machine that slept, a clock that jumped) ends no child for it.
    """

    def __init__(self, own: str, others: Iterable[str], limits: WatchdogLimits) -> None:
        """Expects signs from now on.

        Args:
            own: the child's main loop: when that ends, the process must end too.
            others: what else must give signs.
            limits: how long that may take.
        """
        self._own = own
        self._limits = limits
        self._slow = False
        self._signs = {name: _Sign() for name in (own, *others)}

    def hear(self, line: str) -> None:
        """Takes in a line of `bot.process.liveness`; one that is not understood says nothing."""
        kind, _, name = line.partition(" ")
        if kind == "beat" or (kind == "end" and name == self._own):
            self.beat(name)
        elif kind == "expect" and name:
            self._signs.setdefault(name, _Sign())
        elif kind == "end":
            self._signs.pop(name, None)
        elif kind in ("slow", "prompt"):
            self._slow = kind == "slow"
            for sign in self._signs.values():
                sign.quiet = 0.0

    def beat(self, name: str) -> None:
        """Takes in a sign of life of what is expected."""
        if name in self._signs:
            self._signs[name] = _Sign(seen=True)

    def tick(self, elapsed: float) -> str | None:
        """Lets time pass.

        Args:
            elapsed: seconds since the last call; of a much longer time than it should be, only a
                little counts.

        Returns:
            What has been silent for too long, as words after the child's name; None if nothing.
        """
        counted = min(elapsed, 2 * self._limits.tick)
        for name, sign in self._signs.items():
            sign.quiet += counted
            limit = self._limits.silence if sign.seen and not self._slow else self._limits.start
            if sign.quiet > limit:
                return _words(self._own, name, limit)
        return None


def _words(own: str, name: str, limit: float) -> str:
    if name == HTTP:
        return f"answers no HTTP for {limit:g} s"
    loop = "" if name == own else f" of its loop {name}"
    return f"gives no sign of life{loop} for {limit:g} s"


async def watch(pipe: int, probe: Probe | None, own: str, limits: WatchdogLimits) -> str:
    """Watches a child until something is missing.

    Args:
        pipe: where its signs are read; it stays open.
        probe: asks over HTTP whether it answers, if it should.
        own: the name of the child's main loop.
        limits: how long things may take.

    Returns:
        What is missing, as words after the child's name.
    """
    dog = Watchdog(own, () if probe is None else (HTTP,), limits)
    async with _hearing(pipe, dog), _probing(probe, dog, limits.probe_every):
        last = time.monotonic()
        while True:
            await asyncio.sleep(limits.tick)
            now = time.monotonic()
            if missing := dog.tick(now - last):
                return missing
            last = now


@asynccontextmanager
async def _hearing(pipe: int, dog: Watchdog) -> AsyncIterator[None]:
    loop = asyncio.get_running_loop()
    os.set_blocking(pipe, False)
    rest = b""

    def read() -> None:
        nonlocal rest
        try:
            data = os.read(pipe, 65536)
        except BlockingIOError:
            return
        if not data:  # the child closed it: it ends, or will be missed
            loop.remove_reader(pipe)
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            dog.hear(line.decode("ascii", "replace"))
        rest = rest[-_LINE:]

    loop.add_reader(pipe, read)
    try:
        yield
    finally:
        loop.remove_reader(pipe)


@asynccontextmanager
async def _probing(probe: Probe | None, dog: Watchdog, every: float) -> AsyncIterator[None]:
    async def ask(probe: Probe) -> None:
        while True:
            if await probe():
                dog.beat(HTTP)
            await asyncio.sleep(every)

    asking = None if probe is None else asyncio.create_task(ask(probe))
    try:
        yield
    finally:
        if asking is not None:
            asking.cancel()


async def answers(host: str, port: int) -> bool:
    """Whether Loket's web process takes a connection and answers `GET /healthz` with 200."""
    no_answer = (asyncio.IncompleteReadError, asyncio.LimitOverrunError)
    with contextlib.suppress(OSError, TimeoutError, *no_answer):
        async with asyncio.timeout(_PROBE):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(
                    b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                )
                status, *fields = (await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
                own = ": ".join(OWN).lower().encode()
                return status.startswith(b"http/1.1 200 ") and own in fields
            finally:
                writer.close()
    return False
