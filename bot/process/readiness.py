"""Tells whether customers are served: messages can be stored, and a worker can answer them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.store.sql import write_check
from bot.store.sql.database import Database
from bot.store.sql.write_check import Trouble
from bot.store.worker import heartbeats

log = structlog.get_logger(__name__)

#: Seconds for which an answer is good: asking more often costs the database nothing.
KEPT: Final = 1.0
#: Seconds after which a database that says nothing counts as away.
PATIENCE: Final = 3.0

_TROUBLES: Final[dict[Trouble, str]] = {
    "disk_full": "the disk of the database is full or fails",
    "read_only": "the database is read-only",
    "no_tables": "the database lacks tables; a start of Loket makes them",
    "unreachable": "the database cannot be reached",
    "failing": "the database is out of order or overloaded",
}
_NO_ANSWER: Final = "nothing can be stored: the database gives no answer"


class Readiness:
    """Asks the database at most once a second, and never keeps the event loop waiting."""

    def __init__(
        self,
        database: Database,
        silence: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        """Asks the database nothing yet.

        Args:
            database: Loket's.
            silence: after a worker's last sign of life, until it counts as gone.
            clock: the present, aware.
        """
        self._database = database
        self._silence = silence
        self._clock = clock
        self._looking: asyncio.Task[str | None] | None = None
        self._looked = 0.0
        self._last: str | None = None

    async def fault(self) -> str | None:
        """Says in a sentence what keeps customers from being served; None when all is well."""
        looking = self._looking
        if looking is None or (looking.done() and time.monotonic() - self._looked > KEPT):
            looking = self._looking = asyncio.create_task(self._look())
        # Not cancelled with the request: a look that the database holds up is the only one.
        done, _ = await asyncio.wait({looking}, timeout=PATIENCE)
        found = looking.result() if done and not looking.cancelled() else _NO_ANSWER
        if found != self._last:
            self._last = found
            log.warning("not_ready", reason=found) if found else log.info("ready_again")
        return found

    async def _look(self) -> str | None:
        now = self._clock()
        try:
            await self._database.run(write_check.store_something, now)
            alive = await self._database.query(heartbeats.alive, now - self._silence)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
            return f"nothing can be stored: {_TROUBLES[write_check.trouble(error)]}"
        finally:
            self._looked = time.monotonic()
        if any(each.role == "worker" for each in alive):
            return None
        seconds = self._silence.total_seconds()
        return f"nobody answers: no worker has given a sign of life for {seconds:g} s"

    def close(self) -> None:
        """Gives up a look that is under way."""
        if self._looking is not None:
            self._looking.cancel()
