"""The action that gives the telephone number, and when it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action

from bot.conversation.opening_hours import is_open, next_opening, say_moment, say_week
from bot.dialogue import runtime
from bot.dialogue.buttons import person
from bot.dialogue.replies import Replies
from bot.dialogue.task import Events
from bot.topics.topic import Topic

TOPIC = Topic("ask_phone", "Telefoonnummer")


class ActionPhoneNumber(Action):
    """Tells the number of data/organisation.yml, and whether somebody answers now."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_ask_phone"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says the number and the hours; within a form the form asks on."""
        now, hours = runtime.now(), runtime.hours()
        opens = next_opening(now, hours)
        values = {"phone": runtime.organisation().phone, "week": say_week(hours)}
        if is_open(now, hours) or opens is None:
            response = "utter_ask_phone"
        else:
            response = "utter_ask_phone_closed"
            values["when"] = say_moment(opens, now)
        buttons = () if tracker.active_loop_name else (person(),)
        Replies(dispatcher, domain).say(response, buttons, **values)
        return []
