"""A steady load on four channels, with receipts, and how long Loket took to say "I have it"."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

import psutil

from tests.chaos import facts, light
from tests.chaos.ear import Ear
from tests.chaos.keeping import environment
from tests.chaos.ledger import Ledger, Took
from tests.chaos.page import Page
from tests.chaos.phones import Phones
from tests.chaos.posting import Post
from tests.chaos.processes import Fleet
from tests.chaos.timeline import Timeline
from tests.chaos.traffic import Script, Traffic, scripts
from tests.contract.adapters.base import Call
from tests.contract.adapters.sms import PUBLIC

#: Seconds of load before anything counts.
_WARM: Final = 3.0


@dataclass(frozen=True, slots=True)
class Round:
    """One round on one database.

    Attributes:
        took: every acknowledgement that counts.
        web: processor seconds of the web process.
        others: share of the machine (0 to 1) that neither Loket, its database nor this bench used.
    """

    took: tuple[Took, ...]
    web: float
    others: float

    def milliseconds(self, what: str = "") -> list[float]:
        """Sorted times of what ends in a word (`message`, `receipt`); of all when empty."""
        return sorted(each.seconds * 1000 for each in self.took if each.what.endswith(what))


class Bench:
    """Loket on one database at a time, its providers, and its customers."""

    def __init__(self, phones: Sequence[Phones], port: int, customers: int) -> None:
        """Starts nothing.

        Args:
            phones: the providers; they stay the same over all rounds.
            port: where web listens.
            customers: how many, in all.
        """
        self._phones = phones
        self._port = port
        self._url = f"http://127.0.0.1:{port}"
        self._each = customers // 4
        self._rng = random.Random(1)
        self._places = count(100)
        self._pages: list[Page] = []
        self._old: list[tuple[str, Call]] = []

    async def fill(self, folder: Path, url: str) -> None:
        """Has every customer write a few messages, and waits until all is delivered."""
        ledger, when = Ledger(), Timeline(folder / "timeline.jsonl")
        fleet = self._fleet(folder, url, when, turn=0.01)
        ear = Ear()
        await fleet.start()
        try:
            async with Post(self._url, ledger, self._rng, when) as post:
                traffic = Traffic(self._url, post, ledger, ear, self._rng, when)
                listening = [asyncio.create_task(traffic.listen(each)) for each in self._phones]
                plays, first = [], 0
                for each in self._phones:
                    many = self._each // 2 if each.channel == "sms" else self._each
                    made = self._scripts(many, first)
                    plays.append(traffic.on_phones(each, made))
                    first += len(made)
                await asyncio.gather(*plays, traffic.on_pages(self._scripts(self._each, first)))
                await _delivered(url, ledger, when)
                await asyncio.sleep(3.0)  # the last receipts
                await _end(listening)
                await traffic.close()
        finally:
            await fleet.stop()
        self._old = [
            (each.channel, call)
            for each in self._phones
            for index in range(len(each.provider.accepted))
            for call in each.receipts(index)[-1:]
        ]

    async def measure(self, folder: Path, url: str, rate: float, seconds: float) -> Round:
        """Starts Loket on a database, puts the load on it, and measures."""
        ledger, when = Ledger(), Timeline(folder / "timeline.jsonl")
        fleet = self._fleet(folder, url, when, turn=0.5)
        ear = Ear()
        await fleet.start()
        try:
            async with Post(self._url, ledger, self._rng, when) as post:
                traffic = Traffic(self._url, post, ledger, ear, self._rng, when)
                reading = [asyncio.create_task(page.read()) for page in await self._open(post, ear)]
                listening = [
                    asyncio.create_task(traffic.listen(each, skip=len(each.provider.accepted)))
                    for each in self._phones
                ]
                await self._load(post, ledger, when, rate, _WARM)
                before = (_web(fleet), _own(fleet), psutil.cpu_times(), when.now())
                await self._load(post, ledger, when, rate, seconds)
                web, own = _web(fleet) - before[0], _own(fleet) - before[1]
                took = tuple(each for each in ledger.took if each.at > before[3])
                busy, whole = _spent(before[2], psutil.cpu_times())
                await _end([*reading, *listening])
                await traffic.close()
        finally:
            await fleet.stop()
        return Round(took, web, max(0.0, busy - own) / whole)

    async def _open(self, post: Post, ear: Ear) -> list[Page]:
        if not self._pages:
            for number in range(self._each):
                when = Timeline(Path("/dev/null"))
                page = Page(50_000 + number, self._url, post, ear, self._rng, when)
                await page.open()
                self._pages.append(page)
        for page in self._pages:
            page.use(post, ear)
        return self._pages

    async def _load(
        self, post: Post, ledger: Ledger, when: Timeline, rate: float, seconds: float
    ) -> None:
        """Messages at a rate whatever Loket does, and as many receipts of long ago."""
        under_way: set[asyncio.Task[Any]] = set()
        begin = when.now()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, begin + number / rate - when.now()))
            channel, call = self._rng.choice(self._old)
            message = asyncio.create_task(self._message(post, ledger, when, number))
            receipt = asyncio.create_task(post.once(channel, call))
            for task in (message, receipt):
                under_way.add(task)
                task.add_done_callback(under_way.discard)
        await asyncio.gather(*under_way)

    async def _message(self, post: Post, ledger: Ledger, when: Timeline, number: int) -> None:
        place, customer = next(self._places), self._rng.randrange(self._each)
        if number % 4 == 3:
            page = self._rng.choice(self._pages)
            ours, call, headers = page.call(f"Vraag {place}")
            entry = ledger.open(f"t{place}", page.customer, ours, when.now(), escape=False)
            await post.once("webchat", call, entry, headers)
            return
        phones = self._rng.choice([each for each in self._phones if _kind(each) == number % 4])
        ours, call = phones.message(customer, place, f"Vraag {place}")
        entry = ledger.open(f"t{place}", f"{phones.id} {customer}", ours, when.now(), escape=False)
        await post.once(phones.channel, call, entry)

    def _scripts(self, customers: int, first: int) -> list[Script]:
        return scripts(customers * 10, 20.0, first, self._rng, real=False)[:customers]

    def _fleet(self, folder: Path, url: str, when: Timeline, turn: float) -> Fleet:
        env: Mapping[str, str] = {
            **environment(folder, url, self._port),
            light.TURN_SECONDS: str(turn),
            "LOKET_LOG_LEVEL": "ERROR",
        }
        for each in self._phones:
            env = {**env, **each.environment()}
        env = {**env, "LOKET_PUBLIC_URL": PUBLIC}
        return Fleet(folder, env, 1, when, supervised=False)


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _delivered(url: str, ledger: Ledger, when: Timeline) -> None:
    """Until nothing waits in the store."""
    while any(facts.Facts(facts.read(url, ledger, when)).waiting()):  # noqa: ASYNC110
        await asyncio.sleep(1.0)


def _kind(phones: Phones) -> int:
    return ("whatsapp", "sms", "telegram").index(phones.channel)


def _web(fleet: Fleet) -> float:
    """Processor seconds that the web process has used."""
    times = psutil.Process(fleet.pid("web")).cpu_times()
    return float(times.user + times.system)


def _own(fleet: Fleet) -> float:
    """Processor seconds of Loket, this program and PostgreSQL."""
    own = {*fleet.pids(), psutil.Process().pid}
    total = 0.0
    for process in psutil.process_iter(["pid", "name", "cpu_times"]):
        info = process.info
        if info["cpu_times"] and (info["pid"] in own or info["name"] == "postgres"):
            total += info["cpu_times"].user + info["cpu_times"].system
    return total


def _spent(before: Any, after: Any) -> tuple[float, float]:
    """Busy seconds and all seconds of the machine's processors between two looks."""
    one, other = before._asdict(), after._asdict()
    spent = {name: other[name] - one[name] for name in one if not name.startswith("guest")}
    whole = sum(spent.values())
    return whole - spent["idle"] - spent["iowait"], max(whole, 0.001)
