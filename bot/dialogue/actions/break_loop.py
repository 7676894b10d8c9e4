"""The action that breaks a loop: says that this way leads nowhere, and offers others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action

from bot.catalogue import say
from bot.dialogue.actions.clarify import nearest
from bot.dialogue.buttons import Button, button, leave, person
from bot.dialogue.replies import Replies
from bot.dialogue.starting_intents import of_form
from bot.dialogue.task import Events

#: Subjects offered besides a person.
_OTHERS = 2


class ActionBreakLoop(Action):
    """Breaks a loop; the safeguard policy chooses it."""

    def name(self) -> str:
        """Name of the action, as the policy gives it."""
        return "action_break_loop"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Offers a person first, then other ways out; an open question can be tried again."""
        replies = Replies(dispatcher, domain)
        form = tracker.active_loop_name
        if form:
            again = _again(str(form), tracker, domain)
            replies.say("utter_break_loop_form", [person(), again, leave()])
            return []
        subjects = other_topics(tracker.latest_message or {}, replies.topics)
        replies.say("utter_break_loop", [person(), *subjects])
        return []


def _again(form: str, tracker: Any, domain: Mapping[str, Any]) -> Button:
    """The button to try the open question again, by an intent that starts the form if it can."""
    title, starts = say("button.try_again"), of_form(form, domain)
    if starts:
        return button(title, starts[0])
    return button(title, "inform", edit=tracker.get_slot("requested_slot"))


def other_topics(message: Mapping[str, Any], topics: Mapping[str, Button]) -> list[Button]:
    """Buttons for topics near to the customer's words, then the most used; none just tried.

    Args:
        message: Rasa's parse of it.
        topics: what the bot can help with, by intent.
    """
    tried = message.get("intent", {}).get("name")
    rest = {name: item for name, item in topics.items() if name != tried}
    near = nearest(message, rest)
    return [*near, *(item for item in rest.values() if item not in near)][:_OTHERS]
