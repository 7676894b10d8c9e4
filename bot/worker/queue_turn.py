"""The turn of a customer who waits for a person: decides what it asks for, and who answers it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.catalogue import say
from bot.conversation import built_in_messages, callback_texts, leaving_queue, queueing, waiting
from bot.conversation.escape import normalise
from bot.conversation.option_matching import Meaning
from bot.conversation.waiting import Decision
from bot.core.interface import Assistant
from bot.messages import Choice, Outbound, Text, options_of
from bot.store.sql.database import Database
from bot.store.worker import inbox
from bot.worker import ask_assistant, callback_form, queued_message
from bot.worker.conversation_state import Queued
from bot.worker.turn_context import TurnContext
from bot.worker.turn_outcome import TurnOutcome, hands_over


def leaves_queue(text: str, payload: str | None) -> bool:
    """Whether a message that was not handled yet may leave the queue for the assistant."""
    if payload is not None:
        return payload in (built_in_messages.RESUME, built_in_messages.CARRY_OUT)
    offered = (built_in_messages.back_to_bot().title, built_in_messages.carry_out().title)
    titled = normalise(text) in map(normalise, offered)
    by_number = len(text.strip()) <= 2  # "2" may stand for it
    left = leaving_queue.leaving(text)
    asks = left is not None and bool(left.rest or left.to_assistant)
    return titled or by_number or asks or queueing.asks_for_bot(text)


@dataclass(frozen=True, slots=True)
class QueueTurn:
    """One turn of a customer who waits.

    Attributes:
        database: for the message that a task was offered under.
        turn: the turn.
        queued: the place in the queue.
        assistant: the loaded model, or None.
    """

    database: Database
    turn: TurnContext
    queued: Queued
    assistant: Assistant | None

    async def outcome(self, meant: Meaning) -> TurnOutcome:
        """The outcome of a message, taken as `meant`."""
        if (chosen := await self._chosen(meant)) is not None:
            return chosen
        decided = await self._decided(meant)
        if decided.wants == "back":
            return await self._back()
        if decided.wants == "leave":
            return await self._left(decided)
        if decided.wants == "question" and self._may_answer(meant):
            asked = (self.assistant, self.turn, decided.rest)
            if (beside := await ask_assistant.answer_beside_queue(*asked)) is not None:
                return queued_message.with_answer(self.queued, beside)
        answered = queued_message.answer(self.queued, self.turn, meant, decided)
        # What is told now is not asked again when the customer comes back to the assistant.
        text = meant.value if meant.kind == "text" else ""
        kept = await ask_assistant.noted(self.assistant, self.turn, text)
        return replace(answered, unwritten=kept)

    async def _chosen(self, meant: Meaning) -> TurnOutcome | None:
        """The outcome of a tap, or a yes, that leaves the queue; None: it is none."""
        offer = self._task_offer()
        if meant.kind == "payload" and meant.value == built_in_messages.RESUME:
            return await self._back()
        if meant.kind == "payload" and meant.value == built_in_messages.CARRY_OUT:
            return await self._carried_out(offer)
        if meant.kind != "text" or not callback_texts.accepts(meant.value):
            return None
        if offer is not None:
            return await self._carried_out(offer)
        if queued_message.asks_to_leave(self.queued):
            return await self._left(Decision("leave"))
        return None

    async def _left(self, decided: Decision) -> TurnOutcome:
        """Leaves the queue, unless a person had better come: then it is asked once."""
        careful = self.queued.handover.reason in ("danger", "sensitive")
        if careful and not queued_message.asks_to_leave(self.queued):
            return queued_message.leave_with_care(self.queued)
        if decided.rest:
            return await self._asked(decided.rest)
        return queued_message.left(self.queued, self.turn, decided)

    async def _decided(self, meant: Meaning) -> Decision:
        if meant.kind != "text" or not meant.value:
            return Decision("note")
        words = waiting.to_understand(meant.value)
        topic = self.queued.handover.topic
        heard = await ask_assistant.heard(self.assistant, self.turn, words, topic)
        form = self.queued.form
        offered = self._task_offer() is not None or queued_message.offers_call(self.queued)
        return waiting.decide(meant.value, heard, offered=offered, form=form.asked if form else "")

    def _may_answer(self, meant: Meaning) -> bool:
        """Whether a question is one, and not an answer to the call-back form."""
        form = self.queued.form
        return form is None or not callback_form.tells_form(self.queued, self.turn, meant.value)

    def _task_offer(self) -> int | None:
        """The inbox id of the message under which the newest turn offers to carry it out."""
        offered = built_in_messages.carry_out()
        under = (each for each in self.queued.last_said if offered in options_of(each.message))
        return next((each.inbox_id for each in under), None)

    async def _carried_out(self, offered_under: int | None) -> TurnOutcome:
        """Has the assistant take the message that the offer was made under."""
        if offered_under is None:
            return await self._back()
        text = await self.database.query(inbox.text_of, offered_under)
        return await self._asked(text)

    async def _back(self) -> TurnOutcome:
        """Leaves the queue for the assistant's first words."""
        outcome = await ask_assistant.outcome(self.assistant, self.turn, "/back_to_bot")
        return self._resumed(outcome, built_in_messages.to_bot())

    async def _asked(self, text: str) -> TurnOutcome:
        """Leaves the queue with something to ask, which the assistant answers in the same turn."""
        outcome = await ask_assistant.outcome(self.assistant, self.turn, text)
        return self._resumed(outcome, built_in_messages.left_for_bot())

    def _resumed(self, outcome: TurnOutcome, opening: Outbound) -> TurnOutcome:
        """The assistant's turn for a customer who left the queue, or why it is not left."""
        if handed := hands_over(outcome.effects):
            if handed.reason == "system_failure":
                return queued_message.said(built_in_messages.still_waiting_for_bot())
            again = queueing.asked_again(self.queued.expected, self.queued.offer)
            return queued_message.said(again)
        kept = (Text(say("queue.request_stays")),) if self.queued.request else ()
        messages = (opening, *kept, *with_person(outcome.messages))
        return replace(outcome, messages=messages, event="resume", intent=None)


def with_person(messages: tuple[Outbound, ...]) -> tuple[Outbound, ...]:
    """The messages with a person one tap away."""
    person = built_in_messages.medewerker()
    if any(person.payload == each.payload for said in messages for each in options_of(said)):
        return messages
    last = messages[-1]
    if isinstance(last, Choice):
        return (*messages[:-1], replace(last, options=(*last.options, person)))
    if isinstance(last, Text):
        return (*messages[:-1], Choice(last.text, (person,)))
    return messages
