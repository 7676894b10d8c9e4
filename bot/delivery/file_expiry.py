"""Has files forgotten: with their conversation, and those that nothing refers to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

import structlog

from bot.attachments.file_keeper import FileKeeper
from bot.attachments.storage import owner
from bot.delivery.periodic import Periodic
from bot.store.conversation import attachments
from bot.store.sql.database import Database

log = structlog.get_logger(__name__)

#: How often it is looked at what has to go.
EVERY: Final = timedelta(hours=1)
#: How long what an agent chose and never sent is kept, and what no row refers to: a file is stored
#: before its row says so.
UNSENT: Final = timedelta(days=1)
ORPHANED: Final = timedelta(hours=1)
_BATCH: Final = 200


class FileExpiry:
    """Removes bytes that have had their time; their rows stay with the conversation, and say so."""

    def __init__(
        self,
        keeper: FileKeeper,
        keeps: timedelta,
        database: Database,
        clock: Callable[[], datetime],
    ) -> None:
        """Keeps its parts.

        Args:
            keeper: has the files.
            keeps: how long after its last message a conversation's files are kept.
            database: Loket's database, migrated.
            clock: the present, aware.
        """
        self.rounds = Periodic("file expiry", self._work)
        self._keeper = keeper
        self._keeps = keeps
        self._database = database
        self._clock = clock
        self._swept: datetime | None = None

    async def _work(self) -> float:
        now = self._clock()
        if self._swept is not None and now - self._swept < EVERY:
            return EVERY.total_seconds()
        gone = await self._expire(now) + await self._sweep(now)
        if gone:
            log.info("files_expired", count=gone)
        self._swept = now
        return EVERY.total_seconds()

    async def _expire(self, now: datetime) -> int:
        after, count = (datetime.fromtimestamp(0, UTC), 0), 0
        while True:
            found = await self._database.query(
                attachments.old, after, now - self._keeps, now - UNSENT, _BATCH
            )
            if not found:
                return count
            # The bytes first: a kill in between leaves a row that is looked at again.
            for _, _, name in found:
                await asyncio.to_thread(self._keeper.remove, name)
            await self._database.run(attachments.expired, [number for number, _, _ in found])
            after, count = (found[-1][1], found[-1][0]), count + len(found)

    async def _sweep(self, now: datetime) -> int:
        """Removes the bytes that no row refers to: of conversations that were erased."""
        count = 0
        names = await asyncio.to_thread(list, self._keeper.storage.names(now - ORPHANED))
        rest = iter(names)
        while batch := tuple(islice(rest, _BATCH)):
            owners = {owner(name) for name in batch}
            gone = set(await self._database.query(attachments.unknown, sorted(owners)))
            for name in batch:
                if owner(name) in gone:
                    await asyncio.to_thread(self._keeper.storage.delete, name)
                    count += 1
        return count
