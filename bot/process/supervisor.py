"""Keeps child processes alive: restarts what dies or hangs, leaves no orphan."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.process import liveness
from bot.process.watchdog import Probe, WatchdogLimits, watch

#: Exit code of a child whose configuration is wrong (`ConfigurationError`): starting it again is
#: pointless, unless it worked with that configuration before. Then something it needs is away, such
#: as the database, and comes back.
HOPELESS = 78

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Child:
    """A process to keep alive.

    Attributes:
        name: what it is called in messages.
        command: the program and its arguments.
        environment: what is added to this process's own environment.
        beats: whether it gives signs of life (bot/process/liveness.py), its main loop under `name`.
        probe: asks over HTTP whether it answers, of a child that beats.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    beats: bool = False
    probe: Probe | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """Waiting times of a supervisor, in seconds.

    Attributes:
        first_restart: before a child is started again the first time; doubles each next time.
        longest_restart: the most it grows to.
        healthy: a child that lived this long starts with `first_restart` again.
        stop: how long children may take to stop before they are killed.
        hung: how long one that hangs gets for each of two things: to write where it is, and to
            stop.
        limits: how long a child may be silent.
    """

    first_restart: float = 1.0
    longest_restart: float = 30.0
    healthy: float = 60.0
    stop: float = 8.0
    hung: float = 2.0
    limits: WatchdogLimits = field(default_factory=WatchdogLimits)


class Supervisor:
    """Runs children until it is told to stop.

    Args:
        children: the processes, started together.
        say: receives a sentence for the terminal whenever something happens to a child.
        patience: waiting times.
    """

    def __init__(
        self,
        children: Sequence[Child],
        say: Callable[[str], None],
        patience: Patience = Patience(),
    ) -> None:
        self._children = children
        self._say = say
        self._patience = patience
        self._running: dict[str, asyncio.subprocess.Process] = {}

    async def run(self, stop: asyncio.Event) -> int:
        """Starts all children and keeps them running.

        Args:
            stop: set by the caller (on a signal) to stop.

        Returns:
            0 when told to stop, `HOPELESS` when a child's configuration was wrong from the start.
        """
        keepers = [asyncio.create_task(self._keep(child)) for child in self._children]
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([stopping, *keepers], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        try:
            return max((keeper.result() for keeper in keepers if keeper.done()), default=0)
        finally:
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)
            await self._stop_all()

    async def _keep(self, child: Child) -> int:
        wait, worked = self._patience.first_restart, False
        while True:
            began = time.monotonic()
            try:
                code = await self._run_once(child)
                if code == HOPELESS and not worked:
                    return HOPELESS
                worked = True
                ending = f"stopped ({_ending(code)})"
            except OSError as error:  # no memory or process left for it, just now
                ending = f"could not be started ({error.strerror})"
            if time.monotonic() - began >= self._patience.healthy:
                wait = self._patience.first_restart
            self._say(f"{child.name} {ending}; starting it again in {wait:g} s.")
            await asyncio.sleep(wait)
            wait = min(wait * 2, self._patience.longest_restart)

    async def _run_once(self, child: Child) -> int:
        """Starts a child and waits for its end; brings that about when it hangs."""
        process, signs = await _spawn_watched(child)
        self._running[child.name] = process
        ended = asyncio.create_task(process.wait())
        waits: list[asyncio.Task[int] | asyncio.Task[str]] = [ended]
        if child.beats:
            limits = self._patience.limits
            waits.append(asyncio.create_task(watch(signs, child.probe, child.name, limits)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                self._say(f"{child.name} {waits[-1].result()} and is ended.")
                await self._end(process, ended)
            return await ended
        finally:
            for each in waits:
                each.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
            os.close(signs)

    async def _end(self, process: asyncio.subprocess.Process, ended: asyncio.Task[int]) -> None:
        """Ends a process that hangs; it first writes to standard error where it does.

        A loop that spins heeds no SIGTERM, and a stopped process no signal but the last.
        """
        for number in (liveness.SHOW_PLACES, signal.SIGTERM, signal.SIGKILL):
            if ended.done():
                return
            _signal(process, number)
            await asyncio.wait([ended], timeout=self._patience.hung)

    async def _stop_all(self) -> None:
        alive = {name: child for name, child in self._running.items() if child.returncode is None}
        for process in alive.values():
            _signal(process, signal.SIGTERM)
        waits = [asyncio.create_task(process.wait()) for process in alive.values()]
        if waits:
            await asyncio.wait(waits, timeout=self._patience.stop)
        for name, process in alive.items():
            if process.returncode is None:
                self._say(f"{name} did not stop in {self._patience.stop:g} s and is ended.")
                _signal(process, signal.SIGKILL)
        await asyncio.gather(*waits)


async def _spawn_watched(child: Child) -> tuple[asyncio.subprocess.Process, int]:
    """A started child, and the descriptor where its signs of life are read."""
    read, write = os.pipe()
    try:
        return await spawn(child, write if child.beats else None), read
    except BaseException:
        os.close(read)
        raise
    finally:
        os.close(write)


async def spawn(child: Child, pipe: int | None = None) -> asyncio.subprocess.Process:
    """Starts a process that ends when this one does, however this one ends.

    It gets a session of its own, so that Ctrl-C on the terminal reaches only this process.

    Args:
        child: what to start.
        pipe: the descriptor into which it gives signs of life, if it does.
    """
    parent = os.getpid()

    def die_with_parent() -> None:
        # Runs in the child, before the program. The kernel sends the signal even after kill -9.
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    signs = {} if pipe is None else {liveness.PIPE: str(pipe)}
    return await asyncio.create_subprocess_exec(
        *child.command,
        env={**os.environ, **child.environment, **signs},
        pass_fds=() if pipe is None else (pipe,),
        stdin=asyncio.subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
