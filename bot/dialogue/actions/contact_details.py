"""The action that tells how the organisation can be reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action

from bot.conversation.asked_details import details_in
from bot.conversation.opening_hours import is_open, next_opening, say_moment, say_week
from bot.dialogue import runtime
from bot.dialogue.buttons import person
from bot.dialogue.message_reading import read_message
from bot.dialogue.replies import Replies
from bot.dialogue.task import Events


class ActionContactDetails(Action):
    """Tells number and address of data/organisation.yml, or the address alone."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_contact_details"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says what was asked, a number with the hours; within a form the form asks on."""
        known = runtime.organisation()
        buttons = () if tracker.active_loop_name else (person(),)
        if details_in(read_message(tracker, "").typed) == {"email"}:
            response = "utter_contact_details_email"
            Replies(dispatcher, domain).say(response, buttons, email=known.email)
            return []
        now, hours = runtime.now(), runtime.hours()
        opens = next_opening(now, hours)
        values = {"phone": known.phone, "email": known.email, "week": say_week(hours)}
        if is_open(now, hours) or opens is None:
            response = "utter_contact_details"
        else:
            response = "utter_contact_details_closed"
            values["when"] = say_moment(opens, now)
        Replies(dispatcher, domain).say(response, buttons, **values)
        return []
