"""Decides the outcome of a turn: by the conversation's owner, and by what its customer means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.catalogue import say
from bot.conversation import built_in_messages, scores
from bot.conversation.cleaning import clean
from bot.conversation.option_matching import Meaning, meaning, on_the_table
from bot.conversation.thanks_and_greetings import is_thanks_or_greeting
from bot.core.interface import Assistant
from bot.messages import Choice
from bot.records.conversation import Conversation
from bot.records.inbox_message import InboxMessage
from bot.store.conversation import attachments
from bot.store.sql.database import Database
from bot.worker import (
    after_closing,
    ask_assistant,
    attachment_only,
    leaving_person,
    loop_guard,
    rating_guard,
    safety_guard,
)
from bot.worker.conversation_state import ConversationState
from bot.worker.queue_turn import QueueTurn
from bot.worker.turn_context import TurnContext
from bot.worker.turn_outcome import TurnOutcome, give_up, hands_over
from bot.worker.worker_config import WorkerConfig

log = structlog.get_logger(__name__)


class TurnDecider:
    """Decides what to say and do about a message; writes nothing."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], config: WorkerConfig
    ) -> None:
        """Keeps what every decision needs; the arguments are those of `Handler`."""
        self._database = database
        self._clock = clock
        self._config = config

    async def decide(
        self, turn: TurnContext, before: ConversationState, assistant: Assistant | None
    ) -> TurnOutcome:
        """The outcome of a message.

        Args:
            turn: the turn.
            before: the conversation as it was read for it.
            assistant: the loaded model, or None when there is none that works.

        Raises:
            SQLAlchemyError: the database is away; it says nothing about the turn.
        """
        kind = safety_guard.danger_in(turn, assistant)
        if kind is None:
            return await self._usual(turn, before, assistant)
        log.warning("danger_answered", conversation=turn.conversation.id, kind=kind)
        if turn.conversation.owner in ("queued", "human"):
            return safety_guard.beside_person(kind, turn.conversation.owner)
        text = clean(turn.message.inbound.text)
        if turn.conversation.owner == "closed":
            outcome = await _anew(turn, text, assistant)
        else:
            outcome = await ask_assistant.outcome(assistant, turn, text, memory=before.memory)
        return safety_guard.first(kind, outcome)

    async def _usual(
        self, turn: TurnContext, before: ConversationState, assistant: Assistant | None
    ) -> TurnOutcome:
        """The outcome of a message in which nobody is in danger."""
        conversation, message = turn.conversation, turn.message
        if conversation.owner == "human":
            return await leaving_person.outcome(turn, assistant)
        text = clean(message.inbound.text)
        if message.inbound.attachment and not text and message.inbound.payload is None:
            kept = await self._database.query(attachments.shows_file, message.id)
            return attachment_only.outcome(before, message, message.inbound.attachment, kept=kept)
        meant = self._meaning(before, message, text)
        if before.queued is not None:
            waits = QueueTurn(self._database, turn, before.queued, assistant)
            return await waits.outcome(meant)
        if conversation.owner == "closed":
            settled = after_closing.answer(before, meant)
            if settled is not None:
                return settled
        if meant.kind == "stale":
            again = on_the_table(before.seen) or (built_in_messages.medewerker(),)
            return TurnOutcome((Choice(say("chat.stale"), again),), event=None)
        if not meant.value:
            return TurnOutcome((built_in_messages.nothing_visible(),), event=None)
        if conversation.owner == "closed":
            return await _anew(turn, meant.value, assistant)
        outcome = await ask_assistant.outcome(assistant, turn, meant.value, memory=before.memory)
        return await self._guarded(before, meant, outcome)

    async def _guarded(
        self, before: ConversationState, meant: Meaning, outcome: TurnOutcome
    ) -> TurnOutcome:
        """The outcome after the guards, so that scores are kept and loops end in any case."""
        if meant.kind == "payload" and rating_guard.is_rating(meant.value):
            kept = rating_guard.kept
            return await self._database.query(kept, before.conversation, meant.value, outcome)
        if not loop_guard.repeats(before.shown, outcome) or is_thanks_or_greeting(meant.value):
            return outcome
        where = (before.conversation, outcome, self._config, self._clock())
        return await self._database.query(loop_guard.ended, *where)

    def _meaning(self, before: ConversationState, message: InboxMessage, text: str) -> Meaning:
        # One of a burst gets no reply: what was on the table before it still is.
        shown_now = before.shown or (before.queued.last_said if before.queued else ())
        said = [(each.created_at, each.message) for each in shown_now]
        tapped = message.inbound.payload is not None
        numbered = before.conversation.channel in self._config.numbered
        shown = scores.answerable(said, message.received_at, tapped=tapped)
        return meaning(message.inbound, text, shown, numbered=numbered)


def given_up(conversation: Conversation) -> TurnOutcome:
    """The outcome of a message that is not to be looked at again: a person gets it, or has it."""
    if conversation.owner in ("queued", "human"):
        return TurnOutcome(event=None, author="system")
    return replace(give_up(""), fresh=conversation.owner == "closed")


async def _anew(turn: TurnContext, text: str, assistant: Assistant | None) -> TurnOutcome:
    """The outcome of a new question after a person settled the last one, in a new session."""
    outcome = await ask_assistant.outcome(assistant, turn, text, fresh=True)
    if hands_over(outcome.effects):
        return replace(outcome, fresh=True)
    return replace(outcome, messages=(built_in_messages.to_bot(), *outcome.messages), fresh=True)
