"""Settles messages in doubt where the provider can tell, and raises the alarm about the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from bot.delivery.alarm import Alarm
from bot.delivery.courier import Courier
from bot.store.delivery import doubtful_deliveries
from bot.store.delivery.doubtful_deliveries import Doubtful
from bot.store.sql.database import Database

log = structlog.get_logger(__name__)

#: Seconds between two looks for messages that are due.
POLL = 1.0
#: Messages looked into at once.
BATCH = 16
#: Time after which another process looks into a message, should this one die meanwhile.
LEASE = timedelta(seconds=90)


class DoubtResolver:
    """Looks into messages in doubt and settles them, beside the delivery of others."""

    def __init__(
        self,
        couriers: Mapping[str, Courier],
        database: Database,
        clock: Callable[[], datetime],
        went_on: Callable[[str], None],
    ) -> None:
        """Keeps its parts.

        Args:
            couriers: the channels' couriers, by name of the channel.
            database: Loket's.
            clock: the present, aware.
            went_on: called with the conversation of each message that was settled.
        """
        self._couriers = couriers
        self._names = sorted(couriers)
        self._database = database
        self._clock = clock
        self._went_on = went_on
        self._alarm = Alarm()

    async def run(self) -> None:
        """Works until it is cancelled."""
        while True:
            try:
                await self._settle()
                await self._raise_alarm()
            except Exception as error:  # noqa: BLE001 - a database that is away comes back
                log.error("settling_failed", error=type(error).__name__)
            await asyncio.sleep(POLL)

    async def _settle(self) -> None:
        now = self._clock()
        found = await self._database.run(doubtful_deliveries.due, self._names, now, LEASE, BATCH)
        await asyncio.gather(*(self._settle_one(each) for each in found))

    async def _settle_one(self, doubtful: Doubtful) -> None:
        try:
            settled = await self._couriers[doubtful.channel].settle(doubtful)
        except Exception as error:  # noqa: BLE001 - its lease runs out; the others go on
            log.error("settling_failed", delivery=doubtful.id, error=type(error).__name__)
        else:
            if settled:
                self._went_on(doubtful.conversation_id)

    async def _raise_alarm(self) -> None:
        now = self._clock()
        if not self._alarm.looks(now):
            return
        unclear = await self._database.query(doubtful_deliveries.unclear)
        for channel, count in self._alarm.due(unclear, now).items():
            log.error(
                "messages_unsure",
                channel=channel,
                count=count,
                minutes=int((now - unclear[channel].since).total_seconds() // 60),
                hint="decide at /desk/onzeker, or with `loket outbox`",
            )
