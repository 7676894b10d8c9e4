"""An assistant that knows what it is told to, and a customer of it, through the worker itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from bot.core.interface import AssistantTurn, Parsed
from bot.core.translate import Said
from bot.messages import (
    HandOver,
    Inbound,
    Notice,
    Outbound,
    Owner,
    Reason,
    Text,
)
from bot.organisation import load
from bot.records.conversation import Conversation
from bot.records.handover_record import Handover
from bot.store.conversation import conversations
from bot.store.handover import handovers
from bot.store.identity import network_origins
from bot.store.sql import tables
from bot.store.sql.database import Database
from bot.store.worker import inbox
from bot.worker.handler import Handled, Handler
from bot.worker.worker_config import WorkerConfig
from tests.support.forgetful import Forgetful
from tests.support.turns import answer

#: A Monday, in opening hours.
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORGANISATION = load(Path(__file__).parents[2])
Slots = Mapping[str, Any]


@dataclass(slots=True)
class Memory:
    """An assistant's memory: the slots, kept where the real one keeps them."""

    conversation_id: str
    slots: Slots
    sessions: int = 0

    def write(self, conn: Connection) -> None:
        """Keeps the slots that are filled."""
        kept = {name: value for name, value in self.slots.items() if value is not None}
        mine = tables.trackers.c.conversation_id == self.conversation_id
        conn.execute(tables.trackers.delete().where(mine))
        values = {"conversation_id": self.conversation_id, "head": {"slots": kept}, "seq": 1}
        conn.execute(tables.trackers.insert().values(**values))


@dataclass(slots=True)
class Bot(Forgetful):
    """An assistant that knows what it is told to, and hands over on request."""

    slots: Slots = field(default_factory=dict)
    disclosure: Notice | None = None
    reason: Reason = "asked"
    topic: str = "track_order"
    answer: Outbound = field(default_factory=lambda: Text("Hallo."))

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
        """One answer."""
        effects = (HandOver(self.reason, self.topic),) if text == "medewerker" else ()
        memory = Memory(conversation_id, self.slots)
        return AssistantTurn(Said((self.answer,), effects), "track_order", self.slots, memory, ())

    async def parse(self, text: str) -> Parsed:
        """Nothing."""
        return Parsed(None, 0.0, ())


@dataclass(slots=True)
class Counter:
    """A customer, a clock and a database."""

    database: Database
    now: datetime = NOON
    number: int = 0

    async def say(
        self,
        text: str,
        bot: Bot | None,
        who: str = "anna",
        place: str = "",
        payload: str | None = None,
    ) -> Handled:
        """Sends a message or taps an option, from somewhere, and has it handled."""
        self.number += 1
        self.now += timedelta(minutes=1)
        inbound = Inbound("webchat", who, f"m{self.number}", text, payload)
        accepted = await self.database.run(inbox.accept, inbound, self.now)
        if place:
            await self.database.run(network_origins.saw, accepted.conversation_id, place, self.now)
        handler = Handler(self.database, lambda: self.now, WorkerConfig(organisation=ORGANISATION))
        return await answer(self.database, handler, accepted.conversation_id, bot, self.now)

    def conversation(self) -> Conversation:
        with self.database.read() as conn:
            found = conversations.find(conn, "webchat", "anna")
        assert found is not None
        return found

    def become(self, owner: Owner) -> None:
        """The desk changes the conversation."""
        before = self.conversation()
        with self.database.begin() as conn:
            if owner == "closed":
                handovers.close(conn, before.id, "closed", self.now)
            conversations.save(conn, replace(before, owner=owner))

    def handover(self) -> Handover:
        with self.database.read() as conn:
            found = handovers.newest(conn, self.conversation().id)
        assert found is not None
        return found
