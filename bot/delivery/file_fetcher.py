"""Fetches customers' files from their channels at once, and has old ones forgotten.

Outside the webhook's answer and outside a turn: an address of a provider's is good for minutes, and
a file may be large. What is not fetched when a process dies is due again when its lease runs out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.engine import Connection

from bot.attachments.file_keeper import FileKeeper, KeptFile, RefusedFile, ScannerAway
from bot.conversation import built_in_messages
from bot.delivery.failure_policy import backoff
from bot.delivery.file_expiry import FileExpiry
from bot.delivery.periodic import Periodic
from bot.records.attachment import FileReason, FileToFetch
from bot.store.conversation import attachments, conversations
from bot.store.delivery import outbox
from bot.store.notify.notifier import Notifier
from bot.store.sql.database import Database
from channels.errors import FileGone, FileTooLarge, SendError
from channels.protocol import FileSource

log = structlog.get_logger(__name__)

#: Seconds between two looks for new files.
SWEEP: Final = 0.5
#: Files fetched at the same time in one process.
AT_ONCE: Final = 4
#: How long a file may be under way before it counts as lost with its process: the download, the
#: scan and the storing, each at its slowest.
LEASE: Final = timedelta(minutes=4)
#: Seconds for all of that together.
TIMEOUT: Final = 200.0
#: A file that could not be had for this long is given up. Meta keeps files for longer.
GIVE_UP_AFTER: Final = timedelta(hours=24)


class FileFetcher:
    """Fetches, checks and stores files, a few at a time."""

    def __init__(
        self,
        sources: Mapping[str, FileSource],
        keeper: FileKeeper,
        expiry: FileExpiry,
        database: Database,
        notifier: Notifier,
        clock: Callable[[], datetime],
        chance: Callable[[], float],
    ) -> None:
        """Keeps its parts; nothing starts before `run`.

        Args:
            sources: where files are fetched, by channel.
            keeper: lets files in.
            expiry: has old files forgotten.
            database: Loket's database, migrated.
            notifier: rings when a file can be shown, or never will be.
            clock: the present, aware.
            chance: random numbers from 0 to 1.
        """
        self.rounds = Periodic("files", self._work)
        self._sources = sources
        self._keeper = keeper
        self._expiry = expiry
        self._database = database
        self._notifier = notifier
        self._clock = clock
        self._chance = chance
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set; files under way are left to the next process."""
        working = [asyncio.create_task(each.run()) for each in (self.rounds, self._expiry.rounds)]
        try:
            await stop.wait()
        finally:
            for each in (self.rounds, self._expiry.rounds):
                each.stop()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*working, *self._tasks, return_exceptions=True)
            await asyncio.gather(*(each.close() for each in self._sources.values()))

    async def _work(self) -> float:
        room = AT_ONCE - len(self._tasks)
        if room < 1:
            return SWEEP
        names, now = list(self._sources), self._clock()
        for file in await self._database.run(attachments.due, names, now, LEASE, room):
            task = asyncio.create_task(self._fetch(file))
            self._tasks.add(task)
            task.add_done_callback(self._done)
        return SWEEP

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # Its lease runs out, and it is tried again.
            log.error("file_lost", error=type(error).__name__)
        self.rounds.wake()

    async def _fetch(self, file: FileToFetch) -> None:
        ids = {"file": file.id, "channel": file.channel}
        try:
            async with asyncio.timeout(TIMEOUT):
                found = await self._sources[file.channel].fetch(file.reference, self._keeper.limit)
                kept = await self._keeper.keep(file.name, found)
        except (FileGone, FileTooLarge, RefusedFile) as error:
            reason = _reason(error)
            log.warning("file_refused", **ids, reason=reason)
            await self._database.run(_refused, file, reason, self._clock())
        except (SendError, ScannerAway, OSError, TimeoutError) as error:
            await self._failed(file, error)
        else:
            log.info("file_stored", **ids, bytes=kept.size, kind=kept.media_type)
            await self._database.run(_stored, file, kept)
        # An external desk listens to what is said.
        for bell in ("desk", "outbox"):
            self._notifier.ring(bell, file.conversation_id)

    async def _failed(self, file: FileToFetch, error: Exception) -> None:
        now = self._clock()
        told = getattr(error, "code", "") or type(error).__name__
        if file.seconds >= GIVE_UP_AFTER.total_seconds():
            log.error("file_given_up", file=file.id, channel=file.channel, error=told)
            await self._database.run(_refused, file, "gone", now)
            return
        log.warning("file_delayed", file=file.id, channel=file.channel, error=told)
        again = now + timedelta(seconds=backoff(file.tries, self._chance()))
        await self._database.run(attachments.again, file.id, again)


def _reason(error: FileGone | FileTooLarge | RefusedFile) -> FileReason:
    match error:
        case RefusedFile(reason=reason):
            return reason
        case FileTooLarge():
            return "too_large"
        case _:
            return "gone"


def _stored(conn: Connection, file: FileToFetch, kept: KeptFile) -> None:
    attachments.stored(conn, file.id, kept.media_type, kept.size)


def _refused(conn: Connection, file: FileToFetch, reason: FileReason, now: datetime) -> None:
    """Notes that a file is not shown, and tells a customer who has a person or waits for one."""
    conversation = conversations.get(conn, file.conversation_id, lock=True)
    if not attachments.refused(conn, file.id, reason):
        return
    if conversation.owner in ("queued", "human"):
        told = built_in_messages.file_refused(reason)
        outbox.add(conn, conversation.id, None, [("system", told)], now)
