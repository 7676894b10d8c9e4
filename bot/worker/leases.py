"""Keeps the claims of this worker's tasks: renews them during the work, then gives them back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Never

import structlog

from bot.store.sql.database import Database
from bot.store.sql.outages import is_outage
from bot.store.worker import claims
from bot.store.worker.claims import Claim

log = structlog.get_logger(__name__)

#: How long a claim stands without renewal: the longest that a customer waits after a worker's
#: machine vanished. A worker that comes back under its own name frees its claims at once.
LEASE = timedelta(seconds=10)
#: Pause before something that failed (a database that is away, say) is tried again.
RETRY = 1.0


class Leases:
    """Renews the claims that a live task works on, and no others.

    So a claim that no task knows of, such as one whose commit went through though its answer never
    came, ends with its lease.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        """Keeps its parts.

        Args:
            database: Loket's.
            clock: the present, aware.
        """
        self._database = database
        self._clock = clock
        self._held: dict[str, Claim] = {}

    def hold(self, claim: Claim) -> None:
        """Renews a claim from now on, until `let_go`."""
        self._held[claim.token] = claim

    def drop(self, claim: Claim) -> None:
        """Renews a claim no more: it was given back, or is lost."""
        self._held.pop(claim.token, None)

    async def keep(self) -> Never:
        """Renews the claims that are held, until it is cancelled."""
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 4)
            try:
                held = tuple(self._held.values())
                await self._database.run(claims.renew, held, self._clock(), LEASE)
            except Exception as error:  # noqa: BLE001 - tried again in a moment
                log.error("renewal_failed", claims=len(self._held), error=type(error).__name__)

    async def let_go(self, claim: Claim, *, failed: bool) -> bool:
        """Gives a claim back, however long the database is away.

        An end that was no fault of the turn must not be counted as an attempt: that has to be
        written even when the lease is long over.

        Args:
            claim: the claim; it is not renewed any more.
            failed: whether the turn itself failed.

        Returns:
            Whether messages of the conversation wait.
        """
        self.drop(claim)
        while True:
            try:
                return await self._database.run(claims.release, claim, failed=failed)
            except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
                where = claim.conversation_id
                log.error("release_failed", conversation=where, error=type(error).__name__)
                if not is_outage(error):
                    return False  # its lease runs out
            await asyncio.sleep(RETRY)
