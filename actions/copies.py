"""A copy of the conversation, and going on with it on another channel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from rasa_sdk import Action

from actions import surroundings
from actions.forms import Events
from actions.heard import heard
from actions.options import Button, button
from actions.talk import Talk
from actions.wording import day
from bot.conversation import links

#: In the order in which they are offered.
_TITLES = {"whatsapp": "WhatsApp", "telegram": "Telegram", "sms": "SMS"}


class ActionTranscriptRequest(Action):
    """Gives the link to the conversation's transcript."""

    def name(self) -> str:
        """Name in rules."""
        return "action_transcript_request"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says the text for the customer's channel, if designers wrote one."""
        talk = Talk(dispatcher, domain)
        own = f"utter_transcript_request_{tracker.get_latest_input_channel()}"
        ends = surroundings.today() + timedelta(days=surroundings.settings().transcript_days)
        talk.say(
            own if talk.knows(own) else "utter_transcript_request",
            link=links.TRANSCRIPT,
            until=day(ends),
        )
        return []


class ActionContinueElsewhere(Action):
    """Gives the way to another channel, or asks which one."""

    def name(self) -> str:
        """Name in rules."""
        return "action_continue_elsewhere"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """The worker leaves out what this installation does not have."""
        talk, message = Talk(dispatcher, domain), heard(tracker, "")
        here = str(tracker.get_latest_input_channel() or "")
        tapped = message.entity("channel")
        wanted = str(tapped.value) if tapped else links.channel_named(message.typed)
        if wanted is None:
            talk.say("utter_continue_where", _offers(here))
        elif wanted == here:
            talk.say("utter_continue_here", channel=_TITLES.get(wanted, wanted))
        else:
            talk.say("utter_continue_elsewhere", link=links.continue_on(wanted))
        return []


def _offers(here: str) -> list[Button]:
    return [
        button(title, links.CONTINUE, channel=name)
        for name, title in _TITLES.items()
        if name != here
    ]
