"""A conversation that a worker's task is at."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from bot.store.worker.claims import Claim

#: Seconds that a turn whose claim was taken anew gets to end by itself.
_BEING_DONE: Final = 0.2


@dataclass(slots=True, eq=False)
class TurnInProgress:
    """A conversation in progress.

    Attributes:
        claim: its claim.
        anything: whether it was claimed to be answered with or without a model.
        task: the task that works on it.
        ending: whether the task only gives the claim back.
        waits: whether messages wait, once the claim was given back with the last turn; else None.
    """

    claim: Claim
    anything: bool
    task: asyncio.Task[None] | None = None
    ending: bool = False
    waits: bool | None = None

    async def end(self) -> None:
        """Waits until its task is done, now that its claim ran out and was taken anew.

        Two tasks at one conversation would be in each other's way.
        """
        if self.task is not None:
            # It may just have given its claim back with its last turn, and not know yet.
            await asyncio.wait({self.task}, timeout=_BEING_DONE)
            if not self.ending:
                self.task.cancel()
            await asyncio.wait({self.task})
