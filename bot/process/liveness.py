"""Signs of life: every event loop of a process gives one each second to its supervisor.

`loket run` hands each child a pipe and reads the signs there (bot/process/watchdog.py); systemd
hands a socket when its unit sets `WatchdogSec=`. Under neither of them nothing is told to anybody.
A sign needs no database and no network: a process that gives none can do nothing at all.
"""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from typing import Final, Literal, Never

#: Seconds between two signs of a loop.
EVERY: Final = 1.0
#: Names the file descriptor of the supervisor's pipe in a child's environment.
PIPE: Final = "LOKET_BEATS_FD"
#: The signal upon which a process writes to standard error where each of its threads is: places in
#: the code, no values.
SHOW_PLACES: Final = signal.SIGUSR1

#: Seconds of silence that systemd is asked to allow while a process is slow.
_SLOW: Final = 3600.0

#: What can be told of a loop. A line in the pipe is one of these, a space and the loop's name.
#: - `expect`: it will begin; it may take as long as a start may take;
#: - `beat`: it is alive;
#: - `end`: it ended as it should, and is not missed.
#: - `slow` and `prompt`, without a name: for now the whole process may be as slow as a start.
Kind = Literal["expect", "beat", "end", "slow", "prompt"]
Tell = Callable[[Kind, str], None]


class Liveness:
    """The signs of life of this process. Threads may share it."""

    def __init__(self, tell: Tell) -> None:
        """Takes the function that tells the supervisor; `of_this_process` finds the right one."""
        self._tell = tell

    @classmethod
    def of_this_process(cls, environment: MutableMapping[str, str] = os.environ) -> Liveness:
        """Those that this process's supervisor wants; call it once, before any loop runs.

        Also lets the process show its places in the code upon `SHOW_PLACES`, and when it is aborted
        (systemd's way to end what hangs).

        Args:
            environment: says who supervises. What it says of a pipe is taken out: the pipe is not
                for programs that this one starts.
        """
        if (stream := sys.__stderr__) is not None:  # it may be closed
            faulthandler.enable(stream)
            faulthandler.register(SHOW_PLACES, stream, all_threads=True)
        if pipe := environment.pop(PIPE, ""):
            return cls(_to_pipe(int(pipe)))
        address = environment.get("NOTIFY_SOCKET", "")
        wanted = environment.get("WATCHDOG_USEC", "")
        if address and wanted and environment.get("WATCHDOG_PID") in (None, str(os.getpid())):
            return cls(ToSystemd(address, int(wanted) / 1e6))
        return cls(lambda _kind, _name: None)

    def register(self, name: str) -> Beat:
        """A loop that is to be watched from now on, also if it never comes to run.

        Args:
            name: a word of small letters, unique in this process. The process's own name (`web`,
                `worker`) is for its main loop.
        """
        self._tell("expect", name)
        return Beat(name, self._tell)

    @contextmanager
    def slow(self) -> Iterator[None]:
        """While something runs that may keep every loop waiting for long.

        Importing TensorFlow, for one, holds the interpreter while the disk is read.
        """
        self._tell("slow", "")
        try:
            yield
        finally:
            self._tell("prompt", "")


class Beat:
    """The signs of life of one event loop; made by `Liveness.register`."""

    def __init__(self, name: str, tell: Tell) -> None:
        """Takes the loop's name and the function that tells the supervisor."""
        self._name = name
        self._tell = tell

    async def keep(self) -> Never:
        """Gives signs from the loop that runs this, until it is cancelled."""
        while True:
            self._tell("beat", self._name)
            await asyncio.sleep(EVERY)

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Gives signs while the context is open, on the loop that opens it.

        Leaving it without an exception says that the loop ended as it should. A loop that fails is
        missed, and its process started anew.
        """
        keeping = asyncio.create_task(self.keep())
        try:
            yield
        finally:
            keeping.cancel()
        self._tell("end", self._name)


def _to_pipe(descriptor: int) -> Tell:
    os.set_inheritable(descriptor, False)
    os.set_blocking(descriptor, False)

    def tell(kind: Kind, name: str) -> None:
        # So short a line is written whole or not at all. Not at all means that nobody reads just
        # now, or never again: nothing to wait for.
        with contextlib.suppress(OSError):
            os.write(descriptor, f"{kind} {name}\n".encode())

    return tell


class ToSystemd:
    """Tells systemd's watchdog (sd_notify) as long as every loop of this process is alive."""

    def __init__(self, address: str, timeout: float) -> None:
        """Opens nothing yet.

        Args:
            address: a socket's path; one in the abstract namespace begins with `@`.
            timeout: seconds of silence after which systemd ends the process.
        """
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._timeout = timeout
        self._lock = threading.Lock()
        self._last: dict[str, float] = {}

    def __call__(self, kind: Kind, name: str) -> None:
        """Takes what a loop tells, and tells systemd when every loop is alive."""
        now = time.monotonic()
        with self._lock:
            if kind in ("expect", "beat"):
                self._last[name] = now
            elif kind == "end":
                self._last.pop(name, None)
            well = all(now - last <= self._timeout / 2 for last in self._last.values())
        if kind in ("slow", "prompt"):
            allowed = _SLOW if kind == "slow" else self._timeout
            self._send(f"WATCHDOG=1\nWATCHDOG_USEC={int(allowed * 1e6)}")
        elif well:
            self._send("WATCHDOG=1")

    def _send(self, state: str) -> None:
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as notify,
        ):
            notify.sendto(state.encode(), self._address)
