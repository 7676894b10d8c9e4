"""A bare "ja": yes to what the bot just said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import FollowupAction

from actions.again import taken_as
from actions.forms import Events
from actions.heard import messages_before, said_before
from actions.login_help import LOGIN_STEPS
from actions.second_request import OFFERS
from actions.talk import Talk

#: After these "ja" asks for the person that they offer.
_OFFER_PERSON = frozenset(
    {
        "utter_rating_low",
        "utter_login_failed",
        "utter_invoice_claimed_paid",
        "utter_break_loop",
        "utter_account_close",
        "utter_order_cancel",
        "utter_meter_only_power",
        "utter_meter_solar",
    }
)


class ActionAffirm(Action):
    """Does what "ja" agrees to; without a question it means that there is another one."""

    def name(self) -> str:
        """Name in rules."""
        return "action_affirm"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Looks at what the bot said last."""
        said = said_before(tracker.events)
        if _OFFER_PERSON & set(said):
            return [FollowupAction("action_handover")]
        words, offer = messages_before(tracker.events)
        channel = tracker.get_latest_input_channel()
        if OFFERS & set(said[-1:]):
            words = {"text": "ja"}
        if {"utter_clarify_one", "utter_back_topic", *OFFERS} & set(said[-1:]):
            payload = str(offer["data"]["buttons"][0]["payload"]).lstrip("/")
            intent, _, values = payload.partition("{")
            given = json.loads("{" + values) if values else {}
            return taken_as(intent, words, channel, **given)
        if LOGIN_STEPS & set(said):
            return taken_as("thank", {"text": "ja"}, channel)
        Talk(dispatcher, domain).say("utter_topics")
        return []
