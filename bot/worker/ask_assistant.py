"""Asks the assistant; a customer gets a person whenever it does not answer."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.conversation import built_in_messages
from bot.conversation.option_matching import Meaning
from bot.core.interface import Assistant
from bot.messages import Notice
from bot.store.sql.outages import is_outage
from bot.worker.conversation_state import Queued
from bot.worker.turn_context import TurnContext
from bot.worker.turn_outcome import TurnOutcome, from_turn, give_up

log = structlog.get_logger(__name__)

#: The words of a customer who waits tell the topic only when the assistant is this sure (0 to 1).
_SURE: Final = 0.7


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


async def topic(
    assistant: Assistant | None, turn: TurnContext, queued: Queued, meant: Meaning
) -> str:
    """The topic in the words of a customer who waits, while it is unknown; empty: none."""
    if not queued.offer.topics or meant.kind != "text" or assistant is None or queued.form:
        return ""
    try:
        parsed = await asyncio.wait_for(assistant.parse(meant.value), turn.config.turn_timeout)
    except Exception as error:  # noqa: BLE001 - the customer waits in the right place anyway
        log.error("topic_failed", error=type(error).__name__)
        return ""
    known = parsed.intent in queued.offer.topics and parsed.confidence >= _SURE
    return parsed.intent if known and parsed.intent else ""


def disclosure(assistant: Assistant | None) -> Notice:
    """The disclosure of the designers, or Loket's own where theirs does not work."""
    try:
        said = assistant.disclosure if assistant else None
    except Exception as error:  # noqa: BLE001 - a slip in the content must not stop the reply
        log.error("disclosure_unusable", error=type(error).__name__)
        said = None
    return said if said and said.text.strip() else built_in_messages.disclosure()
