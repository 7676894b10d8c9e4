"""A copy of the conversation, and another channel: the reply holds a mark, the worker the rest."""

from __future__ import annotations

import pytest

from bot.conversation import reply_links
from bot.dialogue.actions.transcripts import ActionContinueElsewhere, ActionTranscriptRequest
from tests.support.form_driver import Conversation, Said


async def test_the_link_to_the_transcript() -> None:
    """Each channel may have its own text; the day it ends is said."""
    talk = Conversation()
    said = await talk.act(ActionTranscriptRequest(), "kopie graag", "transcript_request")
    assert said.responses == ("utter_transcript_request",)
    assert said.messages[0]["link"] == reply_links.TRANSCRIPT
    assert said.messages[0]["until"] == "dinsdag 1 december"
    talk.events[-1]["input_channel"] = "webchat"
    said = await talk.act(ActionTranscriptRequest())
    assert said.responses == ("utter_transcript_request_webchat",)


async def elsewhere(text: str, here: str = "webchat", **entities: object) -> Said:
    """Asks for another channel."""
    talk = Conversation()
    talk._hear(text, "continue_elsewhere", entities)
    talk.events[-1]["input_channel"] = here
    return await talk.act(ActionContinueElsewhere())


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("verder op WhatsApp", "whatsapp"),
        ("kan ik jullie appen", "whatsapp"),
        ("verder via sms", "sms"),
        ("liever telegram", "telegram"),
        ("kan ik op mijn telefoon verder", "sms"),
    ],
)
async def test_the_channel_that_is_named(text: str, channel: str) -> None:
    """Its mark stands in the reply."""
    said = await elsewhere(text)
    assert said.messages[0]["link"] == reply_links.continue_on(channel)


async def test_which_channel() -> None:
    """Asked when none is named, without the one we are on."""
    said = await elsewhere("ergens anders verder", "sms")
    assert (said.responses, said.buttons) == (("utter_continue_where",), ["WhatsApp", "Telegram"])
    said = await elsewhere("/continue_elsewhere", channel="telegram")
    assert said.messages[0]["link"] == reply_links.continue_on("telegram")


async def test_the_channel_we_are_on() -> None:
    """Nothing to do."""
    said = await elsewhere("verder op whatsapp", "whatsapp")
    assert said.responses == ("utter_continue_here",)
