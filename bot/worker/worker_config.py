"""The worker's configuration: settings and content of this installation, in one value."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.channel_profiles import ChannelProfiles
from bot.conversation.opening_hours import OpenHours
from bot.organisation import Organisation
from bot.records.conversation import Conversation
from bot.worker.channel_switch import ChannelSwitch

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Makes an address for a mark in a reply (`bot.conversation.reply_links`); None: there is none.
LinkMaker = Callable[["Connection", Conversation, str, datetime], str | None]


def _always_there() -> Organisation:
    """An organisation without a name or a closing time."""
    week = {day: OpenHours(time(0), time(23, 59, 59, 999999)) for day in range(7)}
    return Organisation("", ZoneInfo("Europe/Amsterdam"), week, "", {}, "", "", "")


def _no_link(*_: object) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """The worker's configuration, from settings and content.

    Attributes:
        turn_timeout: seconds the assistant may take for one message.
        disclosure_every: turns that one AI disclosure lasts.
        pause: how far apart the messages of one thought may be, on channels with bursts.
        quiet: how long a conversation must be quiet before its rating is asked.
        session: silence after which it is said again that this is an AI, also when the assistant
            does not begin a session of its own.
        accept: how long a customer waits for a person before being asked whether to be called.
        memory: silence after which nothing said before is used any more.
        organisation: whose customers these are: teams, hours, and names for the summary.
        channels: what this installation's channels are.
        numbered: channels that show options with a number to type.
        elsewhere: channels where a conversation can go on.
        link: makes the addresses that replies need.
        channel_switch: takes the codes with which conversations go on from elsewhere; None: there
            are none.
        queue_per_origin: conversations from one network address that may wait for a person at once.
        own_desk: whether people answer at Loket's own desk: it is known who is there, and they see
            the files of customers. Another desk gets the words alone.
    """

    turn_timeout: float = 30.0
    disclosure_every: int = 20
    pause: timedelta = timedelta(0)
    quiet: timedelta = timedelta(minutes=10)
    session: timedelta = timedelta(hours=4)
    accept: timedelta = timedelta(minutes=5)
    memory: timedelta = timedelta(days=30)
    organisation: Organisation = field(default_factory=_always_there)
    channels: ChannelProfiles = field(default_factory=ChannelProfiles)
    numbered: Collection[str] = ()
    elsewhere: Collection[str] = ()
    link: LinkMaker = _no_link
    channel_switch: ChannelSwitch | None = None
    queue_per_origin: int = 9
    own_desk: bool = False
