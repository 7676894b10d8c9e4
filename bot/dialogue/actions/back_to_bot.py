"""The action after a customer left the queue: the assistant takes up what was going on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import SlotSet

from bot.dialogue import paused_tasks
from bot.dialogue.replies import Replies
from bot.dialogue.task import Events
from bot.dialogue.task_titles import title_of


class ActionBackToBot(Action):
    """Offers to go on with the form that was interrupted, else with the topic, else any topic."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_back_to_bot"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says what it offers; for a form, the form's own action asks whether to go on."""
        replies = Replies(dispatcher, domain)
        if tracker.active_loop_name:  # the worker made the hand-over: the form never ended
            return [SlotSet("resume_asked", "now")]
        if (resumed := paused_tasks.resume(tracker, domain)) is not None:
            return resumed
        topic = str(tracker.get_slot("topic") or "")
        if topic in replies.topics:
            others = [each for name, each in replies.topics.items() if name != topic][:1]
            replies.say(
                "utter_back_topic", [replies.topics[topic], *others], task=title_of(topic, replies)
            )
        else:
            replies.say("utter_topics")
        return []
