"""One run: an installation, its customers, everything that breaks, quiet, and what is left."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from actions.backends import sample
from tests.chaos import facts, light
from tests.chaos.cuts import Postgresql, Sqlite, Store, find_server
from tests.chaos.ear import Ear
from tests.chaos.faults import Faults, World
from tests.chaos.fuzz import Fuzz
from tests.chaos.judge import judge
from tests.chaos.keeping import environment
from tests.chaos.ledger import Ledger
from tests.chaos.line import Line
from tests.chaos.phones import ALL, Phones
from tests.chaos.posting import Post
from tests.chaos.processes import Fleet
from tests.chaos.report import Figures, Report
from tests.chaos.role import ASSISTANT
from tests.chaos.timeline import Timeline
from tests.chaos.traffic import Traffic, scripts
from tests.contract.adapters.sms import PUBLIC
from tests.support.webchat import free_port


@dataclass(frozen=True, slots=True)
class Options:
    """What kind of run.

    Attributes:
        folder: where logs, timeline and report go; must be there.
        database: `sqlite` or `postgresql`.
        seed: of everything that is drawn.
        messages: how many customers' messages.
        minutes: how long traffic may take, if nothing goes wrong.
        workers: how many; on SQLite too.
        supervised: whether `loket run` supervises web and the first worker.
        assistant: `light` or `real`.
        short: one fault of each kind, in place of as many as fit.
        quiet: seconds that Loket gets to finish when all faults are over. A message that was being
            sent when its worker died is given up after 90 s, so it should be over two minutes.
        pause: seconds between two faults of a lane, on average.
    """

    folder: Path
    database: str
    seed: int = 1
    messages: int = 2000
    minutes: float = 6.0
    workers: int = 2
    supervised: bool = False
    assistant: str = "light"
    short: bool = False
    quiet: float = 300.0
    pause: float = 6.0


class NoServer(Exception):
    """There is no PostgreSQL server to make a database on."""


async def run(options: Options) -> Report:
    """Runs it.

    Raises:
        NoServer: see there.
        TimeoutError: Loket did not start.
    """
    when = Timeline(options.folder / "timeline.jsonl")
    return await _Run(options, when).run()


class _Run:
    def __init__(self, options: Options, when: Timeline) -> None:
        self._options = options
        self._when = when
        self._ledger = Ledger()
        self._ear = Ear()
        self._fleet: Fleet | None = None

    async def run(self) -> Report:
        options, rng = self._options, random.Random(self._options.seed)
        async with AsyncExitStack() as stack:
            store = await self._store(stack)
            phones = [make() for make in ALL]
            lines: dict[str, Line] = {}
            port = free_port()
            env = {
                **environment(options.folder, store.loket_url, port),
                ASSISTANT: options.assistant,
                light.TURN_SECONDS: "0.05",
            }
            for each in phones:
                stack.callback(each.provider.close)
                lines[each.id] = line = Line(each.base, random.Random(rng.random()))
                near = await line.start()
                stack.callback(line.close)
                env |= {k: v.replace(each.base, near) for k, v in each.environment().items()}
            env |= {"LOKET_PUBLIC_URL": PUBLIC}
            supervised = options.supervised
            fleet = Fleet(options.folder, env, options.workers, self._when, supervised=supervised)
            self._fleet = fleet
            stack.push_async_callback(fleet.stop)
            if options.assistant == "real":
                sample.ensure(f"sqlite:///{options.folder / 'shop.db'}")  # as `loket run` does
            await fleet.start()
            url = f"http://127.0.0.1:{port}"
            post_rng, traffic_rng = random.Random(rng.random()), random.Random(rng.random())
            post = await stack.enter_async_context(Post(url, self._ledger, post_rng, self._when))
            traffic = Traffic(url, post, self._ledger, self._ear, traffic_rng, self._when)
            stack.push_async_callback(traffic.close)
            fuzz = Fuzz(port, random.Random(rng.random()), self._when)
            stack.push_async_callback(fuzz.close)
            world = World(fleet, store, lines, phones, fuzz, self._when)
            faults = Faults(world)
            async with self._listening(traffic, phones):
                late = await self._break(traffic, phones, faults, rng)
                quiet = await self._settle(store, traffic)
                listed = await facts.listed(env)
                read = facts.Facts(
                    await asyncio.to_thread(facts.read, store.own_url, self._ledger, self._when)
                )
            evidence = read.evidence(
                self._ledger,
                self._ear.wires,
                listed,
                fleet.hung,
                real=options.assistant == "real",
            )
            figures = Figures(
                options.database,
                options.seed,
                self._when.now(),
                quiet,
                late,
                faults.counts,
                {f"{name}: {why}": count for (name, why), count in sorted(fleet.restarts.items())},
                {f"{name} {answer}": n for (name, answer), n in self._ledger.answers.items()},
                dict(fuzz.answers),
                tuple(self._ledger.took),
                self._ledger.given_up,
                self._ledger.receipts,
                {name: dict(line.troubled) for name, line in lines.items()},
            )
            return Report(figures, evidence, judge(evidence, self._when.now()), self._when)

    async def _store(self, stack: AsyncExitStack) -> Store:
        store: Store
        if self._options.database == "postgresql":
            server = await asyncio.to_thread(find_server, os.environ.get("LOKET_TEST_POSTGRES_URL"))
            if server is None:
                raise NoServer
            store = Postgresql(server)
        else:
            store = Sqlite(self._options.folder, lambda: self._fleet.pids() if self._fleet else ())
        await store.open()
        stack.push_async_callback(store.close)
        return store

    @asynccontextmanager
    async def _listening(self, traffic: Traffic, phones: list[Phones]) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(traffic.listen(each)) for each in phones]
        tasks.append(asyncio.create_task(self._progress()))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _break(
        self, traffic: Traffic, phones: list[Phones], faults: Faults, rng: random.Random
    ) -> int:
        """Traffic and faults together; returns how many messages were still not accepted."""
        options = self._options
        seconds = min(options.minutes * 60, max(15.0, options.messages / 7))
        if options.short:
            seconds = 20.0
        parts = [options.messages // 4] * 3
        shares = [parts[0], parts[1] - parts[1] // 2, parts[1] // 2, parts[2]]
        real = options.assistant == "real"
        plays, first = [], 0
        for each, count in zip(phones, shares, strict=True):
            made = scripts(count, seconds, first, rng, real=real)
            plays.append(traffic.on_phones(each, made))
            first += len(made)
        made = scripts(options.messages - sum(shares), seconds, first, rng, real=real)
        plays.append(traffic.on_pages(made))
        with self._when.during("traffic"):
            playing = asyncio.gather(*plays)
            if options.short:
                await faults.short(seconds)
                breaking = None
            else:
                breaking = asyncio.create_task(faults.all(rng, options.pause, seconds * 0.7))
            with contextlib.suppress(TimeoutError):
                # The rest is sent in quiet; nobody breaks anything for ever.
                await asyncio.wait_for(asyncio.shield(playing), seconds * 1.5 + 30)
            if breaking is not None:
                breaking.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await breaking
        late = sum(each.accepted_at is None for each in self._ledger.entries.values())
        rest = self._when.during("the rest of the traffic, in quiet")
        with rest, contextlib.suppress(TimeoutError):
            await asyncio.wait_for(playing, options.quiet)
        return late

    async def _settle(self, store: Store, traffic: Traffic) -> float:
        """Waits until nothing waits any more; returns how long that took."""
        began = self._when.now()
        with self._when.during("quiet"):
            calm = 0
            while self._when.now() - began < self._options.quiet and calm < 3:
                await asyncio.sleep(1.0)
                rows = await asyncio.to_thread(facts.read, store.own_url, self._ledger, self._when)
                waiting = facts.Facts(rows).waiting(self._ear.wires)
                open_ = any(not each.arrived for each in waiting)
                unheard = self._unheard(rows)
                calm = 0 if open_ or unheard or traffic.busy() > self._pages() else calm + 1
        return self._when.now() - began

    def _unheard(self, rows: facts.Rows) -> bool:
        """Whether an answer of the web chat is still on its way to the page."""
        pages = {w.wire.removeprefix("o") for w in self._ear.wires if w.customer[:4] == "webc"}
        return any(
            row.channel == "webchat" and str(number) not in pages
            for number, row in rows.outbox.items()
        )

    def _pages(self) -> int:
        """Streams that stay open: they are no work left to do."""
        return len({e.customer for e in self._ledger.entries.values() if e.customer[:4] == "webc"})

    async def _progress(self) -> None:
        """A line now and then, for whoever waits."""
        while True:
            await asyncio.sleep(10.0)
            entries = self._ledger.entries.values()
            accepted = sum(each.accepted_at is not None for each in entries)
            heard = sum(self._ear.heard(each.token) for each in entries)
            now = [each.kind for each in self._when.happenings if each.end is None]
            print(
                f"{self._options.database:<10} {self._when.now():5.0f} s  sent {len(entries)}"
                f"  accepted {accepted}  answered {heard}  now: {', '.join(now[:4]) or '-'}",
                flush=True,
            )
