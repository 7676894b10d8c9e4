"""The action that answers a matter with the response of its name, and notes what it was about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import SlotSet

from bot.dialogue import runtime, second_request, ways_on
from bot.dialogue.facts_told import in_short
from bot.dialogue.message_reading import read_message
from bot.dialogue.reinterpret import by_task
from bot.dialogue.replies import Replies
from bot.dialogue.said_again import answered_earlier
from bot.dialogue.task import Events


class ActionAnswerTopic(Action):
    """Says `utter_<intent>`; a person who is asked for then knows the topic, and so does its team.

    A rule that names the response itself does not note the topic. Within a form the task that is
    going on stays the topic.
    """

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_answer_topic"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says the response of the message's intent; in short what was said before.

        What goes on from what a task just told is for that task, whatever it was taken for.
        """
        if (taken := by_task(tracker)) is not None:
            return taken
        message = read_message(tracker, "")
        intent = message.intent or ""
        replies, response = Replies(dispatcher, domain), f"utter_{intent}"
        told = answered_earlier(tracker.events, response) if replies.is_fixed(response) else ""
        if fact := in_short(message.typed, told):
            ways_on.tell_again(replies, fact)
            if not tracker.active_loop_name:
                ways_on.offer(replies, tracker, fact, replies.buttons(response))
        else:
            replies.say(response)
        if tracker.active_loop_name:
            return []
        # Nothing follows that would offer what was asked in the same breath.
        offered = second_request.offer(tracker, replies, "utter_second_request") or []
        noted = [SlotSet("topic", intent)] if runtime.topics().of(intent).title else []
        return [*noted, *offered]
