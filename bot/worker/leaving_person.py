"""The turn of a customer who has a person: nothing is said, unless the customer leaves that person.

Only the button leaves. Words are for the person, who reads them and can hand back as well.
"""

from __future__ import annotations

from dataclasses import replace

from bot.catalogue import say
from bot.conversation import built_in_messages
from bot.core.interface import Assistant
from bot.messages import Notice
from bot.worker import ask_assistant
from bot.worker.queue_turn import with_person
from bot.worker.turn_context import TurnContext
from bot.worker.turn_outcome import TurnOutcome, hands_over


def leaves_person(payload: str | None) -> bool:
    """Whether a message leaves the person who answers, for the assistant."""
    return payload == built_in_messages.RESUME


async def outcome(turn: TurnContext, assistant: Assistant | None) -> TurnOutcome:
    """The outcome of a message to a person.

    Args:
        turn: the turn.
        assistant: the loaded model, or None: then the customer stays with the person, and hears so.
    """
    if not leaves_person(turn.message.inbound.payload):
        return TurnOutcome(author="system")
    back = await ask_assistant.outcome(assistant, turn, "/back_to_bot")
    if hands_over(back.effects):
        stays = Notice(say("chat.person_stays"))
        return TurnOutcome((stays,), event=None, author="system")
    messages = (built_in_messages.to_bot(), *with_person(back.messages))
    return replace(back, messages=messages, event="resume", intent=None)
