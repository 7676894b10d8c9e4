"""A customer who writes to the really trained assistant, and looks at the answers."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import time

from sqlalchemy import select

from bot.cli.chat import Terminal
from bot.conversation.opening_hours import OpenHours
from bot.core.interface import Assistant
from bot.messages import Option, Outbound, options_of
from bot.records.conversation import Conversation
from bot.records.handover_record import Handover
from bot.settings import Settings
from bot.store.conversation import conversations
from bot.store.handover import handovers
from bot.store.sql.database import Database
from bot.store.sql.tables import events
from bot.worker.handler import Handled, Handler
from bot.worker.worker_config import WorkerConfig
from channels.protocol import Channel
from channels.webchat import WebChat

#: `[1]`: a tap on the first option that is shown.
_TAP = re.compile(r"\[(\d+)\]")


def attended(config: WorkerConfig) -> WorkerConfig:
    """The configuration with people there at any hour, so that their announcement is fixed."""
    whole = OpenHours(time(0), time(23, 59, 59, 999999))
    teams = tuple(replace(team, week=None) for team in config.organisation.teams)
    always = replace(
        config.organisation, week=dict.fromkeys(range(7), whole), country="", closed={}, teams=teams
    )
    return replace(config, organisation=always, own_desk=False)


@dataclass(slots=True)
class Customer:
    """Someone who writes, and looks at the answers.

    Attributes:
        terminal: the conversation.
        last: what came of the newest message.
    """

    terminal: Terminal
    last: Handled | None = field(default=None)

    def say(self, text: str, payload: str | None = None) -> Handled:
        """Sends a message; every turn must get a reply."""
        self.last = asyncio.run(self.terminal.say(text, payload))
        assert self.last.messages, f"silence after {text!r}"
        return self.last

    def tap(self, title: str) -> Handled:
        """Taps an option by its words."""
        option = next(option for option in self.options if option.title == title)
        return self.say(option.title, option.payload)

    def meant(self, line: str) -> tuple[str, str | None]:
        """Words and payload of a line; `[1]` in it is a tap on the first option that is shown."""
        if tap := _TAP.fullmatch(line):
            option = self.options[int(tap[1]) - 1]
            return option.title, option.payload
        return line, None

    def follow(self, lines: Iterable[str]) -> Customer:
        """Says every line."""
        for line in lines:
            self.say(*self.meant(line))
        return self

    @property
    def said(self) -> list[Outbound]:
        """The newest replies."""
        assert self.last is not None
        return [sent.message for sent in self.last.messages]

    @property
    def text(self) -> str:
        """The newest replies as one text."""
        return "\n".join(message.text for message in self.said)

    @property
    def options(self) -> list[Option]:
        """What can be tapped now."""
        return [option for message in self.said for option in options_of(message)]

    @property
    def owner(self) -> str:
        """Who owns the conversation."""
        assert self.last is not None
        return self.last.owner


@dataclass(slots=True)
class Shop:
    """The running assistant.

    Attributes:
        database: Loket's tables.
        assistant: the loaded model.
        handler: the worker's own.
        settings: what the actions read.
    """

    database: Database
    assistant: Assistant
    handler: Handler
    settings: Settings

    def customer(self, *, assistant: bool = True, channel: Channel | None = None) -> Customer:
        """A new customer, in the web chat by default; without an assistant the model is broken."""
        return Customer(
            Terminal(
                self.database,
                self.handler,
                self.assistant if assistant else None,
                channel or WebChat(),
                uuid.uuid4().hex,
                f"test-{uuid.uuid4().hex[:8]}",
            )
        )


def conversation_of(shop: Shop, customer: Customer) -> Conversation:
    """The customer's conversation."""
    with shop.database.read() as conn:
        found = conversations.find(conn, customer.terminal.channel.name, customer.terminal.address)
    assert found is not None
    return found


def waiting_of(shop: Shop, customer: Customer) -> Handover:
    """The customer's place in the queue."""
    mine = conversation_of(shop, customer).id
    with shop.database.read() as conn:
        return next(h for h in handovers.waiting(conn) if h.conversation_id == mine)


def slot_of(shop: Shop, customer: Customer, name: str) -> object:
    """The value of a slot in the customer's newest session; None when it got none there."""
    ours = select(events.c.data).where(
        events.c.conversation_id == conversation_of(shop, customer).id,
        events.c.type.in_(("slot", "session_started")),
    )
    with shop.database.read() as conn:
        for event in conn.execute(ours.order_by(events.c.seq.desc())).scalars():
            if event["event"] == "session_started":  # what was carried over is set after it
                return None
            if event["name"] == name:
                return event["value"]
    return None


def open_question(shop: Shop, customer: Customer) -> str | None:
    """The slot that the running form asks for; None when no form runs."""
    asked = slot_of(shop, customer, "requested_slot")
    return None if asked is None else str(asked)
