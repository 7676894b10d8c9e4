"""Gives conversations back whose agent is gone, as long as the web process serves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from bot.desk.service import Service
from bot.store.database import Database
from bot.store.doorbell import Doorbell

log = structlog.get_logger(__name__)

#: Seconds between two looks.
PAUSE: Final = 30.0


class Watch:
    """Looks who is gone.

    Not before an agent can have been away for too long since the start: while this process was
    down nobody could be seen at the desk, and everybody would count as gone.
    """

    def __init__(
        self,
        database: Database,
        service: Service,
        doorbell: Doorbell,
        clock: Callable[[], datetime],
    ) -> None:
        """Keeps what it needs; `start` begins.

        Args:
            database: Loket's.
            service: the desk's rules.
            doorbell: rung for each conversation that went back.
            clock: the present, aware.
        """
        self._database = database
        self._service = service
        self._doorbell = doorbell
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    async def start(self, _app: object, loop: asyncio.AbstractEventLoop) -> None:
        """Begins; a listener of the web server."""
        self._task = loop.create_task(self._run())

    async def stop(self, _app: object, _loop: asyncio.AbstractEventLoop) -> None:
        """Ends; a listener of the web server."""
        if self._task:
            self._task.cancel()

    async def _run(self) -> None:
        await asyncio.sleep(self._service.away.total_seconds())
        while True:
            try:
                back = await self._database.run(self._service.release_lost, self._clock())
            except Exception as error:  # noqa: BLE001 - a database that is away comes back
                log.error("lost_agents_unwatched", error=type(error).__name__)
            else:
                for conversation_id in back:
                    self._doorbell.ring("outbox", conversation_id)
            await asyncio.sleep(PAUSE)
