"""The delivery loop: renders what is new, sends what is due, and notes what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.engine import Connection

from bot.delivery.courier import Courier, Outcome
from bot.delivery.gate import Gate
from bot.delivery.planning import plan
from bot.delivery.settling import Settler
from bot.store import conversations, deliveries, to_deliver
from bot.store.database import Database
from bot.store.doorbell import Doorbell
from channels.base import PushChannel

log = structlog.get_logger(__name__)

#: The doorbell is a hint; this is how soon a missed one is noticed.
POLL = 1.0
#: How often all conversations are looked through for messages whose bell was missed.
SWEEP = 5.0
#: Conversations planned in one go.
BATCH = 100
#: How long a message may be under way before it counts as lost with its worker.
LEASE = timedelta(seconds=90)
#: Seconds that messages under way get when the worker stops.
GRACE = 6.0


class Delivery:
    """Sends side by side to many customers, and to each customer one message after another."""

    def __init__(
        self,
        channels: Mapping[str, PushChannel],
        public_url: str,
        database: Database,
        doorbell: Doorbell,
        clock: Callable[[], datetime],
    ) -> None:
        """Keeps its parts; nothing starts before `run`.

        Args:
            channels: those that push, by name.
            public_url: where providers are to send receipts.
            database: Loket's database, migrated.
            doorbell: rings when something was said.
            clock: the present, aware.
        """
        self._channels = channels
        self._names = sorted(channels)
        self._public_url = public_url
        self._couriers: dict[str, Courier] = {}
        self._gates: dict[str, Gate] = {}
        self._database = database
        self._doorbell = doorbell
        self._clock = clock
        self._more = asyncio.Event()
        self._rung: set[str] = set()
        self._swept = -SWEEP
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set, then gives what is under way a moment to finish."""
        if not self._channels:
            return
        for name, channel in self._channels.items():
            courier = Courier(channel, self._public_url, self._database, self._clock, random.random)
            self._couriers[name] = courier
            self._gates[name] = Gate(courier.sender.pace.per_second)
        settler = Settler(self._couriers, self._database, self._clock, self._went_on)
        beside = [asyncio.create_task(each) for each in (self._listen(), settler.run())]
        try:
            while not stop.is_set():
                self._more.clear()
                try:
                    wait = await self._work()
                except Exception as error:  # noqa: BLE001 - a database that is away comes back
                    log.error("delivery_failed", error=type(error).__name__)
                    wait = POLL
                await self._rest(stop, wait)
        finally:
            for task in beside:
                task.cancel()
            if self._tasks:
                _, late = await asyncio.wait(self._tasks, timeout=GRACE)
                for task in late:
                    task.cancel()
            await asyncio.gather(*beside, *self._tasks, return_exceptions=True)
            for courier in self._couriers.values():
                with contextlib.suppress(Exception):  # nothing is lost with a connection
                    await courier.sender.close()

    async def _work(self) -> float:
        """Plans and sends what can go now; returns after how many seconds to look again."""
        await self._plan()
        due = await self._database.query(deliveries.next_due, self._names)
        now = self._clock()
        if due is None or due > now:
            return POLL if due is None else (due - now).total_seconds()
        while True:
            moment = time.monotonic()
            waits = {name: gate.opens_in(moment) for name, gate in self._gates.items()}
            ready = [name for name, wait in waits.items() if wait == 0.0]
            claimed = await self._claim(ready)
            if claimed is None:
                return min((wait for wait in waits.values() if wait), default=POLL)
            self._gates[claimed.channel].enter(moment)
            task = asyncio.create_task(self._send(claimed))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _claim(self, ready: list[str]) -> deliveries.Claimed | None:
        if not ready:
            return None
        return await self._database.run(deliveries.claim, ready, self._clock(), LEASE)

    async def _send(self, claimed: deliveries.Claimed) -> None:
        gate, outcome = self._gates[claimed.channel], Outcome(sure=False)
        try:
            outcome = await self._couriers[claimed.channel].deliver(claimed)
            if outcome.pause:
                gate.rest(time.monotonic() + outcome.pause)
        except Exception as error:  # noqa: BLE001 - its lease runs out; the others go on
            log.error("delivery_lost", delivery=claimed.id, error=type(error).__name__)
        finally:
            gate.leave(time.monotonic(), sure=outcome.sure)
            self._went_on(claimed.conversation_id)

    def _went_on(self, conversation_id: str) -> None:
        """Something became of a message: the next one, or a new disclosure, may be due."""
        self._rung.add(conversation_id)
        self._more.set()
        self._doorbell.ring("desk", conversation_id)

    async def _plan(self) -> None:
        """Makes deliveries of what is new: of whom the bell rang, and now and then of all."""
        rung, self._rung = self._rung, set()
        if "" in rung or time.monotonic() - self._swept >= SWEEP:
            rung = set(await self._database.query(to_deliver.unplanned, self._names, BATCH))
            if len(rung) < BATCH:
                self._swept = time.monotonic()
            else:
                self._more.set()
        for conversation_id in rung:
            if await self._database.query(to_deliver.is_unplanned, self._names, conversation_id):
                await self._database.run(self._plan_one, conversation_id)

    def _plan_one(self, conn: Connection, conversation_id: str) -> None:
        name = conversations.get(conn, conversation_id).channel
        make = partial(plan, self._channels[name])
        pause = self._couriers[name].pause
        to_deliver.plan(conn, conversation_id, make, self._clock(), pause)

    async def _listen(self) -> None:
        async with self._doorbell.listen("outbox") as listener:
            while True:
                key = await listener.wait(60.0)
                if key is not None:
                    self._rung.add(key)
                    self._more.set()

    async def _rest(self, stop: asyncio.Event, seconds: float) -> None:
        """Waits for the doorbell, a finished message, a stop, or the time."""
        waits = [asyncio.create_task(event.wait()) for event in (self._more, stop)]
        timeout = min(POLL, max(0.0, seconds))
        await asyncio.wait(waits, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
