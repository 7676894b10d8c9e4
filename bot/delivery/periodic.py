"""Work that is looked for again and again: when somebody says so, and after a while anyway."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)

#: Seconds after which anything is looked for again, whatever was or was not said.
POLL = 1.0


class Periodic:
    """One piece of work, done in rounds by one task."""

    def __init__(self, name: str, work: Callable[[], Awaitable[float]]) -> None:
        """Keeps its parts.

        Args:
            name: what the log calls it.
            work: one round; returns the seconds after which to look again.
        """
        self._name = name
        self._work = work
        self._more = asyncio.Event()
        self._stopped = False

    def wake(self) -> None:
        """There is something to do; look at once."""
        self._more.set()

    def stop(self) -> None:
        """Let the present round be the last."""
        self._stopped = True
        self._more.set()

    async def run(self) -> None:
        """Works until `stop`. A round that fails is no end: a database that is away comes back."""
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
