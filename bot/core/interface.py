"""The interface of an assistant as the worker sees it, without importing Rasa."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from bot.acts.acts import ActShares
from bot.core.translate import Said
from bot.messages import Notice
from bot.safety.kinds import Kind

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class Unwritten(Protocol):
    """What a turn adds to the tracker tables, still to be written."""

    @property
    def sessions(self) -> int:
        """How many sessions began in this turn."""
        ...

    def write(self, conn: Connection) -> None:
        """Writes the additions, in the transaction of the turn."""
        ...


@dataclass(frozen=True, slots=True)
class Parsed:
    """A sentence as the assistant understood it.

    Attributes:
        intent: its intent, or None when it was not understood.
        confidence: 0 to 1.
        entities: Rasa's entities: dicts with `entity`, `value`, `start`, `end`.
        knowledge: what the pages say to it, as `bot.core.components.knowledge_search` notes it;
            empty: they were not asked.
        acts: how likely it is each act; none when nobody looked.
    """

    intent: str | None
    confidence: float
    entities: tuple[Mapping[str, Any], ...]
    knowledge: Mapping[str, Any] = field(default_factory=dict)
    acts: ActShares = field(default_factory=ActShares)


@dataclass(frozen=True, slots=True)
class AssistantTurn:
    """The outcome of one message in the assistant.

    Attributes:
        said: messages and effects.
        intent: the message's intent, or None when not understood.
        slots: the conversation's slots afterwards.
        unwritten: what to write to the tracker tables.
        failed: names of actions that raised an error.
    """

    said: Said
    intent: str | None
    slots: Mapping[str, Any]
    unwritten: Unwritten | None
    failed: tuple[str, ...]


class Assistant(Protocol):
    """Answers one message at a time per conversation."""

    @property
    def disclosure(self) -> Notice | None:
        """The designers' words for "this is an AI", or None when they have none."""
        ...

    def danger(self, text: str) -> Kind | None:
        """The danger that a customer's words speak of, or None. Takes a sentence's encoding."""
        ...

    def recall(self, conn: Connection, conversation_id: str) -> object:
        """Reads what it remembers of a conversation, on any thread, for the turn that begins.

        May raise anything that a database may.
        """
        ...

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
        """Answers one message, in a new session when `fresh`; writes nothing.

        Goes on from `memory`, which `recall` gave just before; reads that itself when it is None.
        May raise anything.
        """
        ...

    async def note(
        self, conversation_id: str, text: str, message_id: str, channel: str
    ) -> Unwritten | None:
        """Remembers a message that it does not answer, as the customer waits for a person.

        Returns:
            What to write to the tracker tables; None: it knows nothing of the conversation yet.
            May raise anything.
        """
        ...

    async def parse(self, text: str) -> Parsed:
        """Understands a sentence outside any conversation. May raise anything."""
        ...
