"""A session begins: first of all, that this is an AI assistant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import ActionExecuted, ActiveLoop, SessionStarted, SlotSet

from actions.forms import Events
from actions.talk import Talk

#: Not carried over: who was verified then may be somebody else now, and a new session is asked for
#: a rating of its own.
_FORGOTTEN = frozenset(
    """verified_order verification_attempts postcode refusals form_outcome rating_asked
    ratings_given handover_reason offered_reason asked_day tried_postcode second_request
    session_started_metadata""".split()
)


class ActionSessionStart(Action):
    """Says the disclosure and takes up what was going on."""

    def name(self) -> str:
        """Rasa's own name for it."""
        return "action_session_start"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Carries slots and the running form over into the new session."""
        Talk(dispatcher, domain).say("utter_disclosure")
        kept = {
            name: value
            for name, value in tracker.slots.items()
            if value is not None and name not in _FORGOTTEN
        }
        if kept.get("checked_slots"):
            kept["checked_slots"] = [name for name in kept["checked_slots"] if name != "postcode"]
        loop = tracker.active_loop_name
        return [
            SessionStarted(),
            *([ActiveLoop(loop)] if loop else []),
            *(SlotSet(name, value) for name, value in kept.items()),
            ActionExecuted("action_listen"),
        ]
