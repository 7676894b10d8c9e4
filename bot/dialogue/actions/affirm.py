"""The action on a bare "ja": does what the bot just offered or asked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import FollowupAction

from bot.catalogue import say
from bot.dialogue.actions.safety import OFFER
from bot.dialogue.buttons import Button
from bot.dialogue.message_reading import messages_before, newest, said_before, shown_before
from bot.dialogue.reinterpret import by_content, reinterpreted_as
from bot.dialogue.replies import NOT_THAT, OPTIONAL, WHICH_ONE, Replies
from bot.dialogue.second_request import OFFERS, intent_of
from bot.dialogue.task import Events

#: Key of a response's `metadata` that holds the intent which "ja" to it means.
AFFIRM = "affirm"
ESCAPE_INTENT = "medewerker"
#: Responses that ask which subject is meant.
_WHICH = frozenset(
    {"utter_clarify_one", "utter_clarify_two", "utter_dutch_only", "utter_knowledge_near",
     NOT_THAT, WHICH_ONE}
)  # fmt: skip
_NO = re.compile(r"\W*ne+e*n?\b", re.IGNORECASE)
#: Intents of options that are none of the subjects.
_WAYS_OUT = frozenset({"deny", ESCAPE_INTENT})


class ActionAffirm(Action):
    """Does what "ja" agrees to; where nothing was asked it means "I have another question"."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_affirm"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Finds what "ja" means in what the bot said last, and does that."""
        if (content := by_content(tracker)) is not None:
            return content
        words, offer = messages_before(tracker.events)
        channel = tracker.get_latest_input_channel()
        if _NO.match(str((tracker.latest_message or {}).get("text") or "")):
            # "Nee prima dan" takes nothing of what was offered.
            return reinterpreted_as("deny", newest(tracker.events), channel)
        said = said_before(tracker.events)
        replies = Replies(dispatcher, domain)
        meanings = [replies.metadata(response).get(AFFIRM) for response in said]
        offers = OFFERS & set(said[-1:])
        if (ESCAPE_INTENT in meanings and not offers) or OFFER in said[-1:]:
            return [FollowupAction("action_handover")]
        if offers:
            words = {"text": "ja"}
        if {"utter_back_topic", *OFFERS} & set(said[-1:]):
            return _taken(offer["data"]["buttons"][0], words, channel)
        if _asks_which(offer) and (guessed := _subjects(tracker)):
            if len(guessed) == 1:
                return _taken(guessed[0], words, channel)
            replies.say(WHICH_ONE, shown_before(tracker.events))
            return []
        if meant := next((str(each) for each in reversed(meanings) if each), None):
            return reinterpreted_as(meant, {"text": "ja"}, channel)
        replies.say("utter_topics")
        return []


def _asks_which(said: Mapping[str, Any]) -> bool:
    """Whether what the bot said last asks which subject is meant."""
    own = {say(OPTIONAL[each]) for each in (NOT_THAT, WHICH_ONE)}
    named = (said.get("metadata") or {}).get("utter_action")
    return named in _WHICH or said.get("text") in own


def _subjects(tracker: Any) -> list[Button]:
    """The options that were shown last, without the ways out of a guess."""
    shown = shown_before(tracker.events)
    return [each for each in shown if intent_of(each["payload"]) not in _WAYS_OUT]


def _taken(option: Mapping[str, Any], words: Mapping[str, Any], channel: str | None) -> Events:
    """Events that answer what was typed as an option says."""
    intent, _, values = str(option["payload"]).lstrip("/").partition("{")
    given = json.loads("{" + values) if values else {}
    return reinterpreted_as(intent, words, channel, **given)
