"""The action for who moves house: what the pages say about it, and a person who arranges it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import SlotSet

from bot.dialogue.buttons import person
from bot.dialogue.choice_patterns import first, says
from bot.dialogue.message_reading import read_message
from bot.dialogue.replies import Replies
from bot.dialogue.task import Events
from bot.topics.topic import Topic

TOPIC = Topic("moving_house", "Verhuizen", team="energie_abonnementen")

_MOVES = (
    r"\bverhui[sz]\w*|\b(nieuwe? (woning|huis|adres|appartement|flat|stek)|ander huis)\b"
    r"|\b(oude?|vorige) (woning|huis|adres)\b|\badreswijziging\b|\bsleuteloverdracht\b"
)
#: What exactly is asked, in which words; each has a response `utter_moving_house_<name>`.
_ABOUT = (
    ("meter", r"\bmeterstand|\bstand(en)?\b|\bmeter(s)?\b"),
    ("contract", r"\b\w*(contract|tarief|energie|stroom|gas|abonnement|leverancier)\w*\b"),
)


def moves_house(text: str) -> bool:
    """Whether somebody writes about moving to another house."""
    return says(_MOVES, text)


class ActionMovingHouse(Action):
    """Tells what to do when, and offers the person who arranges it."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_moving_house"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says what the page says; within a form the form asks on."""
        replies = Replies(dispatcher, domain)
        about = first(_ABOUT, read_message(tracker, "").typed)
        response = f"utter_moving_house_{about}" if about else "utter_moving_house"
        replies.say(response, (person(),))
        return [] if tracker.active_loop_name else [SlotSet("topic", TOPIC.name)]
