"""Picks a worker's next conversation: one that it can answer, and suspects with care.

A suspect is a conversation whose worker died while at it, or whose turn failed. One of those beside
which a process died may be the cause, the others are innocent. So suspects are tried again with few
others under suspicion beside them, and in the last attempt with nothing beside at all: what then
goes to a person did bring the process down.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.store.sql.database import Database
from bot.store.worker import claims, next_claim
from bot.store.worker.next_claim import Claimant, NextWork
from bot.worker.handler import MAX_ATTEMPTS
from bot.worker.leases import LEASE
from bot.worker.triage import Triage

#: Suspects in progress at the same time in one process.
SUSPECTS = 8
#: Seconds after which suspects are looked for again when there were none.
_SUSPECTS_EVERY: Final = 1.0


@dataclass(frozen=True, slots=True)
class ClaimedWork:
    """A claimed conversation to work on.

    Attributes:
        work: the claim, the conversation and its messages.
        anything: whether it is to be answered with or without a model; else only what needs none.
    """

    work: NextWork
    anything: bool


def is_alone(attempts: int) -> bool:
    """Whether nothing may be in progress beside a suspect with so many attempts.

    That holds for its last attempt. It also holds when a person gets it, as that may be the step
    that the process dies of.
    """
    return MAX_ATTEMPTS - 1 <= attempts <= MAX_ATTEMPTS


class NextWorkPicker:
    """Picks and claims the next conversation for one worker, one at a time."""

    def __init__(self, name: str, database: Database, clock: Callable[[], datetime]) -> None:
        """Keeps its parts.

        Args:
            name: the worker's.
            database: Loket's.
            clock: the present, aware.
        """
        self._name = name
        self._database = database
        self._clock = clock
        self._triage = Triage(name, database, clock)
        self._answerable: deque[str] = deque()
        self._began = False
        #: Token of a claim that may or may not have been made.
        self._doubtful: str | None = None
        self._suspects_at = 0.0
        #: Whether a suspect waits until nothing else is in progress: nothing new may begin.
        self.draining = False

    def look_again(self) -> None:
        """Notes that a suspect's turn ended: the next one may be tried."""
        self._suspects_at = 0.0

    async def next(
        self, *, ready: bool, settled: bool, in_progress: int, suspects: int
    ) -> ClaimedWork | None:
        """Claims a conversation; None when there is nothing to do now.

        Args:
            ready: whether this worker has its model.
            settled: whether its first model is not waited for (any longer).
            in_progress: how many conversations are in progress here.
            suspects: how many of them are suspects.

        Raises:
            Exception: the database is away.
        """
        if not self._began:  # what a former life left is free at once
            await self._database.run(claims.free_all, self._name)
            self._began = True
        if self._doubtful is not None:
            await self._database.run(claims.abandon, self._name, self._doubtful)
            self._doubtful = None
        # Without a model here and elsewhere, everybody gets a person.
        if ready or (settled and not await self._triage.others_ready()):
            work = await self._anything(in_progress, suspects)
            return None if work is None else ClaimedWork(work, anything=True)
        self.draining = False
        work = await self._answerable_one()
        return None if work is None else ClaimedWork(work, anything=False)

    async def _anything(self, in_progress: int, suspects: int) -> NextWork | None:
        if time.monotonic() >= self._suspects_at:
            work = await self._suspect(in_progress, suspects)
            if work is not None or self.draining:
                return work
        return await self._claim(next_claim.claim)

    async def _suspect(self, in_progress: int, suspects: int) -> NextWork | None:
        self.draining = False
        attempts = await self._database.query(next_claim.suspicion, self._clock())
        if attempts is None:
            self._suspects_at = time.monotonic() + _SUSPECTS_EVERY
            return None
        alone = is_alone(attempts)
        if in_progress if alone else suspects >= SUSPECTS:
            # Not now; `look_again` says when, unless the suspects in progress are others' by then.
            self._suspects_at = time.monotonic() + _SUSPECTS_EVERY
            self.draining = alone and not suspects
            return None
        return await self._claim(next_claim.suspect, attempts)

    async def _answerable_one(self) -> NextWork | None:
        """Claims a conversation that needs no model."""
        if not self._answerable:
            self._answerable.extend(await self._triage.look())
        while self._answerable:
            work = await self._claim(next_claim.claim, self._answerable.popleft())
            if work is not None:
                return work
        return None

    async def _claim(self, take: Callable[..., NextWork | None], *args: object) -> NextWork | None:
        """Claims under a token that is known, should the answer of the commit be lost."""
        self._doubtful = token = claims.new_token()
        claimant = Claimant(self._name, token, self._clock(), LEASE)
        work = await self._database.run(take, claimant, *args)
        self._doubtful = None
        return work
