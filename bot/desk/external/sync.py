"""Keeps an external desk in step: shows it what is said here, and does here what is done there.

At least once, and nothing twice: a call that may have been done is looked up before it is tried
again, and a reply from there is kept under that desk's own number. Nobody waits for it: the
customer's turn is over before the external desk hears of it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.engine import Connection

from bot.attachments.storage import Storage
from bot.desk.conversations import proven_identity
from bot.desk.conversations.service import Service
from bot.desk.external.apply_news import NewsApplier
from bot.desk.external.case_rendering import item, summary
from bot.desk.external.external_desk import Case, DeskUnavailable, ExternalDesk
from bot.desk.external.file_shower import FileShower
from bot.desk.external.link_pauses import LinkPauses
from bot.records.handover_record import Handover
from bot.store.conversation import conversations
from bot.store.desk import external_desk_files, external_desk_links, external_desk_sync
from bot.store.desk.external_desk_sync import Held
from bot.store.handover import handovers
from bot.store.notify.notifier import Notifier
from bot.store.sql.database import Database

log = structlog.get_logger(__name__)

#: How often all links are looked at, should a ring or a webhook have been missed.
SWEEP: Final = 30.0
#: How soon a new hand-over is noticed when its ring was missed.
POLL: Final = 2.0
#: How long a process may work on one link before another counts it as gone: several calls.
LEASE: Final = timedelta(seconds=90)
#: Messages shown in one go.
_MOST: Final = 100


class ExternalDeskSync:
    """The one task that talks to the external desk; see `loket delivery`."""

    def __init__(
        self,
        desk: ExternalDesk,
        service: Service,
        storage: Storage,
        database: Database,
        notifier: Notifier,
        clock: Callable[[], datetime],
    ) -> None:
        """Keeps its parts; nothing starts before `run`.

        Args:
            desk: the external desk.
            service: this desk's acts.
            storage: has the bytes of customers' files.
            database: Loket's database, migrated.
            notifier: rings when something was said, and when the external desk called.
            clock: the present, aware.
        """
        self._desk = desk
        self._elsewhere = NewsApplier(desk.name, service)
        self._files = FileShower(desk, storage, database)
        self._labels = service.desk.organisation.labels
        self._profiles = service.desk.profiles
        self._database = database
        self._notifier = notifier
        self._clock = clock
        self._rung: set[str] = set()
        self._more = asyncio.Event()
        self._pauses = LinkPauses()
        self._swept = -SWEEP

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set."""
        listening = asyncio.create_task(self._listen())
        try:
            while not stop.is_set():
                self._more.clear()
                try:
                    await self.step()
                except Exception as error:  # noqa: BLE001 - a database that is away comes back
                    log.error("mirror_failed", error=type(error).__name__)
                await self._rest(stop)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await self._desk.close()

    async def step(self) -> None:
        """Brings every link in step that may be out of it."""
        if await self._database.query(external_desk_sync.unlinked):
            await self._database.run(external_desk_sync.begin, self._desk.name, self._clock())
            self._swept = -SWEEP
        if self._pauses.left(0) > 0:
            return
        rung, self._rung = self._rung, set()
        everything = time.monotonic() - self._swept >= SWEEP
        if everything:
            self._swept = time.monotonic()
            for number in await self._database.query(
                external_desk_sync.late, self._desk.name, self._clock()
            ):
                await self._database.run(external_desk_sync.wake, number)
        links = await self._database.query(external_desk_sync.standing, self._desk.name)
        known = {number for number, _ in links} | {0}
        self._pauses.keep_only(known)
        for number, conversation_id in links:
            if self._pauses.left(number) > 0:
                continue
            late = number in self._pauses
            if late or everything or conversation_id in rung or "" in rung:
                await self._look(number)
            if self._pauses.left(0) > 0:
                return

    async def _look(self, handover_id: int) -> None:
        held = await self._database.run(external_desk_sync.claim, handover_id, self._clock(), LEASE)
        if held is None:
            self._pauses.wait(handover_id, POLL)
            return
        state = external_desk_sync.DOUBT
        try:
            state = await self._in_step(held)
            for which in (0, handover_id):
                self._pauses.over(which)
        except DeskUnavailable as error:
            self._failed(handover_id, error)
            name, code = self._desk.name, error.code
            log.warning("desk_unavailable", desk=name, handover=handover_id, error=code)
        except Exception as error:  # noqa: BLE001 - one hand-over must not hold up the others
            what = type(error).__name__
            self._failed(handover_id, DeskUnavailable(what, everywhere=False))
            log.error("mirror_failed", handover=handover_id, error=what)
        finally:
            await self._database.run(
                external_desk_links.change, handover_id, self._clock(), state=state
            )

    async def _in_step(self, held: Held) -> str:
        """Brings one link in step, both ways; returns the link's state afterwards."""
        link, handover = held.link, held.handover
        external_id = link.external_id or await self._open(handover)
        after = await self._database.query(external_desk_sync.last_applied, link, self._desk.name)
        news = await self._desk.news(external_id, 0 if held.doubtful else after)
        if not link.external_id:
            where = handover.conversation_id
            vouched = await self._database.query(proven_identity.vouched, where)
            note = summary(handover, self._labels, vouched)
            if note.key not in news.keys:
                await self._desk.show(external_id, note)
            await self._database.run(
                external_desk_links.change, handover.id, self._clock(), external_id=external_id
            )
        # Before what the customer wrote since is shown: the order in which it happened.
        refused = await self._database.run(self._elsewhere.apply, handover.id, news, self._clock())
        if news.replies or news.assignee or news.resolved:
            self._notifier.ring("outbox", link.conversation_id)
        for why in refused:
            await self._desk.show(external_id, why)
        await self._show(held, external_id, news.keys)
        await self._files.show(held.handover.id, external_id, news.keys)
        # An agent who opens a settled conversation again finds it open.
        return await self._end(held, external_id, settled=news.resolved or held.again)

    async def _open(self, handover: Handover) -> str:
        conversation_channel = await self._database.query(_channel, handover)
        return await self._desk.open(
            Case(
                handover.id,
                handover.conversation_id,
                self._profiles[conversation_channel].in_sentence,
                self._labels.get(handover.topic, ""),
                handover.reason,
                handover.urgent,
            )
        )

    async def _show(self, held: Held, external_id: str, known: frozenset[str]) -> None:
        link = await self._database.query(external_desk_links.find, held.link.handover_id)
        if link is None:
            return
        for entry in await self._database.query(
            external_desk_sync.unseen, link, self._desk.name, _MOST
        ):
            new = item(entry)
            if new.text and new.key not in known:
                await self._desk.show(external_id, new)
            if entry.inbound:
                promise, inbox_id = external_desk_files.promise, entry.inbound.id
                await self._database.run(promise, link.handover_id, inbox_id)
            await self._database.run(
                external_desk_links.change,
                link.handover_id,
                self._clock(),
                mirrored_inbox_id=entry.inbound.id if entry.inbound else None,
                mirrored_outbox_id=entry.outbound.id if entry.outbound else None,
            )

    async def _end(self, held: Held, external_id: str, *, settled: bool) -> str:
        """Settles the conversation at the external desk when it is over here."""
        if not await self._database.query(_is_over, held.handover.id):
            return external_desk_sync.FREE
        if (more := await self._unseen(held)) is not None:
            self._rung.add(more)
            self._more.set()
            return external_desk_sync.FREE
        if not settled:
            await self._desk.settle(external_id)
        if not held.again:
            log.info("mirror_over", desk=self._desk.name, handover=held.handover.id)
        return external_desk_sync.OVER

    async def _unseen(self, held: Held) -> str | None:
        """The conversation, if something of it must still be shown at the external desk."""
        link = await self._database.query(external_desk_links.find, held.handover.id)
        if link is None:
            return None
        left = await self._database.query(external_desk_sync.unseen, link, self._desk.name, 1)
        return link.conversation_id if left else None

    def _failed(self, handover_id: int, error: DeskUnavailable) -> None:
        """Leaves a link, or the desk as a whole, alone for a while."""
        self._pauses.failed(0 if error.everywhere else handover_id, error.retry_after)
        if error.everywhere:
            self._swept = -SWEEP  # look at everything when it is back

    async def _listen(self) -> None:
        while True:
            try:
                async with self._notifier.listen("outbox") as listener:
                    while True:
                        key = await listener.wait(60.0)
                        if key is not None:
                            self._rung.add(key)
                            self._more.set()
            except OSError as error:  # sweeps go on meanwhile
                log.error("notifier_lost", error=type(error).__name__)
                await asyncio.sleep(POLL)

    async def _rest(self, stop: asyncio.Event) -> None:
        waits = [asyncio.create_task(event.wait()) for event in (self._more, stop)]
        timeout = min(POLL, self._pauses.until_first(POLL))
        await asyncio.wait(waits, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()


def _channel(conn: Connection, handover: Handover) -> str:
    return conversations.get(conn, handover.conversation_id).channel


def _is_over(conn: Connection, handover_id: int) -> bool:
    return handovers.get(conn, handover_id).closed_at is not None
