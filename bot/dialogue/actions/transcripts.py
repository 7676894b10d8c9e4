"""The actions that give a copy of the conversation, or a way to another channel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from rasa_sdk import Action

from bot.channel_profiles import ChannelProfiles
from bot.conversation import reply_links
from bot.dialogue import runtime
from bot.dialogue.buttons import Button, button
from bot.dialogue.formatting import day
from bot.dialogue.message_reading import read_message
from bot.dialogue.replies import Replies
from bot.dialogue.task import Events


class ActionTranscriptRequest(Action):
    """Gives the link to the conversation's transcript."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_transcript_request"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says the text for the customer's channel, if designers wrote one."""
        replies = Replies(dispatcher, domain)
        own = f"utter_transcript_request_{tracker.get_latest_input_channel()}"
        ends = runtime.today() + timedelta(days=runtime.settings().transcript_days)
        replies.say(
            own if replies.knows(own) else "utter_transcript_request",
            link=reply_links.TRANSCRIPT,
            until=day(ends),
        )
        return []


class ActionContinueElsewhere(Action):
    """Gives the way to another channel, or asks which one."""

    def name(self) -> str:
        """Name of the action in rules."""
        return "action_continue_elsewhere"

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Says the way, or asks which channel; the worker leaves out what is not installed."""
        replies, message = Replies(dispatcher, domain), read_message(tracker, "")
        here = str(tracker.get_latest_input_channel() or "")
        tapped = message.entity("channel")
        channels = runtime.channels()
        wanted = str(tapped.value) if tapped else reply_links.channel_named(message.typed, channels)
        if wanted is None:
            replies.say("utter_continue_where", _offers(channels, here))
        elif wanted == here:
            replies.say("utter_continue_here", channel=channels[wanted].button)
        else:
            replies.say("utter_continue_elsewhere", link=reply_links.continue_on(wanted))
        return []


def _offers(channels: ChannelProfiles, here: str) -> list[Button]:
    return [
        button(each.button, reply_links.CONTINUE, channel=each.name)
        for each in channels.elsewhere(here)
    ]
