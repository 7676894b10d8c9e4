"""Asks the assistant; a customer gets a person whenever it does not answer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.conversation import built_in_messages
from bot.conversation import disclosure as disclosure_rules
from bot.conversation.waiting import Heard
from bot.core.interface import Assistant, Unwritten
from bot.messages import Choice, Notice, Outbound, RatingRequest, Text
from bot.store.sql.outages import is_outage
from bot.worker.turn_context import TurnContext
from bot.worker.turn_outcome import TurnOutcome, from_turn, give_up, hands_over

log = structlog.get_logger(__name__)


#: How sure the search must be (0 to 1) where its page and the intent are about different things.
_BEYOND_DOUBT: Final = 0.8


async def outcome(
    assistant: Assistant | None,
    turn: TurnContext,
    text: str,
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
            assistant.turn(*where, fresh=fresh, memory=memory), turn.config.turn_timeout
        )
    except Exception as error:  # whatever else it is, the customer gets a person
        if isinstance(error, SQLAlchemyError) and is_outage(error):
            raise  # the assistant's memory could not be read: no fault of the turn
        log.error("turn_failed", inbox=message.id, error=type(error).__name__)
        return give_up(text)
    return from_turn(answer, text, conversation)


async def heard(
    assistant: Assistant | None, turn: TurnContext, text: str, topic: str
) -> Heard | None:
    """What the model understands of a waiting customer's words; None: there is none, or it fails.

    Args:
        assistant: the loaded model, or None.
        turn: the turn.
        text: the words; empty ones are not looked at.
        topic: what the hand-over is about, for a question without a subject; or empty.
    """
    if assistant is None or not text:
        return None
    try:
        parsed = await asyncio.wait_for(assistant.parse(text), turn.config.turn_timeout)
    except Exception as error:  # noqa: BLE001 - the customer waits in the right place anyway
        log.error("message_not_understood", inbox=turn.message.id, error=type(error).__name__)
        return None
    found, intent = parsed.knowledge, parsed.intent or ""
    about = found.get("about", {})
    # A page about something else than what was heard has to be beyond doubt.
    agreed = not found.get("leads") or intent in about or found["confidence"] >= _BEYOND_DOUBT
    return Heard(
        intent,
        parsed.confidence,
        turn.config.organisation.topics.kind(parsed.intent),
        pages=bool((found.get("passage") and agreed) or about.get(topic)),
        general=bool(found.get("leads")),
        withdraws=parsed.acts.of("withdraw"),
    )


async def answer_beside_queue(
    assistant: Assistant | None, turn: TurnContext, text: str
) -> TurnOutcome | None:
    """The assistant's answer to a question of a customer who goes on waiting, without ways on.

    Returns:
        None when the assistant gives no answer: it asks something itself, or wants a person.
    """
    asked = await outcome(assistant, turn, text)
    said = tuple(each for every in asked.messages if (each := _answer(every)) is not None)
    told = any(not disclosure_rules.is_disclosure(each) for each in said)
    if not told or hands_over(asked.effects) or asked.slots.get("requested_slot"):
        return None
    return replace(asked, messages=said, effects=())


async def noted(assistant: Assistant | None, turn: TurnContext, text: str) -> Unwritten | None:
    """What the assistant remembers of a message that a person is to answer; None: nothing."""
    if assistant is None or not text:
        return None
    conversation, message = turn.conversation, turn.message
    where = (conversation.id, text, str(message.id), conversation.channel)
    try:
        return await asyncio.wait_for(assistant.note(*where), turn.config.turn_timeout)
    except Exception as error:
        if isinstance(error, SQLAlchemyError) and is_outage(error):
            raise
        log.error("message_not_noted", inbox=message.id, error=type(error).__name__)
        return None


def _answer(said: Outbound) -> Outbound | None:
    """What of a message answers a question; None for one that asks, or offers, itself."""
    if isinstance(said, RatingRequest) or said.text.rstrip().endswith(("?", ":")):
        return None
    return Text(said.text) if isinstance(said, Choice) else said


def disclosure(assistant: Assistant | None) -> Notice:
    """The disclosure of the designers, or Loket's own where theirs does not work."""
    try:
        said = assistant.disclosure if assistant else None
    except Exception as error:  # noqa: BLE001 - a slip in the content must not stop the reply
        log.error("disclosure_unusable", error=type(error).__name__)
        said = None
    return said if said and said.text.strip() else built_in_messages.disclosure()
