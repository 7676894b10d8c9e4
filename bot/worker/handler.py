"""Handles one turn: one message of a customer, from the inbox to the outbox.

Three steps: read the conversation state, decide the outcome (`decide_turn`, the only step that may
take long or fail), and write everything in one transaction (`commit_turn`). A process killed
anywhere in between leaves the message unhandled and nothing half done; it is then simply handled
again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from bot.conversation import bursts, channel_switch_code
from bot.core.interface import Assistant
from bot.messages import Owner
from bot.records.inbox_message import InboxMessage
from bot.records.outbox_message import OutboxMessage
from bot.store.conversation import conversations
from bot.store.identity import identity_attempts
from bot.store.sql.database import Database
from bot.store.worker.claims import Afterwards, Claim
from bot.worker import ask_assistant, commit_turn, decide_turn, quarantine, timer_actions
from bot.worker.channel_switch import Switched
from bot.worker.commit_turn import Committed
from bot.worker.conversation_state import ConversationState, read_state, with_memory
from bot.worker.decide_turn import TurnDecider
from bot.worker.turn_context import TurnContext
from bot.worker.turn_outcome import TurnOutcome
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
        self._decider = TurnDecider(database, clock, config)
        self._swept: datetime | None = None

    def next_turn(
        self, channel: str, owner: Owner, messages: Sequence[InboxMessage], attempts: int
    ) -> tuple[InboxMessage, tuple[InboxMessage, ...]]:
        """The message to `handle` next, which may stand for several, and what is left after it.

        Messages of which one may bring the worker down are tried one by one in the end, so that the
        others are answered.

        Args:
            channel: name of the conversation's channel.
            owner: who has it now.
            messages: its unhandled messages, in order, at least one.
            attempts: those at the oldest message; see `Claim`.
        """
        profile = self._config.channels[channel]
        answers = owner in ("bot", "closed")  # a person reads each as it comes
        if not (profile.bursts and answers) or attempts >= MAX_ATTEMPTS - 1:
            return messages[0], tuple(messages[1:])
        return bursts.taken_together(messages, self._config.pause)

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
            message: its oldest unhandled message, or several as one (`next_turn`).
            assistant: the loaded model, or None when there is none that works.
            afterwards: what becomes of the claim in the same commit. The result says whether it
                did: a message that is not answered leaves the claim as it is.

        Raises:
            ClaimLost: another worker took over; nothing is written.
            Moved: people changed the conversation each time an answer was ready.
            SQLAlchemyError: see `bot.store.sql.outages` for which say nothing about the turn.
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
        turn = TurnContext(
            here, message, ask_assistant.disclosure(assistant), self._config, self._clock()
        )
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
        notice = ask_assistant.disclosure(assistant)
        turn = TurnContext(before.conversation, message, notice, self._config, now)
        if claim.attempts >= MAX_ATTEMPTS:
            log.error("message_given_to_person", inbox=message.id, attempts=claim.attempts)
            outcome = decide_turn.given_up(before.conversation)
        else:
            outcome = await self._decider.decide(turn, before, assistant)
        if before.private and outcome.unwritten is None:  # else the assistant said so itself
            outcome = replace(outcome, messages=(before.private, *outcome.messages))
        turn = replace(turn, now=self._clock())
        commit = commit_turn.commit
        return outcome, await self._database.run(commit, claim, turn, outcome, afterwards)

    async def fire_timers(self) -> tuple[str, ...]:
        """Fires the timers that are due; returns the conversations that got a message."""
        if self._swept is None or self._clock() - self._swept >= SWEEP:
            self._swept = self._clock()
            await self._database.run(identity_attempts.sweep, self._swept)
        return await timer_actions.fire_timers(self._database, self._config, self._clock())
