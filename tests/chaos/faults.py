"""What goes wrong, and when: lanes of faults beside each other, drawn from a seed."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tests.chaos.cuts import Store
from tests.chaos.fuzz import PACKETS, Fuzz
from tests.chaos.line import TROUBLES, Line, Trouble
from tests.chaos.phones import Phones
from tests.chaos.processes import Fleet
from tests.chaos.timeline import Timeline

#: One fault, with chance to draw from.
Fault = Callable[[random.Random], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class World:
    """Everything that can break.

    Attributes:
        fleet: the processes.
        store: the database.
        lines: the line to each provider, by the id of its phones.
        phones: the providers.
        fuzz: the packets.
        when: notes what happens.
    """

    fleet: Fleet
    store: Store
    lines: Mapping[str, Line]
    phones: Sequence[Phones]
    fuzz: Fuzz
    when: Timeline


class Faults:
    """Breaks things.

    Attributes:
        counts: how often each kind of fault was done.
    """

    def __init__(self, world: World) -> None:
        self._ = world
        self.counts: dict[str, int] = {}

    async def kill(self, role: str) -> None:
        """Kill -9."""
        pid = self._.fleet.kill(role)
        if pid is not None:
            self._note(f"kill -9 {_kind(role)}", f"{role} pid {pid}")

    async def terminate(self, role: str) -> None:
        """SIGTERM, as at an upgrade."""
        with self._during(f"SIGTERM {_kind(role)}", role):
            await self._.fleet.terminate(role)

    async def pause(self, role: str, seconds: float) -> None:
        """SIGSTOP, as a machine that swaps or a virtual one that is moved."""
        with self._during(f"SIGSTOP {_kind(role)}", f"{role} {seconds:.1f} s"):
            await self._.fleet.pause(role, seconds)

    async def cut(self, how: str, seconds: float) -> None:
        """The database is away."""
        with self._during(f"database {how}", f"{seconds:.1f} s"):
            await self._.store.cut(how, seconds)

    async def break_line(self, name: str, trouble: Trouble, share: float, seconds: float) -> None:
        """A provider hangs or resets."""
        with (
            self._during(trouble.replace("_", " "), f"{name} {share:.0%} {seconds:.1f} s"),
            self._.lines[name].trouble(trouble, share),
        ):
            await asyncio.sleep(seconds)

    async def refuse(self, name: str, trouble: str, times: int) -> None:
        """A provider says 429 or 500 to the next requests."""
        provider = next(each.provider for each in self._.phones if each.id == name)
        provider.misbehave(*[trouble] * times)
        self._note(f"provider {trouble}", f"{name} {times} times")

    async def random_process(self, rng: random.Random) -> None:
        """Kill, terminate or pause whatever runs."""
        roles = self._.fleet.roles()
        if not roles:
            return
        role = rng.choice(roles)
        kind = rng.randrange(6)
        if kind < 3:
            await self.kill(role)
        elif kind < 5:
            await self.terminate(role)
        else:
            await self.pause(role, rng.uniform(1, 8))

    async def random_cut(self, rng: random.Random) -> None:
        """Cut the database for 1 to 10 s."""
        await self.cut(rng.choice(self._.store.cuts), rng.uniform(1, 10))

    async def random_provider(self, rng: random.Random) -> None:
        """Hang, reset, or refuse."""
        name = rng.choice(sorted(self._.lines))
        if rng.random() < 0.3:
            await self.refuse(name, rng.choice(("429", "500")), rng.randrange(1, 6))
        else:
            trouble = rng.choice(TROUBLES)
            await self.break_line(name, trouble, rng.uniform(0.3, 1), rng.uniform(0.5, 4))

    async def lane(self, faults: Sequence[Fault], pause: float, rng: random.Random) -> None:
        """One fault after another until cancelled, each at least once before any comes again."""
        while True:
            for fault in rng.sample(list(faults), len(faults)):
                await asyncio.sleep(pause * rng.uniform(0.3, 1.7))
                await fault(rng)

    async def all(self, rng: random.Random, pause: float, restarts: float) -> None:
        """All lanes until cancelled.

        Args:
            rng: decides everything.
            pause: seconds between two faults of a lane, on average.
            restarts: seconds after which no process is killed any more. A restart mends much; what
                a cut database alone leaves behind must show too.
        """
        packets = rng.sample(sorted(PACKETS), len(PACKETS))

        async def packet(rng: random.Random) -> None:
            packets.append(packets.pop(0))
            self._.fuzz.begin(packets[-1])

        async def processes(rng: random.Random) -> None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(restarts):
                    await self.lane([self.random_process], pause, rng)

        seeds = [random.Random(rng.random()) for _ in range(4)]
        await asyncio.gather(
            processes(seeds[0]),
            self.lane([self.random_cut], pause * 1.5, seeds[1]),
            self.lane([self.random_provider], pause, seeds[2]),
            self.lane([packet], pause / 4, seeds[3]),
        )

    async def short(self, seconds: float) -> None:
        """One of each, spread over so many seconds, the slow ones first."""
        step = seconds / 8
        provider = sorted(self._.lines)
        web = asyncio.create_task(self._.fuzz.run(_SHORT_PACKETS, seconds / len(_SHORT_PACKETS)))
        try:
            await asyncio.sleep(step)
            await self.break_line(provider[-1], "hang_after", 1.0, step / 2)
            await self.break_line(provider[0], "reset_before", 1.0, step / 2)
            await self.kill("worker-1")
            await asyncio.sleep(step)
            await self.refuse(provider[2], "500", 2)
            await self.refuse(provider[0], "429", 2)
            await self.kill("web")
            await asyncio.sleep(step)
            await self.terminate("worker-1")
            await asyncio.sleep(step)
            await self.cut(self._.store.cuts[-1], 3.0)  # with no restart after it to mend things
            await web
        finally:
            web.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await web

    def _during(self, kind: str, detail: str) -> contextlib.AbstractContextManager[object]:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return self._.when.during(kind, detail)

    def _note(self, kind: str, detail: str) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self._.when.note(kind, detail)


_SHORT_PACKETS: Final = ["two lengths", "half a request", "no ASCII", "negative length", "NUL"]


def _kind(role: str) -> str:
    return role.partition("-")[0]
