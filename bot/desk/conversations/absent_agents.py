"""Looks after conversations whose agents are gone or silent, or set them aside, meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from bot.desk.conversations.planning import Planning
from bot.desk.conversations.service import Service
from bot.desk.conversations.silent_agents import SilentAgents
from bot.store.desk import planned_replies
from bot.store.handover import snoozes
from bot.store.notify.notifier import Notifier
from bot.store.sql.database import Database

log = structlog.get_logger(__name__)

#: Seconds between two looks.
PAUSE: Final = 30.0


class AbsenceWatch:
    """A task of the web process that looks for agents who are gone or silent.

    What belongs to agents who are gone goes back to the queue; who is silent is reminded first.
    What was set aside comes back when it is due, and an answer that was planned goes out.

    An agent who may not log in any more is gone at once. Nobody else is before an agent can have
    been away for too long since the start, or since the database was away: while the process or the
    database was down nobody could be seen at the desk, and everybody would count as gone.
    """

    def __init__(
        self,
        database: Database,
        service: Service,
        notifier: Notifier,
        clock: Callable[[], datetime],
    ) -> None:
        """Keeps what it needs; `start` begins.

        Args:
            database: Loket's.
            service: gives conversations back, and sends what was planned.
            notifier: rung for each conversation that went back.
            clock: the present, aware.
        """
        self._database = database
        self._transfers = service.transfers
        self._planning = Planning(service)
        self._silent = SilentAgents(service.desk)
        self._notifier = notifier
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    async def start(self, _app: object, loop: asyncio.AbstractEventLoop) -> None:
        """Begins the task; a listener of the web server."""
        self._task = loop.create_task(self._run())

    async def stop(self, _app: object, _loop: asyncio.AbstractEventLoop) -> None:
        """Ends the task; a listener of the web server."""
        if self._task:
            self._task.cancel()

    async def _run(self) -> None:
        watched: datetime | None = None
        while True:
            try:
                now = self._clock()
                watched = watched or now
                seen_for, desk = now - watched, self._transfers.desk
                release, look = self._transfers.release_lost, self._silent.look
                back = await self._sent(now)
                back += await self._database.run(snoozes.wake_due, now)
                back += await self._database.run(release, now, unseen=seen_for >= desk.away)
                back += await self._database.run(look, now, returns=seen_for >= desk.silent)
            except Exception as error:  # noqa: BLE001 - a database that is away comes back
                watched = None
                log.error("lost_agents_unwatched", error=type(error).__name__)
            else:
                for conversation_id in back:
                    self._notifier.ring("outbox", conversation_id)
            await asyncio.sleep(PAUSE)

    async def _sent(self, now: datetime) -> tuple[str, ...]:
        """Sends what was planned, before what is set aside until then would come back."""
        sent: list[str] = []
        for planned in await self._database.query(planned_replies.due, now):
            try:
                done = await self._database.run(self._planning.send, planned, now)
            except Exception as error:  # noqa: BLE001 - it must not keep the others waiting
                log.error("planned_replies_unsent", error=type(error).__name__)
                continue
            if done:
                sent.append(planned.conversation_id)
        return tuple(sent)
