"""A database, a notifier, customers who write, and workers with an assistant that echoes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from bot import clock
from bot.conversation import bursts
from bot.core.interface import Assistant, AssistantTurn
from bot.core.translate import Said
from bot.messages import Attachment, Inbound, Notice, Text
from bot.records.conversation import Conversation
from bot.store.conversation import conversations
from bot.store.delivery import outbox_queries
from bot.store.notify.notifier import Notifier
from bot.store.sql.database import Database
from bot.store.worker import inbox
from bot.worker.handler import Handler
from bot.worker.loop import Worker
from bot.worker.worker_config import WorkerConfig
from tests.support.at_work import at_work
from tests.support.forgetful import Forgetful


class Nothing:
    """An assistant's memory that holds nothing."""

    sessions = 0

    def write(self, conn: Connection) -> None:
        """Keeps nothing."""


@dataclass(slots=True)
class Echo(Forgetful):
    """Says back what it heard, and notes when it was at work."""

    delay: float = 0.0
    heard: list[tuple[str, str]] = field(default_factory=list)
    busy: set[str] = field(default_factory=set)
    side_by_side: int = 0
    disclosure: Notice | None = None

    async def turn(
        self,
        conversation_id: str,
        text: str,
        message_id: str,
        channel: str,
        *,
        fresh: bool = False,
        memory: object = None,
    ) -> AssistantTurn:
        """One echo."""
        assert conversation_id not in self.busy, "two turns of one conversation at once"
        self.busy.add(conversation_id)
        self.side_by_side = max(self.side_by_side, len(self.busy))
        try:
            await asyncio.sleep(self.delay)
        finally:
            self.busy.discard(conversation_id)
        self.heard.append((conversation_id, text))
        return AssistantTurn(Said((Text(text),), ()), "greet", {}, Nothing(), ())


@dataclass(slots=True)
class Office:
    """A database, a notifier, and workers."""

    database: Database
    notifier: Notifier
    number: int = 0
    channel: str = "webchat"
    config: WorkerConfig = field(default_factory=WorkerConfig)

    async def write(self, sender: str, text: str, attachment: Attachment | None = None) -> str:
        """A customer writes; returns the conversation's id."""
        self.number += 1
        inbound = Inbound(self.channel, sender, f"m{self.number}", text, attachment=attachment)
        held = self.config.channels[self.channel].bursts
        pause = bursts.pause_after(inbound, self.config.pause) if held else None
        accepted = await self.database.run(inbox.accept, inbound, clock.now(), pause)
        self.notifier.ring("inbox")
        return accepted.conversation_id

    @asynccontextmanager
    async def worker(
        self,
        load: Callable[[], Awaitable[Assistant]],
        name: str = "w1",
        database: Database | None = None,
    ) -> AsyncIterator[Worker]:
        """A worker that runs while the block does, on the database as it sees that."""
        seen, now = database or self.database, clock.now
        worker = Worker(name, seen, self.notifier, Handler(seen, now, self.config), load, now)
        async with at_work(worker.run, 10):
            yield worker

    def texts(self, conversation_id: str) -> list[str]:
        """What the customer was told, disclosures left out."""
        with self.database.read() as conn:
            sent = outbox_queries.since(conn, conversation_id, 0, 100)
        return [message.message.text for message in sent if message.message.text[:2] != "U "]

    def conversation(self, conversation_id: str) -> Conversation:
        """How a conversation stands."""
        with self.database.read() as conn:
            return conversations.get(conn, conversation_id)

    def unhandled(self, conversation_id: str) -> int:
        """How many messages wait."""
        with self.database.read() as conn:
            return len(inbox.pending(conn, conversation_id))


async def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Waits for something to become true."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


def loads(assistant: Assistant) -> Callable[[], Awaitable[Assistant]]:
    """A loader that succeeds at once."""

    async def load() -> Assistant:
        return assistant

    return load
