"""Does a piece of work again and again: when woken, and after a while anyway."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)

#: Seconds after which work is looked for again at the latest, woken or not.
POLL = 1.0


class Periodic:
    """One piece of work, done in rounds by one task."""

    def __init__(self, name: str, work: Callable[[], Awaitable[float]]) -> None:
        """Keeps its parts.

        Args:
            name: the name in the log.
            work: one round; returns the seconds after which to look again.
        """
        self._name = name
        self._work = work
        self._more = asyncio.Event()
        self._stopped = False

    def wake(self) -> None:
        """Starts a round at once: there is something to do."""
        self._more.set()

    def stop(self) -> None:
        """Lets the present round be the last."""
        self._stopped = True
        self._more.set()

    async def run(self) -> None:
        """Works until `stop`. A failed round is no end: a database that is away comes back."""
        while not self._stopped:
            self._more.clear()
            try:
                wait = await self._work()
            except Exception as error:  # noqa: BLE001 - see above
                log.error("delivery_failed", part=self._name, error=type(error).__name__)
                wait = POLL
            await self._rest(wait)

    async def _rest(self, seconds: float) -> None:
        if not self._stopped:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(POLL, max(0.0, seconds))):
                    await self._more.wait()
