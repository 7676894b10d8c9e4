"""A customer who writes to the really trained assistant, and looks at the answers."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field

from bot.cli.chat import Terminal
from bot.core.interface import Assistant
from bot.messages import Option, Outbound, options_of
from bot.records.handover_record import Handover
from bot.settings import Settings
from bot.store import conversations, handovers
from bot.store.database import Database
from bot.worker.handler import Handled, Handler
from channels.webchat import WebChat


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

    def customer(self, *, assistant: bool = True) -> Customer:
        """A new customer; without an assistant the model is broken."""
        return Customer(
            Terminal(
                self.database,
                self.handler,
                self.assistant if assistant else None,
                WebChat(),
                uuid.uuid4().hex,
                f"test-{uuid.uuid4().hex[:8]}",
            )
        )


def waiting_of(shop: Shop, customer: Customer) -> Handover:
    """The customer's place in the queue."""
    with shop.database.read() as conn:
        conversation = conversations.find(conn, "webchat", customer.terminal.address)
        assert conversation is not None
        return next(h for h in handovers.waiting(conn) if h.conversation_id == conversation.id)
