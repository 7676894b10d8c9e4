"""A customer at the counter of an organisation, with a clock and a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.core.interface import AssistantTurn, Parsed
from bot.core.translate import Said
from bot.messages import Attachment, HandOver, Inbound, Notice, Outbound, Owner, Text, options_of
from bot.organisation import load
from bot.records.conversation import Conversation
from bot.records.handover_record import Handover
from bot.store.conversation import conversations
from bot.store.handover import handovers
from bot.store.sql.database import Database
from bot.store.worker import inbox
from bot.worker.handler import Handled, Handler
from bot.worker.worker_config import WorkerConfig
from tests.support.configured_channels import PROFILES
from tests.support.forgetful import Forgetful
from tests.support.turns import answer

#: A Monday, in opening hours; the evening is not.
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
EVENING = datetime(2026, 11, 23, 20, tzinfo=UTC)
ORGANISATION = load(Path(__file__).parents[2])


class Nothing:
    """An assistant's memory that holds nothing."""

    sessions = 0

    def write(self, conn: Any) -> None:
        """Keeps nothing."""


@dataclass(slots=True)
class Bot(Forgetful):
    """An assistant that says hello, or hands over when told to."""

    handover: HandOver | None = None
    intent: str | None = None
    knowledge: Mapping[str, Any] = field(default_factory=dict)
    says: tuple[Outbound, ...] = (Text("Hallo."),)
    disclosure: Notice | None = None
    heard: list[tuple[str, bool]] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)

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
        self.heard.append((text, fresh))
        effects = (self.handover,) if self.handover else ()
        return AssistantTurn(Said(self.says, effects), "greet", {}, Nothing(), ())

    async def note(self, *message: str) -> None:
        """Notes the words."""
        self.noted.append(message[1])

    async def parse(self, text: str) -> Parsed:
        """What the words are about."""
        return Parsed(self.intent, 0.9, (), self.knowledge)


@dataclass(slots=True)
class Counter:
    """A customer, a clock and a database."""

    database: Database
    now: datetime = NOON
    channel: str = "webchat"
    address: str = "someone"
    bot: Bot | None = None
    own_desk: bool = False
    number: int = 0
    told: Handled | None = None

    async def say(
        self, text: str, payload: str | None = None, attachment: Attachment | None = None
    ) -> str:
        """Sends a message; returns the replies as one text."""
        self.number += 1
        self.now += timedelta(minutes=1)
        name = f"{self.address}-{self.number}"
        inbound = Inbound(self.channel, self.address, name, text, payload, attachment=attachment)
        accepted = await self.database.run(inbox.accept, inbound, self.now)
        where = accepted.conversation_id
        self.told = await answer(self.database, self.handler, where, self.bot, self.now)
        return "\n".join(message.text for message in self.said)

    async def tap(self, title: str) -> str:
        """Taps an option of the newest reply."""
        offered = [option for message in self.said for option in options_of(message)]
        option = next(option for option in offered if option.title == title)
        return await self.say(option.title, option.payload)

    @property
    def said(self) -> list[Outbound]:
        """The newest replies."""
        assert self.told is not None
        return [each.message for each in self.told.messages]

    @property
    def titles(self) -> list[str]:
        """What can be chosen now."""
        return [option.title for message in self.said for option in options_of(message)]

    @property
    def handler(self) -> Handler:
        """The handler under test."""
        config = WorkerConfig(
            turn_timeout=5,
            organisation=ORGANISATION,
            channels=PROFILES,
            numbered={"sms"},
            own_desk=self.own_desk,
        )
        return Handler(self.database, lambda: self.now, config)

    @property
    def conversation(self) -> Conversation:
        """As stored."""
        with self.database.read() as conn:
            found = conversations.find(conn, self.channel, self.address)
        assert found is not None
        return found

    @property
    def handover(self) -> Handover:
        """The newest one."""
        with self.database.read() as conn:
            found = handovers.newest(conn, self.conversation.id)
        assert found is not None
        return found

    @property
    def owner(self) -> Owner:
        """Who owns the conversation."""
        return self.conversation.owner

    async def become(self, owner: Owner, **columns: Any) -> None:
        """The desk changes the conversation."""

        def change(conn: Any) -> None:
            before = conversations.get(conn, self.conversation.id, lock=True)
            conversations.save(conn, replace(before, owner=owner, **columns))

        await self.database.run(change)
