"""Handles one turn: one message of a customer, from the inbox to the outbox.

Three steps: read the conversation state, decide the outcome (the only step that may take long or
fail), and write everything in one transaction. A process killed anywhere in between leaves the
message unhandled and nothing half done; it is then simply handled again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.catalogue import say
from bot.conversation import channel_switch_code, scores, texts
from bot.conversation.cleaning import clean
from bot.conversation.courtesy import is_courtesy
from bot.conversation.option_matching import Meaning, meaning, on_the_table
from bot.core.interface import Assistant
from bot.messages import Choice, Notice, Owner, Text
from bot.records.conversation import Conversation
from bot.records.inbox_message import InboxMessage
from bot.records.outbox_message import OutboxMessage
from bot.store import conversations, identity_attempts
from bot.store.claims import Afterwards, Claim
from bot.store.database import Database
from bot.store.outages import is_outage
from bot.worker import (
    after_closing,
    attachment_only,
    commit_turn,
    loop_guard,
    quarantine,
    queued_message,
    rating_guard,
    safety_guard,
    timer_actions,
)
from bot.worker.channel_switch import Switched
from bot.worker.commit_turn import Committed
from bot.worker.conversation_state import ConversationState, Queued, read_state, with_memory
from bot.worker.turn_context import TurnContext
from bot.worker.turn_outcome import TurnOutcome, from_turn, give_up, hands_over
from bot.worker.worker_config import WorkerConfig

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = structlog.get_logger(__name__)

#: A message whose turn failed this often, or brought a worker down, is not tried again: a person
#: gets it.
MAX_ATTEMPTS = 3
#: How often hashes of failed proofs and network addresses are looked through for old ones.
SWEEP: Final = timedelta(hours=1)
#: How often an answer is decided anew because an agent changed the conversation meanwhile.
_DECISIONS: Final = 5
#: The words of a customer who waits tell the topic only when the assistant is this sure (0 to 1).
_SURE: Final = 0.7


@dataclass(frozen=True, slots=True)
class Handled:
    """The result of handling a message.

    Attributes:
        messages: the messages that were added to the outbox.
        intent: the intent that the message was understood as, or None.
        owner: the conversation's owner now.
        milliseconds: how long it took.
        others: other conversations in which something was said too.
        claim: what became of the claim.
        waits: whether messages of the conversation wait, when its claim was given back.
    """

    messages: tuple[OutboxMessage, ...]
    intent: str | None
    owner: Owner
    milliseconds: float
    others: tuple[str, ...] = ()
    claim: Afterwards = "stands"
    waits: bool = False


class Handler:
    """Handles messages one by one; its caller sees to the order within a conversation."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], config: WorkerConfig
    ) -> None:
        """Keeps what every message needs.

        Args:
            database: Loket's database, migrated.
            clock: the present, aware.
            config: the worker's configuration.
        """
        self._database = database
        self._clock = clock
        self._config = config
        self._swept: datetime | None = None

    async def handle(
        self,
        claim: Claim,
        message: InboxMessage,
        assistant: Assistant | None,
        afterwards: Afterwards = "stands",
    ) -> Handled:
        """Answers one message and commits it.

        Args:
            claim: the caller's, on the message's conversation.
            message: its oldest unhandled message.
            assistant: the loaded model, or None when there is none that works.
            afterwards: what becomes of the claim in the same commit. The result says whether it
                did: a message that is not answered leaves the claim as it is.

        Raises:
            ClaimLost: another worker took over; nothing is written.
            Moved: people changed the conversation each time an answer was ready.
            SQLAlchemyError: see `bot.store.outages` for which of them say nothing about the turn.
        """
        began = time.perf_counter()
        if claim.attempts > MAX_ATTEMPTS:
            return await self._set_aside(claim, message)
        if (joined := await self._join(claim, message, assistant)) is not None:
            took = (time.perf_counter() - began) * 1000
            return Handled(joined.messages, joined.intent, joined.owner, took, joined.others)
        for left in reversed(range(_DECISIONS)):
            try:
                outcome, done = await self._once(claim, message, assistant, afterwards)
                break
            except commit_turn.Moved:
                if not left:
                    raise
        took = (time.perf_counter() - began) * 1000
        log.info(
            "turn_done",
            conversation=claim.conversation_id,
            inbox=message.id,
            intent=outcome.intent,
            owner=done.owner,
            replies=len(done.messages),
            ms=round(took, 1),
        )
        return Handled(
            done.messages,
            outcome.intent,
            done.owner,
            took,
            claim=afterwards,
            waits=done.waits,
        )

    async def _set_aside(self, claim: Claim, message: InboxMessage) -> Handled:
        began = time.perf_counter()
        log.error("message_set_aside", inbox=message.id, attempts=claim.attempts)
        owner, added = await self._database.run(
            quarantine.set_aside, claim, message, self._config, self._clock()
        )
        return Handled(added, None, owner, (time.perf_counter() - began) * 1000)

    async def _join(
        self, claim: Claim, message: InboxMessage, assistant: Assistant | None
    ) -> Switched | None:
        """Takes a channel switch's code, when the message holds one."""
        channel_switch = self._config.channel_switch
        if channel_switch is None or claim.attempts >= MAX_ATTEMPTS:
            return None
        if (code := channel_switch_code.code_in(message.inbound)) is None:
            return None
        here = await self._database.query(conversations.get, claim.conversation_id)
        turn = TurnContext(here, message, _notice(assistant), self._config, self._clock())
        return await self._database.run(channel_switch.take, claim, turn, code)

    async def _once(
        self,
        claim: Claim,
        message: InboxMessage,
        assistant: Assistant | None,
        afterwards: Afterwards,
    ) -> tuple[TurnOutcome, Committed]:
        now = self._clock()

        def read(conn: Connection) -> ConversationState:
            state = read_state(conn, claim.conversation_id, message, self._config, now)
            return with_memory(conn, state, assistant)

        before = await self._database.query(read)
        notice = _notice(assistant)
        turn = TurnContext(before.conversation, message, notice, self._config, now)
        if claim.attempts >= MAX_ATTEMPTS:
            log.error("message_given_to_person", inbox=message.id, attempts=claim.attempts)
            outcome = _unread(before.conversation)
        else:
            outcome = await self._decide(turn, before, assistant)
        if before.private and outcome.unwritten is None:  # else the assistant said so itself
            outcome = replace(outcome, messages=(before.private, *outcome.messages))
        turn = replace(turn, now=self._clock())
        commit = commit_turn.commit
        return outcome, await self._database.run(commit, claim, turn, outcome, afterwards)

    async def _decide(
        self, turn: TurnContext, before: ConversationState, assistant: Assistant | None
    ) -> TurnOutcome:
        kind = safety_guard.danger_in(turn, assistant)
        if kind is None:
            return await self._decide_usual(turn, before, assistant)
        log.warning("danger_answered", conversation=turn.conversation.id, kind=kind)
        if turn.conversation.owner in ("queued", "human"):
            return safety_guard.beside_person(kind, turn.conversation.owner)
        text = clean(turn.message.inbound.text)
        if turn.conversation.owner == "closed":
            outcome = await self._anew(turn, text, assistant)
        else:
            outcome = await self._ask(turn, text, assistant, memory=before.memory)
        return safety_guard.first(kind, outcome)

    async def _decide_usual(
        self, turn: TurnContext, before: ConversationState, assistant: Assistant | None
    ) -> TurnOutcome:
        conversation, message = turn.conversation, turn.message
        if conversation.owner == "human":
            return TurnOutcome(author="system")
        text = clean(message.inbound.text)
        if message.inbound.attachment and not text and message.inbound.payload is None:
            return attachment_only.outcome(before, message, message.inbound.attachment)
        meant = self._meaning(before, message, text)
        if before.queued is not None:
            return await self._while_queued(turn, before.queued, meant, assistant)
        if conversation.owner == "closed":
            settled = after_closing.answer(before, meant)
            if settled is not None:
                return settled
        if meant.kind == "stale":
            again = on_the_table(before.seen) or (texts.medewerker(),)
            return TurnOutcome((Choice(say("chat.stale"), again),), event=None)
        if not meant.value:
            return TurnOutcome((texts.nothing_visible(),), event=None)
        if conversation.owner == "closed":
            return await self._anew(turn, meant.value, assistant)
        outcome = await self._ask(turn, meant.value, assistant, memory=before.memory)
        return await self._guarded(before, meant, outcome)

    async def _guarded(
        self, before: ConversationState, meant: Meaning, outcome: TurnOutcome
    ) -> TurnOutcome:
        """The outcome after the guards, so that scores are kept and loops end in any case."""
        if meant.kind == "payload" and rating_guard.is_rating(meant.value):
            kept = rating_guard.kept
            return await self._database.query(kept, before.conversation, meant.value, outcome)
        if not loop_guard.repeats(before.shown, outcome) or is_courtesy(meant.value):
            return outcome
        where = (before.conversation, outcome, self._config, self._clock())
        return await self._database.query(loop_guard.ended, *where)

    def _meaning(self, before: ConversationState, message: InboxMessage, text: str) -> Meaning:
        said = [(each.created_at, each.message) for each in before.shown]
        tapped = message.inbound.payload is not None
        numbered = before.conversation.channel in self._config.numbered
        shown = scores.answerable(said, message.received_at, tapped=tapped)
        return meaning(message.inbound, text, shown, numbered=numbered)

    async def _ask(
        self,
        turn: TurnContext,
        text: str,
        assistant: Assistant | None,
        *,
        fresh: bool = False,
        memory: object = None,
    ) -> TurnOutcome:
        """The outcome of the assistant's answer; a hand-over whenever there is none."""
        if assistant is None:
            return give_up(text)
        conversation, message = turn.conversation, turn.message
        where = (conversation.id, text, str(message.id), conversation.channel)
        try:
            answer = await asyncio.wait_for(
                assistant.turn(*where, fresh=fresh, memory=memory), self._config.turn_timeout
            )
        except Exception as error:  # whatever else it is, the customer gets a person
            if isinstance(error, SQLAlchemyError) and is_outage(error):
                raise  # the assistant's memory could not be read: no fault of the turn
            log.error("turn_failed", inbox=message.id, error=type(error).__name__)
            return give_up(text)
        return from_turn(answer, text, conversation)

    async def _anew(self, turn: TurnContext, text: str, assistant: Assistant | None) -> TurnOutcome:
        """The outcome of a new question after a person settled the last one, in a new session."""
        outcome = await self._ask(turn, text, assistant, fresh=True)
        if hands_over(outcome.effects):
            return replace(outcome, fresh=True)
        return replace(outcome, messages=(texts.to_bot(), *outcome.messages), fresh=True)

    async def _while_queued(
        self, turn: TurnContext, queued: Queued, meant: Meaning, assistant: Assistant | None
    ) -> TurnOutcome:
        if not queued_message.wants_bot(meant):
            topic = queued_message.topic_chosen(meant) or await self._topic(
                queued, meant, assistant
            )
            return queued_message.answer(queued, turn, meant, topic)
        outcome = await self._ask(turn, "/back_to_bot", assistant)
        if hands_over(outcome.effects):
            return TurnOutcome((texts.still_waiting_for_bot(),), author="system")
        kept = (Text(say("queue.request_stays")),) if queued.request else ()
        messages = (texts.to_bot(), *kept, *outcome.messages)
        return replace(outcome, messages=messages, event="resume", intent=None)

    async def _topic(self, queued: Queued, meant: Meaning, assistant: Assistant | None) -> str:
        """The topic in the words of a customer who waits, while it is unknown; empty: none."""
        if not queued.offer.topics or meant.kind != "text" or assistant is None or queued.form:
            return ""
        try:
            parsed = await asyncio.wait_for(assistant.parse(meant.value), self._config.turn_timeout)
        except Exception as error:  # noqa: BLE001 - the customer waits in the right place anyway
            log.error("topic_failed", error=type(error).__name__)
            return ""
        known = parsed.intent in queued.offer.topics and parsed.confidence >= _SURE
        return parsed.intent if known and parsed.intent else ""

    async def fire_timers(self) -> tuple[str, ...]:
        """Fires the timers that are due; returns the conversations that got a message."""
        if self._swept is None or self._clock() - self._swept >= SWEEP:
            self._swept = self._clock()
            await self._database.run(identity_attempts.sweep, self._swept)
        return await timer_actions.fire_timers(self._database, self._config, self._clock())


def _unread(conversation: Conversation) -> TurnOutcome:
    """The outcome of a message that is not to be looked at again: a person gets it, or has it."""
    if conversation.owner in ("queued", "human"):
        return TurnOutcome(event=None, author="system")
    return replace(give_up(""), fresh=conversation.owner == "closed")


def _notice(assistant: Assistant | None) -> Notice:
    """The disclosure of the designers, or Loket's own where theirs does not work."""
    try:
        said = assistant.disclosure if assistant else None
    except Exception as error:  # noqa: BLE001 - a slip in the content must not stop the reply
        log.error("disclosure_unusable", error=type(error).__name__)
        said = None
    return said if said and said.text.strip() else texts.disclosure()
