"""The action that says what to do in danger, before anything else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rasa_sdk import Action
from rasa_sdk.events import SlotSet

from bot.catalogue import say
from bot.dialogue.buttons import person
from bot.dialogue.domain_names import names_in
from bot.dialogue.task import Events
from bot.safety.kinds import KINDS, TO_PERSON, answer_to

#: How the answer is called that offers a person: "ja" to it means that person.
OFFER: Final = "offer_in_danger"
#: Slot in which the safeguard policy says which danger it is.
_DANGER: Final = "danger"


class ActionSafety(Action):
    """Says what to do in danger; the safeguard policy chooses it, and what follows."""

    def name(self) -> str:
        """Name of the action, as the policy gives it."""
        return "action_safety"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says it; a form that was interrupted asks whether to go on, with every answer kept."""
        kind = next((each for each in KINDS if each == tracker.get_slot(_DANGER)), None)
        if kind is None:  # chosen by somebody else's policy
            return []
        text, form = answer_to(kind), tracker.active_loop_name
        if kind in TO_PERSON:
            dispatcher.utter_message(text=text)
        elif form:
            dispatcher.utter_message(text=text, buttons=[person()])
        else:
            asks = f"{text} {say('safety.person')}"
            dispatcher.utter_message(text=asks, buttons=[person()], utter_action=OFFER)
        noted: dict[str, Any] = {_DANGER: None, "offered_reason": "danger"}
        if form:
            # A yes counts directly behind its summary: the form shows it again.
            noted |= {"summary_shown": None, "resume_asked": "now"}
        held = names_in(domain.get("slots"))
        return [SlotSet(name, value) for name, value in noted.items() if name in held]
