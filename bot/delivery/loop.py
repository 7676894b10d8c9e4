"""The delivery loop: renders new messages, sends those that are due, and notes the outcome."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from bot.attachments.storage import Storage
from bot.delivery.channel_queue import ChannelQueue
from bot.delivery.courier import Courier
from bot.delivery.doubt_resolution import DoubtResolver
from bot.delivery.periodic import POLL, Periodic
from bot.delivery.planner import Planner
from bot.store.notify.notifier import Notifier
from bot.store.sql.database import Database
from channels.protocol import PushChannel

log = structlog.get_logger(__name__)

#: Seconds that messages under way get when the process stops.
GRACE = 6.0


class DeliveryLoop:
    """Runs a planner, a queue for each channel, and the resolver of messages in doubt.

    It belongs on an event loop where nothing else computes: see `loket delivery`.
    """

    def __init__(
        self,
        channels: Mapping[str, PushChannel],
        public_url: str,
        database: Database,
        notifier: Notifier,
        clock: Callable[[], datetime],
        storage: Storage | None = None,
    ) -> None:
        """Keeps its parts; nothing starts before `run`.

        Args:
            channels: those that push, by name.
            public_url: where providers are to send receipts.
            database: Loket's database, migrated.
            notifier: rings when something was said.
            clock: the present, aware.
            storage: has the files that agents send; None: this process sends none.
        """
        self._channels = channels
        self._public_url = public_url
        self._database = database
        self._notifier = notifier
        self._clock = clock
        self._storage = storage
        self._lanes: dict[str, ChannelQueue] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set, then gives messages under way a moment to finish."""
        if not self._channels:
            await stop.wait()
            return
        where = (self._database, self._notifier, self._clock)
        pauses, couriers = {}, {}
        for name, channel in self._channels.items():
            own = (channel, self._public_url, self._database, self._clock, random.random)
            courier = Courier(*own, self._storage)
            pauses[name] = courier.pause
            self._lanes[name] = ChannelQueue(name, courier, *where)
            couriers[name] = courier
        planner = Planner(self._channels, pauses, self._database, self._clock, self._wake)

        def settled(conversation_id: str) -> None:
            """Wakes all parts: the next message, or a new disclosure, may be due."""
            self._wake_all(planner.rounds)
            self._notifier.ring("desk", conversation_id)

        settler = DoubtResolver(couriers, self._database, self._clock, settled)
        everything = [planner.rounds, *(lane.rounds for lane in self._lanes.values())]
        tasks = [asyncio.create_task(rounds.run()) for rounds in everything]
        beside = [
            asyncio.create_task(each) for each in (self._listen(planner.rounds), settler.run())
        ]
        try:
            await stop.wait()
        finally:
            for task in beside:
                task.cancel()
            for rounds in everything:
                rounds.stop()
            await asyncio.gather(*beside, *tasks, return_exceptions=True)
            await asyncio.gather(*(lane.close(GRACE) for lane in self._lanes.values()))

    def _wake(self, channel: str) -> None:
        self._lanes[channel].rounds.wake()

    def _wake_all(self, planner: Periodic) -> None:
        planner.wake()
        for channel in self._lanes:
            self._wake(channel)

    async def _listen(self, planner: Periodic) -> None:
        """Wakes all parts at each ring: something was said, or is to be sent again."""
        while True:
            try:
                async with self._notifier.listen("outbox") as listener:
                    while True:
                        if await listener.wait(60.0) is not None:
                            self._wake_all(planner)
            except OSError as error:  # everything looks by itself meanwhile
                log.error("notifier_lost", error=type(error).__name__)
                await asyncio.sleep(POLL)
