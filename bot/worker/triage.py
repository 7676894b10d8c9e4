"""Finds work for a worker without a model: customers who ask for a person, or wait for one.

While a worker with a model is there, all else waits for that one, and this one helps only where it
cannot keep up. A message that needs a model is not claimed: it is free for a worker that has one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bot.conversation.escape import asks_for_person
from bot.messages import Owner
from bot.store.sql.database import Database
from bot.store.worker import backlog, heartbeats
from bot.store.worker.backlog import BacklogItem
from bot.worker.leaving_person import leaves_person
from bot.worker.queue_turn import leaves_queue

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: How long messages that need no model are left to a worker with one; after that it is too busy.
OVERDUE: Final = timedelta(seconds=2)
#: Messages read in one look: the newest so many, and as many of the others in turn. So a look
#: costs the same whatever waits.
PART: Final = 250
#: Seconds between two looks at least, however often the notifier rings.
PAUSE: Final = 0.2


def needs_no_model(owner: Owner, said: Iterable[tuple[str, str | None]]) -> bool:
    """Whether a conversation's waiting messages can be answered without the assistant.

    Args:
        owner: the conversation's owner.
        said: text and payload of each message.
    """
    messages = tuple(said)
    if owner == "human":
        return not any(leaves_person(payload) for _, payload in messages)
    if any(_asks(payload or text) for text, payload in messages):
        return True
    return owner == "queued" and not any(leaves_queue(*each) for each in messages)


@lru_cache(4096)
def _asks(text: str) -> bool:
    """Result of `asks_for_person`, remembered for messages that wait long."""
    return asks_for_person(text)


class Triage:
    """Finds the conversations that a worker without a model can answer."""

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
        self._after = 0
        self._looked = -PAUSE

    async def others_ready(self) -> bool:
        """Whether another worker is there that has its model."""
        since = self._clock() - heartbeats.FRESH
        return await self._database.query(heartbeats.any_ready, since, self._name)

    async def look(self) -> tuple[str, ...]:
        """Ids of conversations that can be answered now, the longest waiting first."""
        await asyncio.sleep(max(0.0, self._looked + PAUSE - time.monotonic()))
        self._looked = time.monotonic()
        patience = OVERDUE if await self.others_ready() else timedelta(0)
        now = self._clock()
        found, self._after = await self._database.query(_look, self._after, now, now - patience)
        return found


def _look(
    conn: Connection, after: int, now: datetime, before: datetime
) -> tuple[tuple[str, ...], int]:
    """The conversations that were found, and the row after which the next look goes on."""
    rows = {each.inbox_id: each for each in backlog.newest(conn, now, before, PART)}
    if len(rows) == PART:
        others = backlog.after(conn, after, now, before, PART)
        rows |= {each.inbox_id: each for each in others}
        after = others[-1].inbox_id if len(others) == PART else 0
    talks: dict[str, list[BacklogItem]] = {}
    for number in sorted(rows):
        talks.setdefault(rows[number].conversation_id, []).append(rows[number])
    found = (
        conversation_id
        for conversation_id, waiting in talks.items()
        if needs_no_model(waiting[0].owner, ((each.text, each.payload) for each in waiting))
    )
    return tuple(found), after
