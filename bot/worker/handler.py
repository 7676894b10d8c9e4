"""What happens with one message of a customer, from the inbox to the outbox.

Three steps: read how things stand, decide what to say (the only step that may take long or fail),
and write everything in one transaction. A process killed anywhere in between leaves the message
unhandled and nothing half done; it is then simply handled again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.conversation import texts
from bot.conversation.choices import Meaning, meaning, on_the_table
from bot.conversation.cleaning import clean
from bot.conversation.escape import asks_for_person
from bot.core.interface import Assistant
from bot.messages import Attachment, Choice, Notice, Outbound, Owner
from bot.store import inbox
from bot.store.conversations import Conversation
from bot.store.database import Database
from bot.store.inbox import InboxMessage
from bot.store.outbox import OutboxMessage
from bot.worker import record
from bot.worker.outcome import Manners, Outcome, from_turn, give_up, hands_over

log = structlog.get_logger(__name__)

#: A message that brought a worker down this often is not tried again: a person gets it.
MAX_ATTEMPTS = 3
#: The photos of an album come one by one: who sends the next one so soon has not read the answer to
#: the first, and needs no second one like it.
ALBUM = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Handled:
    """The result of handling a message.

    Attributes:
        messages: what was added to the outbox.
        intent: what the message was understood as, or None.
        owner: who owns the conversation now.
        milliseconds: how long it took.
    """

    messages: tuple[OutboxMessage, ...]
    intent: str | None
    owner: Owner
    milliseconds: float


class Handler:
    """Handles messages one by one; whoever calls it sees to the order within a conversation."""

    def __init__(self, database: Database, clock: Callable[[], datetime], manners: Manners) -> None:
        """Keeps what every message needs.

        Args:
            database: Loket's database, migrated.
            clock: the present, aware.
            manners: how to behave.
        """
        self._database = database
        self._clock = clock
        self._manners = manners

    async def handle(
        self, conversation_id: str, message: InboxMessage, assistant: Assistant | None
    ) -> Handled:
        """Answers one message and commits it.

        Args:
            conversation_id: a conversation that the caller has claimed.
            message: its oldest unhandled message.
            assistant: the loaded model, or None when there is none that works.
        """
        began = time.perf_counter()
        # Counted in a transaction of its own, so that whatever fails after it counts as a try.
        await self._database.run(inbox.begin_attempt, message.id)
        conversation, shown = await self._database.query(record.standing, conversation_id, message)
        outcome = await self._decide(conversation, message, shown, assistant)
        owner, added = await self._database.run(
            record.commit,
            conversation_id,
            message,
            outcome,
            _notice(assistant),
            self._manners,
            self._clock(),
        )
        took = (time.perf_counter() - began) * 1000
        log.info(
            "turn_done",
            conversation=conversation_id,
            inbox=message.id,
            intent=outcome.intent,
            owner=owner,
            replies=len(added),
            ms=round(took, 1),
        )
        return Handled(added, outcome.intent, owner, took)

    async def _decide(
        self,
        conversation: Conversation,
        message: InboxMessage,
        shown: tuple[Outbound, ...],
        assistant: Assistant | None,
    ) -> Outcome:
        if conversation.owner == "human":
            return Outcome()
        text = clean(message.inbound.text)
        if message.inbound.attachment and not text and message.inbound.payload is None:
            return _unreadable(conversation, message, message.inbound.attachment, shown)
        numbered = conversation.channel in self._manners.numbered
        meant = meaning(message.inbound, text, shown, numbered=numbered)
        if conversation.owner == "queued":
            return await self._while_queued(conversation, message, meant, assistant)
        if meant.kind == "stale":
            again = on_the_table(shown) or (texts.MEDEWERKER,)
            return Outcome((Choice(texts.STALE, again),))
        if not meant.value:
            return Outcome((texts.NOTHING_VISIBLE,))
        if message.attempts >= MAX_ATTEMPTS:
            log.error("message_given_to_person", inbox=message.id, attempts=message.attempts)
            return give_up(meant.value)
        return await self._ask(conversation, message, meant.value, assistant)

    async def _ask(
        self,
        conversation: Conversation,
        message: InboxMessage,
        text: str,
        assistant: Assistant | None,
    ) -> Outcome:
        """The assistant's answer; a person whenever there is none."""
        if assistant is None:
            return give_up(text)
        try:
            turn = await asyncio.wait_for(
                assistant.turn(conversation.id, text, str(message.id), conversation.channel),
                self._manners.turn_timeout,
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, the customer gets a person
            log.error("turn_failed", inbox=message.id, error=type(error).__name__)
            return give_up(text)
        return from_turn(turn, text, conversation)

    async def _while_queued(
        self,
        conversation: Conversation,
        message: InboxMessage,
        meant: Meaning,
        assistant: Assistant | None,
    ) -> Outcome:
        if meant.value != texts.RESUME:
            again = asks_for_person(meant.value)
            return Outcome((texts.ALREADY_QUEUED if again else texts.NOTED,))
        outcome = await self._ask(conversation, message, "/greet", assistant)
        if hands_over(outcome.effects):
            return Outcome((texts.STILL_WAITING_FOR_BOT,))
        messages = (texts.TO_BOT, *outcome.messages)
        return replace(outcome, messages=messages, owner="bot", intent=None, ends_handover=True)

    async def fire_timers(self) -> tuple[str, ...]:
        """Does what is due; returns the conversations that got a message."""
        return await self._database.run(record.fire_timers, self._manners, self._clock())


def _unreadable(
    conversation: Conversation,
    message: InboxMessage,
    attachment: Attachment,
    shown: tuple[Outbound, ...],
) -> Outcome:
    """The answer to a message without words."""
    if conversation.owner == "queued":
        reply = texts.unreadable_in_queue(attachment)
    else:
        reply = texts.unreadable(attachment, on_the_table(shown))
    said = conversation.last_outbound_at
    again = bool(shown) and shown[-1] == reply and said and message.received_at - said < ALBUM
    return Outcome() if again else Outcome((reply,))


def _notice(assistant: Assistant | None) -> Notice:
    """The designers' disclosure, or Loket's own where there is none that works."""
    try:
        said = assistant.disclosure if assistant else None
    except Exception as error:  # noqa: BLE001 - a slip in the content must not stop the reply
        log.error("disclosure_unusable", error=type(error).__name__)
        said = None
    return said or texts.DISCLOSURE
