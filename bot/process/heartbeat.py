"""A process's signs of life in the database, for others to read."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Never

import structlog

from bot.store.sql.database import Database
from bot.store.worker import heartbeats
from bot.store.worker.heartbeats import Heartbeat, Role

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = structlog.get_logger(__name__)


class Heartbeats:
    """Beats every two seconds, and at once when it becomes ready."""

    def __init__(
        self, name: str, database: Database, clock: Callable[[], datetime], role: Role = "worker"
    ) -> None:
        """Takes what the beats need; `keep` gives them.

        Args:
            name: unique among all processes that beat.
            database: Loket's.
            clock: the present, aware.
            role: what the process does.
        """
        self._name = name
        self._role = role
        self._database = database
        self._clock = clock
        self._started = clock()
        self._last: datetime | None = None
        self._ready = False
        self._changed = asyncio.Event()

    def ready(self) -> None:
        """Marks this process as ready for its work, as a worker is once its model is loaded."""
        self._ready = True
        self._changed.set()

    async def keep(self) -> Never:
        """Beats until it is cancelled, also when the database was away."""
        while True:
            self._changed.clear()
            try:
                if await self._database.run(self._beat, self._clock()):
                    log.error("worker_name_used_twice", worker=self._name)
            except Exception as error:  # noqa: BLE001 - the next beat comes soon
                log.error("beat_failed", error=type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), heartbeats.EVERY)

    async def stop(self) -> None:
        """Takes this process's sign of life away: it has stopped."""
        try:
            await self._database.run(heartbeats.stopped, self._name)
        except Exception as error:  # noqa: BLE001 - its last beat grows old instead
            log.error("beat_failed", error=type(error).__name__)

    def _beat(self, conn: Connection, now: datetime) -> bool:
        """Gives a sign; returns whether another process gave one under this name since the last."""
        since, self._last = self._last, now
        twin = since is not None and any(
            each.worker == self._name and each.started_at != self._started
            for each in heartbeats.alive(conn, since)
        )
        sign = Heartbeat(self._name, self._role, self._started, now, self._ready)
        heartbeats.beat(conn, sign)
        return twin
