"""The action on a bare "ja": does what the bot just offered or asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import FollowupAction

from bot.dialogue.actions.safety import OFFER
from bot.dialogue.message_reading import messages_before, said_before
from bot.dialogue.reinterpret import by_content, reinterpreted_as
from bot.dialogue.replies import Replies
from bot.dialogue.second_request import OFFERS
from bot.dialogue.task import Events

#: Key of a response's `metadata` that holds the intent which "ja" to it means.
AFFIRM = "affirm"
ESCAPE_INTENT = "medewerker"


class ActionAffirm(Action):
    """Does what "ja" agrees to; where nothing was asked it means "I have another question"."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_affirm"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Finds what "ja" means in what the bot said last, and does that."""
        if (content := by_content(tracker)) is not None:
            return content
        said = said_before(tracker.events)
        replies = Replies(dispatcher, domain)
        meanings = [replies.metadata(response).get(AFFIRM) for response in said]
        offers = OFFERS & set(said[-1:])
        if (ESCAPE_INTENT in meanings and not offers) or OFFER in said[-1:]:
            return [FollowupAction("action_handover")]
        words, offer = messages_before(tracker.events)
        channel = tracker.get_latest_input_channel()
        if offers:
            words = {"text": "ja"}
        if {"utter_clarify_one", "utter_back_topic", *OFFERS} & set(said[-1:]):
            payload = str(offer["data"]["buttons"][0]["payload"]).lstrip("/")
            intent, _, values = payload.partition("{")
            given = json.loads("{" + values) if values else {}
            return reinterpreted_as(intent, words, channel, **given)
        if meant := next((str(each) for each in reversed(meanings) if each), None):
            return reinterpreted_as(meant, {"text": "ja"}, channel)
        replies.say("utter_topics")
        return []
