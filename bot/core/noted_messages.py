"""Notes in a tracker what a customer says while a person is to answer, without an answer.

A task that comes later finds there what was told, as in any message before it.
"""

from __future__ import annotations

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered

from bot.dialogue.noted_proof import noted


async def note(agent: Agent, message: UserMessage) -> None:
    """Adds an understood message, and the data of a proof in it, to its tracker.

    Nothing is added where there is no conversation yet: it has to begin with a session.

    Args:
        agent: whose tracker store is to save it.
        message: with its conversation.
    """
    tracker = await agent.processor.get_tracker(message.sender_id)
    if not tracker.events:
        return
    parsed = await agent.processor.parse_message(message, tracker)
    values: dict[str, object] = {}
    for each in parsed["entities"]:
        values.setdefault(str(each["entity"]), each["value"])
    heard = UserUttered(
        message.text,
        parsed["intent"],
        parsed["entities"],
        parsed,
        input_channel=message.input_channel,
        message_id=message.message_id,
        metadata=message.metadata,
    )
    kept = noted(values, tracker.current_slot_values())
    slots = [SlotSet(each["name"], each["value"]) for each in kept]
    for event in (heard, *slots, ActionExecuted(ACTION_LISTEN_NAME)):
        tracker.update(event, agent.domain)
    await agent.processor.save_tracker(tracker)
