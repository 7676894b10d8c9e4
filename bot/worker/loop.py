"""The worker: takes messages from the inbox, has them handled, and looks after the timers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.conversation.escape import asks_for_person
from bot.core.interface import Assistant
from bot.store import inbox
from bot.store.conversations import Conversation
from bot.store.database import Database
from bot.store.doorbell import Doorbell
from bot.worker.handler import Handler
from bot.worker.while_queued import leaves_queue

log = structlog.get_logger(__name__)

#: How long a claim stands without renewal: what a customer waits at most after a worker's machine
#: vanished. A worker that comes back under its own name frees its claims at once.
LEASE = timedelta(seconds=10)
#: The doorbell is a hint; this is how soon a missed one is noticed.
POLL = 1.0
#: Conversations in progress at the same time. A turn that waits for a back end leaves room for
#: others; while a model loads, all but the escape word wait.
CONCURRENCY = 64
#: Seconds that customers wait for the first model; after it they get a person.
FIRST_LOAD = 120.0
#: Pause before a model that could not be loaded is tried again.
RELOAD = 30.0
#: Pause before a conversation that failed (a database that is away, say) is tried again.
RETRY = 1.0


class Worker:
    """Handles conversations side by side, each conversation's messages one after another."""

    def __init__(
        self,
        name: str,
        database: Database,
        doorbell: Doorbell,
        handler: Handler,
        load: Callable[[], Awaitable[Assistant]],
        clock: Callable[[], datetime],
    ) -> None:
        """Keeps its parts; nothing starts before `run`.

        Args:
            name: unique among workers, the same after a restart.
            database: Loket's database, migrated.
            doorbell: rings when a message came in.
            handler: handles one message.
            load: loads the assistant; tried again when it fails.
            clock: the present, aware.
        """
        self._name = name
        self._database = database
        self._doorbell = doorbell
        self._handler = handler
        self._load = load
        self._clock = clock
        self._assistant: Assistant | None = None
        self._settled = asyncio.Event()
        self._more = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set, then finishes the turns in progress.

        Args:
            stop: set by a signal handler.
        """
        await self._database.run(inbox.release_all, self._name)
        helpers = [
            asyncio.create_task(self._keep_loading()),
            asyncio.create_task(self._keep_claims()),
            asyncio.create_task(self._listen()),
            asyncio.create_task(self._watch_timers()),
        ]
        try:
            while not stop.is_set():
                if not await self._take_one():
                    await self._rest(stop)
        finally:
            for helper in helpers:
                helper.cancel()
            if self._tasks and not self._settled.is_set():
                # They wait for a model that will not come: let go of them, unhandled.
                for task in self._tasks:
                    task.cancel()
            await asyncio.gather(*helpers, *self._tasks, return_exceptions=True)
            await self._database.run(inbox.release_all, self._name)

    async def _take_one(self) -> bool:
        """Claims a conversation and starts on it; False when there is nothing to do."""
        if len(self._tasks) >= CONCURRENCY:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        self._more.clear()
        try:
            work = await self._database.run(inbox.claim, self._name, self._clock(), LEASE)
        except Exception as error:  # noqa: BLE001 - a database that is away comes back
            log.error("claim_failed", error=type(error).__name__)
            await asyncio.sleep(RETRY)
            return False
        if work is None:
            return False
        task = asyncio.create_task(self._work(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _rest(self, stop: asyncio.Event) -> None:
        """Waits for the doorbell, a stop, or the next poll."""
        waits = [asyncio.create_task(event.wait()) for event in (self._more, stop)]
        await asyncio.wait(waits, timeout=POLL, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    async def _work(self, work: inbox.Work) -> None:
        """Handles a conversation's waiting messages in order, then lets go of it."""
        conversation_id = work.conversation.id
        try:
            for message in work.messages:
                assistant = await self._assistant_for(work.conversation)
                handled = await self._handler.handle(conversation_id, message, assistant)
                for each in (conversation_id, *handled.others):
                    self._doorbell.ring("outbox", each)
        except Exception as error:  # noqa: BLE001 - tried again; the others go on
            log.error(
                "conversation_failed", conversation=conversation_id, error=type(error).__name__
            )
            await asyncio.sleep(RETRY)
        with contextlib.suppress(Exception):  # if the database is away, the lease runs out instead
            if await self._database.run(inbox.release, conversation_id, self._name):
                self._more.set()

    async def _assistant_for(self, conversation: Conversation) -> Assistant | None:
        """The assistant; None when it is broken, or not there yet and not needed either.

        It is not needed when a person is asked for, or is there already.
        """
        while not self._settled.is_set():
            waiting = await self._database.query(inbox.pending, conversation.id)
            if any(asks_for_person(each.inbound.payload or each.inbound.text) for each in waiting):
                return None
            if conversation.owner in ("queued", "human") and not any(map(leaves_queue, waiting)):
                return None
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._settled.wait(), POLL)
        return self._assistant

    async def _keep_loading(self) -> None:
        asyncio.get_running_loop().call_later(FIRST_LOAD, self._settled.set)
        while self._assistant is None:
            try:
                self._assistant = await self._load()
                log.info("assistant_ready")
            except Exception as error:  # noqa: BLE001 - a person answers meanwhile
                log.error("assistant_not_loaded", error=type(error).__name__, reason=str(error))
            self._settled.set()
            if self._assistant is None:
                await asyncio.sleep(RELOAD)

    async def _keep_claims(self) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 4)
            with contextlib.suppress(Exception):  # tried again in a moment
                await self._database.run(inbox.renew, self._name, self._clock(), LEASE)

    async def _listen(self) -> None:
        while True:
            try:
                async with self._doorbell.listen("inbox") as listener:
                    while True:
                        if await listener.wait(60.0) is not None:
                            self._more.set()
            except OSError as error:  # polls go on meanwhile
                log.error("doorbell_lost", error=type(error).__name__)
                await asyncio.sleep(RETRY)

    async def _watch_timers(self) -> None:
        while True:
            try:
                for conversation_id in await self._handler.fire_timers():
                    self._doorbell.ring("outbox", conversation_id)
            except Exception as error:  # noqa: BLE001 - tried again at the next poll
                log.error("timers_failed", error=type(error).__name__)
            await asyncio.sleep(POLL)
