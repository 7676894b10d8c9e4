"""One channel's queue: claims deliveries that are due, and sends them at the provider's pace."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.delivery.courier import Courier, DeliveryOutcome
from bot.delivery.periodic import POLL, Periodic
from bot.delivery.send_gate import SendGate
from bot.store.delivery import deliveries
from bot.store.notify.notifier import Notifier
from bot.store.sql.database import Database

log = structlog.get_logger(__name__)

#: How long a message may be under way before it counts as lost with its process.
LEASE = timedelta(seconds=90)
#: Seconds before messages that another process was just taking are looked at once more.
AGAIN = 0.05


class ChannelQueue:
    """Sends side by side to many customers of a channel, and to each one message after another.

    Each channel has a queue of its own, so that one whose provider is slow, down or strict costs
    the others nothing.
    """

    def __init__(
        self,
        name: str,
        courier: Courier,
        database: Database,
        notifier: Notifier,
        clock: Callable[[], datetime],
    ) -> None:
        """Keeps its parts; nothing starts before `Periodic.run`.

        Args:
            name: of the channel.
            courier: sends one message; this queue closes it.
            database: Loket's database, migrated.
            notifier: rings when a message was sent.
            clock: the present, aware.
        """
        self.rounds = Periodic(name, self._work)
        self._name = name
        self._courier = courier
        self._gate = SendGate(courier.sender.pace.per_second)
        self._database = database
        self._notifier = notifier
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()

    async def _work(self) -> float:
        """Sends the messages that can go now; returns after how many seconds to look again."""
        due = await self._database.query(deliveries.next_due, self._name)
        wait = POLL if due is None else (due - self._clock()).total_seconds()
        if wait > 0:
            return wait
        moment = time.monotonic()
        room = self._gate.room(moment)
        if room < 1:
            opens_in = self._gate.opens_in(moment)
            return POLL if opens_in is None else opens_in
        now = self._clock()
        batch = await self._database.run(deliveries.claim, self._name, now, LEASE, room)
        for claimed in batch.messages:
            self._begin(claimed)
        for conversation_id in batch.opted_out:
            await self._drop(conversation_id)
        return AGAIN if batch == deliveries.Batch() else 0.0

    def _begin(self, claimed: deliveries.Claimed) -> None:
        wait = self._gate.enter(time.monotonic())
        task = asyncio.create_task(self._send(claimed, wait))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, claimed: deliveries.Claimed, wait: float) -> None:
        outcome = DeliveryOutcome(sure=False)
        try:
            await asyncio.sleep(wait)
            outcome = await self._courier.deliver(claimed)
            if outcome.pause:
                self._gate.rest(time.monotonic() + outcome.pause)
        except Exception as error:  # noqa: BLE001 - its lease runs out; the others go on
            log.error("delivery_lost", delivery=claimed.id, error=type(error).__name__)
        finally:
            self._gate.leave(time.monotonic(), sure=outcome.sure)
            self.rounds.wake()
            self._notifier.ring("desk", claimed.conversation_id)

    async def _drop(self, conversation_id: str) -> None:
        """Gives up the messages for a customer who wants none; of very many, the first part.

        The rest comes up with the next claim.
        """
        error, now = "opted_out", self._clock()
        for number in await self._database.run(deliveries.drop, conversation_id, error, now):
            log.warning("message_undelivered", delivery=number, error=error)
        self._notifier.ring("desk", conversation_id)

    async def close(self, grace: float) -> None:
        """Gives messages under way some seconds to finish, and closes the sender."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        try:
            await self._courier.sender.close()
        except Exception as error:  # noqa: BLE001 - nothing is lost with a connection
            log.warning("sender_not_closed", channel=self._name, error=type(error).__name__)
