"""Out of a circle: says that this way leads nowhere, and offers others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action

from bot.catalogue import say
from bot.dialogue.actions.clarify import nearest
from bot.dialogue.buttons import Button, button, leave, person
from bot.dialogue.replies import Replies
from bot.dialogue.task import Events

#: Subjects offered besides a person.
_OTHERS = 2


class ActionBreakLoop(Action):
    """Chosen by the safeguard policy when the conversation goes round in circles."""

    def name(self) -> str:
        """Name in the policy."""
        return "action_break_loop"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """A person comes first, then another way out; an open question can be tried again."""
        replies = Replies(dispatcher, domain)
        form = tracker.active_loop_name
        if form:
            again = button(say("button.try_again"), str(form).removesuffix("_form"))
            replies.say("utter_break_loop_form", [person(), again, leave()])
            return []
        replies.say("utter_break_loop", [person(), *_other_topics(tracker, replies.topics)])
        return []


def _other_topics(tracker: Any, topics: Mapping[str, Button]) -> list[Button]:
    """What is near to the customer's words but was not just tried, else what is asked most."""
    message = tracker.latest_message or {}
    tried = message.get("intent", {}).get("name")
    rest = {name: item for name, item in topics.items() if name != tried}
    near = nearest(message, rest)
    return [*near, *(item for item in rest.values() if item not in near)][:_OTHERS]
