"""Loket's processes: started, killed, paused, restarted, and watched.

The one place that knows which roles there are. Without supervision the run itself restarts what
ends, as systemd or a container platform would, and kills a web process that does not answer, as
their probes would; such a process counts as hung. With supervision `loket run` must do both.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import aiohttp
import click
import psutil

from bot.cli.commands import main as loket
from tests.chaos.keeping import Kept, send
from tests.chaos.timeline import Timeline

#: Seconds that a process may take to end when asked to.
_STOP: Final = 60.0
#: Seconds between two looks at the web process.
_LOOK: Final = 1.0


class Fleet:
    """All processes of one installation.

    Attributes:
        hung: names of processes that did not answer or end, and when.
        restarts: how often each role was started again, by whom.
    """

    def __init__(
        self,
        folder: Path,
        env: Mapping[str, str],
        workers: int,
        when: Timeline,
        *,
        supervised: bool,
    ) -> None:
        """Starts nothing yet.

        Args:
            folder: where logs go.
            env: environment of all; `LOKET_PORT` says where web listens.
            workers: how many.
            when: notes what happens.
            supervised: whether `loket run` supervises web and the first worker.
        """
        self.hung: list[tuple[str, float]] = []
        self.restarts: dict[tuple[str, str], int] = {}
        self._when = when
        self._url = f"http://127.0.0.1:{env['LOKET_PORT']}"
        self._supervised = supervised
        self._paused: set[str] = set()
        self._killed: dict[int, str] = {}
        self._children: dict[str, int] = {}
        self._tasks: list[asyncio.Task[None]] = []
        commands = {"run": ["run"]} if supervised else _roles()
        first = 2 if supervised else 1
        commands |= {f"worker-{n}": ["worker"] for n in range(first, workers + 1)}
        self._kept = {
            name: Kept(
                name,
                arguments,
                {**env, "LOKET_WORKER_NAME": name},
                folder / f"{name}.log",
                when,
            )
            for name, arguments in commands.items()
        }

    async def start(self) -> None:
        """Starts them; returns when web answers.

        Raises:
            TimeoutError: it does not within two minutes.
        """
        for each in self._kept.values():
            self._tasks.append(asyncio.create_task(each.keep()))
        async with asyncio.timeout(120):
            while not await self._answers(2.0):
                await asyncio.sleep(0.1)
        self._tasks.append(asyncio.create_task(self._watch_web()))
        self._tasks.append(asyncio.create_task(self._count()))

    def roles(self) -> tuple[str, ...]:
        """Names of what can be killed now."""
        return tuple(sorted(name for name, _ in self._alive()))

    def pids(self) -> tuple[int, ...]:
        """Ids of all processes that run now, `loket run` too."""
        kept = (each.pid for each in self._kept.values())
        return (*(pid for pid in kept if pid), *self._under_run().values())

    def pid(self, name: str) -> int | None:
        """The process of a role; None when it does not run now."""
        return dict(self._alive()).get(name)

    def kill(self, name: str) -> int | None:
        """Kills a role at once; its process id."""
        pid = self.pid(name)
        if pid is not None:
            self._killed.setdefault(pid, "killed by this run")
            send(pid, signal.SIGKILL)
        return pid

    async def terminate(self, name: str) -> None:
        """Asks a role to end, and kills what does not."""
        pid = self.pid(name)
        if pid is None:
            return
        self._killed[pid] = "ended by this run"
        send(pid, signal.SIGTERM)
        if not await _ended(pid, _STOP):
            self.hung.append((f"{name} (pid {pid}) does not heed SIGTERM", self._when.now()))
            send(pid, signal.SIGKILL)

    async def pause(self, name: str, seconds: float) -> None:
        """Stops a role in its tracks, and lets it go on."""
        pid = self.pid(name)
        if pid is None:
            return
        self._paused.add(name)
        self._killed[pid] = "paused by this run"  # a supervisor may lose its patience
        send(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            send(pid, signal.SIGCONT)
            self._paused.discard(name)

    async def stop(self) -> None:
        """Ends all of it."""
        for task in self._tasks[len(self._kept) :]:
            task.cancel()
        pids = self.pids()
        for each in self._kept.values():
            each.stop()
        for pid in pids:
            if not await _ended(pid, _STOP):
                self.hung.append((f"pid {pid} does not heed SIGTERM", self._when.now()))
                send(pid, signal.SIGKILL)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _alive(self) -> Iterator[tuple[str, int]]:
        for name, each in self._kept.items():
            if name != "run" and each.pid is not None:
                yield name, each.pid
        yield from self._under_run().items()

    def _under_run(self) -> dict[str, int]:
        """The roles that `loket run` started."""
        run = self._kept.get("run")
        if run is None or run.pid is None:
            return {}
        found = {}
        with contextlib.suppress(psutil.Error):
            for child in psutil.Process(run.pid).children():
                with contextlib.suppress(psutil.Error):
                    line = child.cmdline()
                    if "tests.chaos.role" in line:
                        role = line[line.index("tests.chaos.role") + 1]
                        found["worker-1" if role == "worker" else role] = child.pid
        return found

    async def _answers(self, seconds: float) -> bool:
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as client,
                client.get(f"{self._url}/healthz") as answer,
            ):
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    async def _watch_web(self) -> None:
        """Kills a web process that has been alive, unpaused and silent for too long."""
        patience = 75.0 if self._supervised else 30.0
        silent_since: float | None = None
        last: int | None = None
        while True:
            await asyncio.sleep(_LOOK)
            pid = self.pid("web")
            silent = pid is not None and "web" not in self._paused and not await self._answers(5)
            if not silent or pid != last:
                silent_since, last = None, pid
                continue
            silent_since = silent_since or self._when.now()
            if pid is not None and self._when.now() - silent_since > patience:
                self.hung.append((f"web (pid {pid})", silent_since))
                self._when.note("web does not answer", f"pid {pid}; killed by this run")
                self._killed[pid] = "killed by this run as it did not answer"
                self.kill("web")

    async def _count(self) -> None:
        """Notes who was started again, and whether it was this run that had ended it."""
        while True:
            now = dict(self._alive())
            for name, pid in now.items():
                before = self._children.get(name)
                if before is not None and before != pid:
                    supervised = name in self._under_run()
                    other = "ended by loket run or itself" if supervised else "ended by itself"
                    why = self._killed.get(before, other)
                    self.restarts[name, why] = self.restarts.get((name, why), 0) + 1
                    if before not in self._killed:
                        self._when.note(f"{name} is another process", f"{before} -> {pid}: {why}")
                self._children[name] = pid
            await asyncio.sleep(0.2)


def _roles() -> dict[str, list[str]]:
    """The roles beside the workers, by name."""
    known = loket.list_commands(click.Context(loket))
    return {name: [name] for name in ("web", "delivery") if name in known}


async def _ended(pid: int, seconds: float) -> bool:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while psutil.pid_exists(pid) and not _is_zombie(pid):
                await asyncio.sleep(0.1)
            return True
    return False


def _is_zombie(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return True
