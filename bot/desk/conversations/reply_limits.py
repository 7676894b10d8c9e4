"""Counts how much of a reply fits on a channel, by the rules by which it is sent. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from bot.catalogue import say
from bot.channel_profiles import ChannelProfile
from bot.desk import dutch_labels
from bot.messages import Text
from channels.messaging_window import messaging_window
from channels.protocol import Channel, CountsSegments, PushChannel

#: Longest reply of a person, in characters; `bot.desk.conversations.service` refuses more.
MAX_REPLY: Final = 4000


@dataclass(frozen=True, slots=True)
class ReplySize:
    """How many messages a text takes on a channel, and what still fits.

    Attributes:
        words: one line for the agent, such as `Nog 122 tekens`.
        messages: how many messages, or segments where those cost money, the customer gets.
        left: characters that still fit in this message or segment; negative when too long.
        many: whether the agent should be warned.
    """

    words: str
    messages: int
    left: int
    many: bool


@dataclass(frozen=True, slots=True)
class ReplyWindow:
    """Whether a channel takes a message to a customer now, and until when.

    Attributes:
        open: whether a reply can be sent.
        words: what to tell the agent; empty where there is nothing to tell.
        until: when it closes (ISO 8601), or empty.
    """

    open: bool
    words: str
    until: str = ""


def size(channel: Channel | None, text: str) -> ReplySize:
    """Counts a reply as the channel will send it.

    Args:
        channel: the customer's channel; None when this installation has it no longer.
        text: what the agent typed.
    """
    said = text.strip()
    room = MAX_REPLY - len(said)
    if room < 0:
        return ReplySize(say("desk.size.too_long", count=-room), 1, room, many=True)
    if channel is None or not said:
        return ReplySize("", 0 if not said else 1, room, many=False)
    parts = channel.render(Text(said))
    if isinstance(channel, CountsSegments):
        return _segments(channel, said, channel.segments(parts))
    if len(parts) > 1:
        said_in = say("desk.size.messages", count=len(parts))
        return ReplySize(said_in, len(parts), room, many=True)
    shown = say("desk.size.left", count=room) if room <= 400 else ""
    return ReplySize(shown, 1, room, many=room <= 100)


class _Segmented(Channel, CountsSegments, Protocol):
    """A channel that counts segments."""


def _segments(channel: _Segmented, said: str, segments: int) -> ReplySize:
    left = _fits(channel, said, segments)
    one, several = channel.segment_names
    name = f"1 {one}" if segments == 1 else f"{segments} {several}"
    one_left = left == 1
    rest = say("desk.size.character") if one_left else say("desk.size.characters", count=left)
    shown = say("desk.size.segments", segments=name, room=rest)
    return ReplySize(shown, segments, left, many=segments > 2)


def _fits(channel: _Segmented, said: str, segments: int) -> int:
    """How many more plain letters fit before it takes another segment."""
    low, high = 0, 160
    while low < high:
        middle = (low + high + 1) // 2
        parts = channel.render(Text(said + "e" * middle))
        fits = channel.segments(parts) <= segments
        low, high = (middle, high) if fits else (low, middle - 1)
    return low


def window(
    channel: Channel | None,
    profile: ChannelProfile,
    last_inbound_at: datetime | None,
    *,
    opted_out: bool,
    now: datetime,
    zone: ZoneInfo,
) -> ReplyWindow:
    """Whether the customer can be written to, and what to know before doing so.

    Args:
        channel: the customer's channel; None: this installation has it not, or no longer.
        profile: what that channel is.
        last_inbound_at: when the customer last wrote.
        opted_out: whether the customer said STOP.
        now: the present.
        zone: the organisation's time zone.
    """
    if opted_out:
        return ReplyWindow(open=False, words=say("desk.window.opted_out"))
    label = profile.label
    if channel is None:
        return ReplyWindow(open=False, words=say("desk.window.unsupported", channel=label))
    found = messaging_window(profile.window, last_inbound_at, now)
    if found.is_open:
        if found.closes is None:
            return ReplyWindow(open=True, words="")
        until = dutch_labels.moment(found.closes, now, zone)
        told = say("desk.window.open_until", until=until)
        return ReplyWindow(open=True, words=told, until=found.closes.isoformat())
    late = say("desk.window.late", hours=profile.window_hours)
    if isinstance(channel, PushChannel) and channel.outside_window({}) is not None:
        instead = say("desk.window.invitation")
        return ReplyWindow(open=True, words=f"{late} {instead}")
    closed = say("desk.window.closed", channel=label)
    return ReplyWindow(open=False, words=f"{late} {closed}")
