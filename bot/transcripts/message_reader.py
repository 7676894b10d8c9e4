"""Reads a conversation from its first message to its last, in pieces.

A conversation that goes on from others is read together with them, in one order of time: from each
what was said there up to the moment it went on elsewhere. What the customer, or somebody else at
the same computer, said there later is another conversation.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from bot.channel_profiles import ChannelProfiles
from bot.store.history.linked_conversations import Part
from bot.store.history.timeline import TimelineEntry, timeline
from bot.store.sql.database import Database
from bot.store.sql.tables import conversations as conversations_table
from bot.transcripts.transcript_entries import Shown, shown

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Most messages of a conversation in memory at a time.
PAGE: Final = 200


def named(conn: Connection, beginning: str) -> str:
    """The id of the one conversation whose id begins with these digits.

    Raises:
        LookupError: there is none, or more than one.
    """
    column = conversations_table.c.id
    # A range, which both databases answer from the key.
    query = select(column).where(column >= beginning, column <= f"{beginning}g").limit(2)
    rows = conn.execute(query).scalars().all()
    if len(rows) != 1:
        raise LookupError("no conversation has this id")
    return str(rows[0])


async def messages(
    database: Database, read: tuple[Part, ...], channels: ChannelProfiles, public_url: str
) -> AsyncGenerator[Shown, None]:
    """The messages of all parts in order of time; a page of each part is in memory.

    Args:
        database: where they are.
        read: what `parts` found.
        channels: this installation's.
        public_url: what an address on our own site is completed with.
    """
    sides = [_Side(database, part) for part in read]
    while True:
        heads = [(await side.head(), index) for index, side in enumerate(sides)]
        times = [(entry.at, index) for entry, index in heads if entry is not None]
        if not times:
            return
        side = sides[min(times)[1]]
        yield shown(side.waiting.popleft(), channels[side.part.channel], public_url)


@dataclass(slots=True)
class _Side:
    """One part of the conversation, as far as it has been read."""

    database: Database
    part: Part
    cursor: str = "i0.o0"
    ended: bool = False
    waiting: deque[TimelineEntry] = field(default_factory=deque)

    async def head(self) -> TimelineEntry | None:
        """The next entry, or None after the last one."""
        if not self.waiting and not self.ended:
            page = await self.database.query(timeline, self.part.conversation_id, self.cursor, PAGE)
            self.waiting.extend(entry for entry in page if entry.at <= self.part.until)
            self.ended = len(page) < PAGE or len(self.waiting) < len(page)
            self.cursor = page[-1].cursor if page else self.cursor
        return self.waiting[0] if self.waiting else None
