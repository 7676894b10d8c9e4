"""Between tasks: greeting, stopping, and what else there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import SlotSet

from actions import second_request
from actions.again import taken_as
from actions.clarify import rejected
from actions.forms import Events
from actions.heard import heard, newest, since_message
from actions.hearing import TASKS
from actions.opening_hours import asks_another_day
from actions.talk import Talk
from actions.words import says

#: "Ik heb een vraag" asks to be heard, not to be greeted again.
_QUESTION = r"\bvra(ag|gen)"
#: "En PP-100733?" asks the same about another order.
_AND_THIS = r"^(en|of|ook)\b"


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
        """Offers what was asked in the same breath; else asks whether there is anything else."""
        if tracker.active_loop_name:
            return second_request.forget(tracker) if second_request.is_answered(tracker) else []
        talk = Talk(dispatcher, domain)
        offered = second_request.offer(tracker, talk, "utter_second_request")
        if offered is not None:
            return offered
        talk.say("utter_anything_else")
        return second_request.forget(tracker)


class ActionTopics(Action):
    """What the bot can help with, as buttons; says nothing in a form."""

    def name(self) -> str:
        """Name in rules."""
        return "action_topics"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Offers the tasks; after a wrong guess those that were not guessed."""
        if tracker.active_loop_name:
            return []
        talk, wrong = Talk(dispatcher, domain), rejected(tracker.events)
        if wrong:
            rest = [item for intent, item in talk.topics.items() if intent not in wrong]
            talk.say("utter_clarify_else", rest)
        else:
            talk.say("utter_topics")
        return []


class ActionCancelTask(Action):
    """Stops what was going on; nothing was changed."""

    def name(self) -> str:
        """Name in rules."""
        return "action_cancel_task"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says so and offers the tasks."""
        left = any(event.get("event") == "active_loop" for event in since_message(tracker.events))
        talk = Talk(dispatcher, domain)
        if left:
            offered = second_request.offer(tracker, talk, "utter_second_request_left")
            if offered is not None:
                return offered
        talk.say("utter_cancelled" if left else "utter_nothing_to_cancel")
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
        last = tracker.get_slot("topic")
        if number and last in TASKS and says(_AND_THIS, message.typed):
            return taken_as(last, newest(tracker.events), _channel(tracker))
        order = number.value if number else tracker.get_slot("noted_order") if postcode else None
        talk.say("utter_inform_order" if order else "utter_inform")
        if order is None:
            return []
        return [
            SlotSet("noted_order", order),
            SlotSet("noted_postcode", postcode.value if postcode else None),
        ]
