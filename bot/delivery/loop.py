"""The delivery loop: renders what is new, sends what is due, and notes what came of it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from bot.delivery.courier import Courier
from bot.delivery.lane import Lane
from bot.delivery.planner import Planner
from bot.delivery.rounds import POLL, Rounds
from bot.store import deliveries
from bot.store.database import Database
from bot.store.doorbell import Doorbell
from channels.base import PushChannel

log = structlog.get_logger(__name__)

#: Seconds that messages under way get when the process stops.
GRACE = 6.0


class Delivery:
    """A planner, a lane for each channel, and an eye on what got no receipt in time.

    It belongs on an event loop where nothing else computes: see `loket delivery`.
    """

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
        self._public_url = public_url
        self._database = database
        self._doorbell = doorbell
        self._clock = clock
        self._lanes: dict[str, Lane] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set, then gives what is under way a moment to finish."""
        if not self._channels:
            await stop.wait()
            return
        where = (self._database, self._doorbell, self._clock)
        pauses = {}
        for name, channel in self._channels.items():
            courier = Courier(channel, self._public_url, self._database, self._clock, random.random)
            pauses[name] = courier.pause
            self._lanes[name] = Lane(name, courier, *where)
        planner = Planner(self._channels, pauses, self._database, self._clock, self._wake)
        expiry = Rounds("expiry", self._expire)
        everything = [planner.rounds, expiry, *(lane.rounds for lane in self._lanes.values())]
        tasks = [asyncio.create_task(rounds.run()) for rounds in everything]
        listening = asyncio.create_task(self._listen(planner.rounds))
        try:
            await stop.wait()
        finally:
            listening.cancel()
            for rounds in everything:
                rounds.stop()
            await asyncio.gather(listening, *tasks, return_exceptions=True)
            await asyncio.gather(*(lane.close(GRACE) for lane in self._lanes.values()))

    def _wake(self, channel: str) -> None:
        self._lanes[channel].rounds.wake()

    async def _expire(self) -> float:
        """Gives up what got no receipt in time; returns after how many seconds to look again."""
        due = await self._database.query(deliveries.next_expiry)
        wait = POLL if due is None else (due - self._clock()).total_seconds()
        if wait > 0:
            return wait
        for number in await self._database.run(deliveries.expire, self._clock()):
            log.error("message_undelivered", delivery=number, error="no_receipt")
        for channel in self._lanes:
            self._wake(channel)
        return 0.0

    async def _listen(self, planner: Rounds) -> None:
        """Wakes all whom a bell may concern: something was said, or is to be sent again."""
        while True:
            try:
                async with self._doorbell.listen("outbox") as listener:
                    while True:
                        if await listener.wait(60.0) is not None:
                            planner.wake()
                            for channel in self._lanes:
                                self._wake(channel)
            except OSError as error:  # everything looks by itself meanwhile
                log.error("doorbell_lost", error=type(error).__name__)
                await asyncio.sleep(POLL)
