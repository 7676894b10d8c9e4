"""Not understood, or not sure: one question with buttons, never a guess."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import FollowupAction

from actions.again import taken_as
from actions.forms import Events
from actions.heard import heard, newest
from actions.login_help import login_failed
from actions.opening_hours import asks_another_day
from actions.options import PERSON, Button, button
from actions.talk import Talk

#: A guess below this confidence (0 to 1) is not worth offering.
NEAR = 0.12
_ELSE: Button = button("Iets anders", "deny")


class ActionClarify(Action):
    """Asks which of two subjects is meant, or asks for other words."""

    def name(self) -> str:
        """Name in rules."""
        return "action_clarify"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Offers what is nearest."""
        talk, message = Talk(dispatcher, domain), heard(tracker, "")
        if asks_another_day(tracker):
            channel = tracker.get_latest_input_channel()
            return taken_as("opening_hours", newest(tracker.events), channel)
        near = nearest(tracker.latest_message or {}, talk.topics)
        if login_failed(tracker):
            talk.say("utter_login_failed")
        elif message.is_foreign:
            talk.say("utter_dutch_only", [*near, PERSON])
        elif len(near) > 1:
            talk.say("utter_clarify_two", [*near, _ELSE, PERSON])
        elif near:
            talk.say("utter_clarify_one", [*near, _ELSE, PERSON])
        else:
            talk.say("utter_rephrase")
        understood = (tracker.latest_message or {}).get("intent", {}).get("name") != "nlu_fallback"
        # Reached without a rule of its own, Rasa would choose this action over and over.
        return [FollowupAction("action_listen")] if understood else []


def nearest(message: Mapping[str, Any], topics: Mapping[str, Button]) -> list[Button]:
    """The at most two subjects that a message is nearest to, the nearest first.

    Args:
        message: Rasa's parse of it, with `intent_ranking`.
        topics: the subjects that can be offered, by intent.
    """
    ranking = message.get("intent_ranking") or []
    likely = [
        str(item.get("name"))
        for item in ranking
        if float(item.get("confidence") or 0.0) >= NEAR and item.get("name") != "nlu_fallback"
    ]
    return [topics[name] for name in likely if name in topics][:2]
