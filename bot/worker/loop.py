"""The worker's loop: takes messages from the inbox, has them handled, and fires the timers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.core.interface import Assistant
from bot.process.heartbeat import Heartbeats
from bot.store.delivery.outbox import AlreadyAnswered
from bot.store.notify.notifier import Notifier
from bot.store.sql.database import Database
from bot.store.sql.outages import is_outage
from bot.store.worker import claims, holding
from bot.store.worker.claims import Afterwards, ClaimLost
from bot.store.worker.next_claim import NextWork
from bot.worker.assistant_loading import AssistantLoader
from bot.worker.commit_turn import Moved
from bot.worker.handler import Handler
from bot.worker.leases import RETRY, Leases
from bot.worker.next_work import ClaimedWork, NextWorkPicker, is_alone
from bot.worker.page_questions import PageQuestions
from bot.worker.triage import needs_no_model
from bot.worker.turn_in_progress import TurnInProgress

log = structlog.get_logger(__name__)

#: The notifier is a hint; this is how soon a missed one is noticed.
POLL = 1.0
#: Conversations in progress at the same time. A turn that waits for a back end leaves room for
#: others.
CONCURRENCY = 64
#: Seconds that turns in progress get when the worker stops; then they are left to another worker.
#: With `_LAST` it is less than the eight seconds after which `loket run` ends the process.
GRACE = 5.0
#: Seconds to let go of the claims that are left.
_LAST = 1.5


class Worker:
    """Handles conversations side by side, each conversation's messages one after another."""

    def __init__(
        self,
        name: str,
        database: Database,
        notifier: Notifier,
        handler: Handler,
        load: Callable[[], Awaitable[Assistant]],
        clock: Callable[[], datetime],
    ) -> None:
        """Keeps its parts; nothing starts before `run`.

        Args:
            name: unique among workers, the same after a restart.
            database: Loket's database, migrated.
            notifier: rings when a message came in.
            handler: handles one message.
            load: loads the assistant; tried again when it fails.
            clock: the present, aware.
        """
        self._name = name
        self._database = database
        self._notifier = notifier
        self._handler = handler
        self._clock = clock
        self._leases = Leases(database, clock)
        self._heart = Heartbeats(name, database, clock)
        self._taking = NextWorkPicker(name, database, clock)
        self._more = asyncio.Event()
        self._loader = AssistantLoader(load, self._heart, self._more.set)
        self._pages = PageQuestions(database, notifier, lambda: self._loader.assistant)
        self._turns: dict[str, TurnInProgress] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set, then finishes the turns in progress.

        Args:
            stop: set by a signal handler.
        """
        keeping = asyncio.create_task(self._leases.keep())
        helpers = [
            asyncio.create_task(self._heart.keep()),
            asyncio.create_task(self._loader.keep()),
            asyncio.create_task(self._listen()),
            asyncio.create_task(self._watch_timers()),
            asyncio.create_task(self._pages.keep()),
        ]
        try:
            while not stop.is_set():
                if self._is_full():
                    await self._until_one_ends(stop)
                elif not await self._take_one():
                    await self._rest(stop)
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
            await self._finish()
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    async def _finish(self) -> None:
        """Ends the turns in progress; those that take too long are left to another worker."""
        farewell = asyncio.create_task(self._heart.stop())
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GRACE)
        for turn in self._turns.values():
            if turn.task and not turn.ending:
                turn.task.cancel()
        left = {*self._tasks, farewell}
        _, late = await asyncio.wait(left, timeout=_LAST)
        for task in late:  # the database is away: their leases run out
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _is_full(self) -> bool:
        if self._taking.draining and self._tasks:
            return True
        alone = any(is_alone(turn.claim.attempts) for turn in self._turns.values())
        return alone or len(self._tasks) >= CONCURRENCY

    async def _until_one_ends(self, stop: asyncio.Event) -> None:
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({*self._tasks, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()

    async def _take_one(self) -> bool:
        """Claims a conversation and starts its task; False when there is nothing to do."""
        self._more.clear()
        try:
            taken = await self._taking.next(
                ready=self._loader.assistant is not None,
                settled=self._loader.settled,
                in_progress=len(self._tasks),
                suspects=sum(turn.claim.attempts > 0 for turn in self._turns.values()),
            )
        except Exception as error:  # noqa: BLE001 - a database that is away comes back
            log.error("claim_failed", error=type(error).__name__)
            await asyncio.sleep(RETRY)
            return False
        if taken is None:
            return False
        self._start(taken)
        return True

    def _start(self, taken: ClaimedWork) -> None:
        claim = taken.work.claim
        before = self._turns.get(claim.conversation_id)
        turn = self._turns[claim.conversation_id] = TurnInProgress(claim, taken.anything)
        self._leases.hold(claim)
        turn.task = asyncio.create_task(self._work(taken.work, turn, before))
        self._tasks.add(turn.task)
        turn.task.add_done_callback(self._tasks.discard)

    async def _rest(self, stop: asyncio.Event) -> None:
        """Waits for the notifier, a stop, the end of a pause in typing, or the next poll."""
        now = self._clock()
        try:
            ready = await self._database.query(holding.next_ready, now)
        except Exception as error:  # noqa: BLE001 - a database that is away comes back
            log.error("claim_failed", error=type(error).__name__)
            ready = None
        rest = POLL if ready is None else min(POLL, (ready - now).total_seconds())
        waits = [asyncio.create_task(event.wait()) for event in (self._more, stop)]
        await asyncio.wait(waits, timeout=rest, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    async def _work(
        self, work: NextWork, turn: TurnInProgress, before: TurnInProgress | None
    ) -> None:
        """Handles a conversation's waiting messages in order, then lets go of it."""
        failed, again = False, True
        try:
            if before is not None:
                await before.end()
            again = await self._handle(work, turn)
        except ClaimLost:
            log.warning("claim_lost", conversation=turn.claim.conversation_id)
        except Exception as error:  # noqa: BLE001 - tried again; the others go on
            failed = not _is_harmless(error)
            where = turn.claim.conversation_id
            log.error("conversation_failed", conversation=where, error=type(error).__name__)
            self._notifier.ring("outbox", where)  # the answer of the commit may have been lost
            await asyncio.sleep(RETRY)
        finally:
            await self._let_go(turn, failed=failed, again=again)

    async def _handle(self, work: NextWork, turn: TurnInProgress) -> bool:
        """Handles the messages as far as can be; returns whether any was handled."""
        owner, left = work.conversation.owner, work.messages
        any_handled = begun = False
        while left:
            if self._loader.assistant is None and not turn.anything:
                said = [(m.inbound.text, m.inbound.payload) for m in left]
                if not needs_no_model(owner, said):
                    return any_handled
            if begun:
                turn.claim = replace(turn.claim, attempts=0)
            elif any_handled:
                turn.claim = await self._database.run(claims.begin, turn.claim)
            channel, attempts = work.conversation.channel, turn.claim.attempts
            message, left = self._handler.next_turn(channel, owner, left, attempts)
            then: Afterwards = "begins" if left else "ends"
            handled = await self._handler.handle(turn.claim, message, self._loader.assistant, then)
            owner = handled.owner
            any_handled, begun = True, handled.claim == "begins"
            turn.waits = handled.waits if handled.claim == "ends" else None
            for each in (turn.claim.conversation_id, *handled.others):
                self._notifier.ring("outbox", each)
        return True

    async def _let_go(self, turn: TurnInProgress, *, failed: bool, again: bool) -> None:
        turn.ending = True
        if turn.waits is None:
            waits = await self._leases.let_go(turn.claim, failed=failed)
        else:
            waits = turn.waits
            self._leases.drop(turn.claim)
        if self._turns.get(turn.claim.conversation_id) is turn:
            del self._turns[turn.claim.conversation_id]
        if failed or self._taking.draining or turn.claim.attempts:
            self._taking.look_again()
        if waits and again:
            self._more.set()

    async def _listen(self) -> None:
        while True:
            try:
                async with self._notifier.listen("inbox") as listener:
                    while True:
                        if await listener.wait(60.0) is not None:
                            self._more.set()
            except Exception as error:  # noqa: BLE001 - polls go on meanwhile
                log.error("notifier_lost", error=type(error).__name__)
                await asyncio.sleep(RETRY)

    async def _watch_timers(self) -> None:
        while True:
            try:
                for conversation_id in await self._handler.fire_timers():
                    self._notifier.ring("outbox", conversation_id)
            except Exception as error:  # noqa: BLE001 - tried again at the next poll
                log.error("timers_failed", error=type(error).__name__)
            await asyncio.sleep(POLL)


def _is_harmless(error: Exception) -> bool:
    """Whether an error says nothing about the turn, so that the attempt does not count."""
    return isinstance(error, AlreadyAnswered | Moved) or is_outage(error)
