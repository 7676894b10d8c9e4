"""Back from the queue for a person: the assistant takes up what was going on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import ActiveLoop, SlotSet

from actions.forms import Events
from actions.resuming import title_of
from actions.talk import Talk


class ActionBackToBot(Action):
    """Offers to go on with the form that was interrupted, else with the topic, else any topic."""

    def name(self) -> str:
        """Name in rules."""
        return "action_back_to_bot"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says what it offers; of a form the form's own action asks whether to go on."""
        talk = Talk(dispatcher, domain)
        if tracker.active_loop_name:  # the hand-over was the worker's: the form never ended
            return [SlotSet("resume_asked", "now")]
        paused = tracker.get_slot("paused_form") or {}
        if paused.get("form") in domain.get("forms", {}):
            return [
                ActiveLoop(paused["form"]),
                SlotSet("requested_slot", paused.get("slot")),
                SlotSet("paused_form", None),
                SlotSet("resume_asked", "now"),
            ]
        topic = str(tracker.get_slot("topic") or "")
        if topic in talk.topics:
            others = [each for name, each in talk.topics.items() if name != topic][:1]
            talk.say("utter_back_topic", [talk.topics[topic], *others], task=title_of(topic, talk))
        else:
            talk.say("utter_topics")
        return []
