"""Tells whether messages can be stored, and whether customers are served by who answers them.

The two are asked by others. A balancer that sends requests to several web processes asks whether
this one can take messages in: all of them share the workers, so to turn requests away because
nobody answers helps no customer, and loses what a provider does not send again. Alarms ask whether
customers are served.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

import structlog

from bot.settings import Settings
from bot.store.sql import write_check
from bot.store.sql.database import Database
from bot.store.sql.write_check import Trouble
from bot.store.worker import backlog, heartbeats

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


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things may take before customers are not served.

    Attributes:
        silence: after a worker's last sign of life, until it counts as gone.
        waiting: after a message came in, until its answer is late.
    """

    silence: timedelta
    waiting: timedelta

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Those of an installation."""
        silence, waiting = settings.heartbeat_timeout, settings.waiting_timeout
        return cls(timedelta(seconds=silence), timedelta(seconds=waiting))


@dataclass(frozen=True, slots=True)
class Faults:
    """What a look found, in sentences; None for what is well.

    Attributes:
        intake: why no message can be stored.
        service: why customers are not served: that, or nobody answers them in time.
    """

    intake: str | None = None
    service: str | None = None


class Readiness:
    """Asks the database at most once a second, and never keeps the event loop waiting."""

    def __init__(self, database: Database, limits: Limits, clock: Callable[[], datetime]) -> None:
        """Asks the database nothing yet.

        Args:
            database: Loket's.
            limits: how long things may take.
            clock: the present, aware.
        """
        self._database = database
        self._limits = limits
        self._clock = clock
        self._looking: asyncio.Task[Faults] | None = None
        self._looked = 0.0
        self._last: str | None = None

    async def faults(self) -> Faults:
        """Looks whether messages can be stored and customers are served, or recalls what it saw."""
        looking = self._looking
        if looking is None or (looking.done() and time.monotonic() - self._looked > KEPT):
            looking = self._looking = asyncio.create_task(self._look())
        # Not cancelled with the request: a look that the database holds up is the only one.
        done, _ = await asyncio.wait({looking}, timeout=PATIENCE)
        answered = done and not looking.cancelled()
        found = looking.result() if answered else Faults(_NO_ANSWER, _NO_ANSWER)
        if found.service != self._last:
            self._last = found.service
            if found.service:
                log.warning("not_ready", reason=found.service)
            else:
                log.info("ready_again")
        return found

    async def _look(self) -> Faults:
        now = self._clock()
        try:
            await self._database.run(write_check.store_something, now)
            alive = await self._database.query(heartbeats.alive, now - self._limits.silence)
            oldest = await self._database.query(backlog.waiting_since)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
            found = f"nothing can be stored: {_TROUBLES[write_check.trouble(error)]}"
            return Faults(found, found)
        finally:
            self._looked = time.monotonic()
        if not any(each.role == "worker" for each in alive):
            seconds = self._limits.silence.total_seconds()
            silent = f"nobody answers: no worker has given a sign of life for {seconds:g} s"
            return Faults(service=silent)
        if oldest is not None and now - oldest > self._limits.waiting:
            # Without how long: the sentence is logged each time it is another one.
            seconds = self._limits.waiting.total_seconds()
            return Faults(service=f"customers wait: a message has had no answer for {seconds:g} s")
        return Faults()

    def close(self) -> None:
        """Gives up a look that is under way."""
        if self._looking is not None:
            self._looking.cancel()
