"""Between tasks: greeting, stopping, and what else there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import SlotSet

from actions.again import taken_as
from actions.forms import Events
from actions.heard import heard, newest, since_message
from actions.opening_hours import asks_another_day
from actions.talk import Talk
from actions.words import says

#: "Ik heb een vraag" asks to be heard, not to be greeted again.
_QUESTION = r"\bvra(ag|gen)"


def _channel(tracker: Any) -> str | None:
    channel: str | None = tracker.get_latest_input_channel()
    return channel


class ActionGreet(Action):
    """Greets with the tasks asked for most; within a form only greets."""

    def name(self) -> str:
        """Name in rules."""
        return "action_greet"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Greets."""
        message = heard(tracker, "")
        if tracker.active_loop_name:
            response = "utter_greet_again" if message.renewed else "utter_greet_briefly"
        else:
            response = "utter_go_ahead" if says(_QUESTION, message.typed) else "utter_greet"
        Talk(dispatcher, domain).say(response)
        return []


class ActionAnythingElse(Action):
    """The next step after an answer; says nothing in a form, which asks its own question."""

    def name(self) -> str:
        """Name in rules."""
        return "action_anything_else"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Asks whether there is anything else."""
        if not tracker.active_loop_name:
            Talk(dispatcher, domain).say("utter_anything_else")
        return []


class ActionTopics(Action):
    """What the bot can help with, as buttons; says nothing in a form."""

    def name(self) -> str:
        """Name in rules."""
        return "action_topics"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Offers the tasks."""
        if not tracker.active_loop_name:
            Talk(dispatcher, domain).say("utter_topics")
        return []


class ActionCancelTask(Action):
    """Stops what was going on; nothing was changed."""

    def name(self) -> str:
        """Name in rules."""
        return "action_cancel_task"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says so and offers the tasks."""
        left = any(event.get("event") == "active_loop" for event in since_message(tracker.events))
        Talk(dispatcher, domain).say("utter_cancelled" if left else "utter_nothing_to_cancel")
        return []


class ActionInform(Action):
    """Data without a question ("PP-100234"): keeps it and asks what it is about."""

    def name(self) -> str:
        """Name in rules."""
        return "action_inform"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Asks; the task that follows need not ask for the number and postcode again."""
        talk, message = Talk(dispatcher, domain), heard(tracker, "")
        if asks_another_day(tracker):
            return taken_as("opening_hours", newest(tracker.events), _channel(tracker))
        number, postcode = message.entity("order_number"), message.entity("postcode")
        order = number.value if number else tracker.get_slot("noted_order") if postcode else None
        talk.say("utter_inform_order" if order else "utter_inform")
        if order is None:
            return []
        return [
            SlotSet("noted_order", order),
            SlotSet("noted_postcode", postcode.value if postcode else None),
        ]
