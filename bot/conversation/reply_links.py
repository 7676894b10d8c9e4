"""Fills addresses that only the worker can make into replies that designers write.

An action knows no secret, so its reply holds a mark where the address goes: `TRANSCRIPT`, or that
of `continue_on`. The worker puts the address there when it writes the turn. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.channel_profiles import ChannelProfiles
from bot.conversation import built_in_messages
from bot.conversation.escape import normalise
from bot.messages import Choice, Option, Outbound, Text, options_of

#: The mark that becomes the link to the customer's own transcript.
TRANSCRIPT: Final = "[[transcript]]"
#: Intent of "go on with this conversation on that channel".
CONTINUE: Final = "continue_elsewhere"
_CONTINUE: Final = re.compile(r"\[\[continue ([a-z]+)\]\]")
_MARK: Final = re.compile(r"\[\[(?:transcript|continue [a-z]+)\]\]")

_ASKS_ELSEWHERE: Final = re.compile(
    r"\b(verder|voortzetten|overzetten|overstappen|liever)\b|^(op|via)\b"
)
_ASKS_TRANSCRIPT: Final = re.compile(
    r"\b(gesprek|chat|verslag)\b.*\b(bewar|bewaar|opsla|opgesla|mail|stuur|sturen|gestuurd|"
    r"download|kopie|nalezen|teruglezen|uitprint|print)\w*|"
    r"\b(bewaar|stuur|mail|kopie)\b.*\b(gesprek|chat|verslag)\b|^(transcript|(gespreks)?verslag)$"
)


def asks_transcript(text: str) -> bool:
    """Whether a customer asks for a copy of the conversation, as far as words alone tell."""
    return _ASKS_TRANSCRIPT.search(normalise(text)) is not None


def channel_named(text: str, channels: ChannelProfiles) -> str | None:
    """The channel that a customer names, or None."""
    return channels.asked_for(normalise(text))


def asks_elsewhere(text: str, channels: ChannelProfiles) -> str | None:
    """The channel on which a customer wants to go on, as far as words alone tell; or None."""
    return channel_named(text, channels) if _ASKS_ELSEWHERE.search(normalise(text)) else None


def continue_on(channel: str) -> str:
    """The mark that becomes the way to another channel.

    Args:
        channel: its name.
    """
    return f"[[continue {channel}]]"


def marks(messages: Sequence[Outbound]) -> tuple[str, ...]:
    """The marks in a turn's texts, each once."""
    found = (mark for message in messages for mark in _MARK.findall(message.text))
    return tuple(dict.fromkeys(found))


def channel_of(mark: str) -> str | None:
    """The channel that a mark leads to, or None: it stands for the transcript."""
    found = _CONTINUE.fullmatch(mark)
    return found[1] if found else None


def fill(messages: Sequence[Outbound], values: Mapping[str, str | None]) -> tuple[Outbound, ...]:
    """The messages with every mark replaced.

    Args:
        messages: a turn's messages.
        values: an address for each mark, or None where there is none: the message is then replaced
            as a whole, because a sentence without its address says nothing.
    """
    return tuple(_filled(message, values) for message in messages)


def offer_only(messages: Sequence[Outbound], channels: Collection[str]) -> tuple[Outbound, ...]:
    """The messages without the options that lead to a channel where the talk cannot go on.

    Args:
        messages: a turn's messages.
        channels: names of the channels where it can.
    """
    return tuple(_offered(message, channels) for message in messages)


def _filled(message: Outbound, values: Mapping[str, str | None]) -> Outbound:
    found = _MARK.findall(message.text)
    if not found:
        return message
    text = message.text
    for mark in found:
        value = values.get(mark)
        if value is None:
            instead = (
                built_in_messages.no_transcript()
                if mark == TRANSCRIPT
                else built_in_messages.stay_here()
            )
            return Choice(instead.text, options_of(message) or instead.options)
        text = text.replace(mark, value)
    return replace(message, text=text)


def _offered(message: Outbound, channels: Collection[str]) -> Outbound:
    if not isinstance(message, Choice):
        return message
    led = {option: _leads_to(option) for option in message.options}
    kept = tuple(o for o, channel in led.items() if channel is None or channel in channels)
    if len(kept) == len(message.options):
        return message
    if all(_leads_to(option) is None for option in kept):
        return built_in_messages.stay_here()
    return Choice(message.text, kept) if kept else Text(message.text)


def _leads_to(option: Option) -> str | None:
    name, _, values = option.payload.partition("{")
    if name != f"/{CONTINUE}":
        return None
    return str(json.loads("{" + values).get("channel")) if values else None
