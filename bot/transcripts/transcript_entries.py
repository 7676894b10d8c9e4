"""The entries of a transcript: each message as words, with its author, choices and source.

Pure. The text file, the web page and the JSON lines all show these values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.catalogue import say
from bot.channel_profiles import ChannelProfile
from bot.conversation import built_in_messages
from bot.dutch.calendar import WEEKDAYS, full_date
from bot.messages import Attachment, Author, Choice, Inbound, Media, Notice, Outbound, Quote
from bot.store.history.timeline import TimelineEntry

#: Times in a transcript are Dutch clock times.
ZONE: Final = ZoneInfo("Europe/Amsterdam")
_RATED = re.compile(r'/rate\{.*"score"\s*:\s*([1-5])')


@dataclass(frozen=True, slots=True)
class Source:
    """The source of an answer, as a transcript shows it.

    Attributes:
        passage: the words quoted, verbatim.
        title: the page's title.
        url: the page's address, absolute; empty when it is not one that may be opened.
        checked: the day the page was last checked, or None if unknown.
        note: what must be known about the page (that it is old), or empty.
    """

    passage: str
    title: str
    url: str
    checked: date | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One message of a transcript.

    Attributes:
        author: the message's author.
        at: when (aware, UTC).
        channel: the channel it was said on.
        text: the words; empty when there were none.
        notice: whether it is about the conversation itself.
        options: what the customer could choose.
        source: where the answer comes from, or None.
        link: address of an image or document, absolute; empty for none.
        status: how far a message to the customer came; empty for one of the customer's.
    """

    author: Author
    at: datetime
    channel: ChannelProfile
    text: str
    notice: bool = False
    options: tuple[str, ...] = ()
    source: Source | None = None
    link: str = ""
    status: str = ""

    @property
    def name(self) -> str:
        """The name of a message's author, in Dutch."""
        return say(f"name.{self.author}")

    @property
    def where(self) -> str:
        """The name of a message's channel, in Dutch."""
        return self.channel.in_sentence


def shown(entry: TimelineEntry, channel: ChannelProfile, public_url: str) -> Shown:
    """A message as it stands in a transcript.

    Args:
        entry: the message.
        channel: its conversation's.
        public_url: what an address on our own site is completed with.
    """
    if entry.inbound is not None:
        return Shown("customer", entry.at, channel, received(entry.inbound.inbound))
    if entry.outbound is None:
        raise ValueError("an entry holds a message of the customer or one of ours")
    said = entry.outbound
    plain = Shown(entry.author, entry.at, channel, said.message.text, status=said.status)
    return _with_details(plain, said.message, public_url)


def received(inbound: Inbound) -> str:
    """A customer's message in words: what was typed or tapped, a score, or what came along."""
    score = rated(inbound.payload)
    if score is not None:
        return say("rating.shown", score=score)
    came_along = (
        built_in_messages.attachment_shown(inbound.attachment) if inbound.attachment else ""
    )
    return "\n".join(part for part in (came_along, inbound.text) if part)


def rated(payload: str | None) -> int | None:
    """The score, 1 to 5, in the payload of a tapped rating; None for every other payload."""
    match = _RATED.match(payload or "")
    return int(match[1]) if match else None


def say_day(at: datetime) -> str:
    """A day in words, such as `maandag 3 augustus 2026`."""
    local = at.astimezone(ZONE)
    return f"{WEEKDAYS[local.weekday()]} {full_date(local)}"


def say_time(at: datetime) -> str:
    """A time of day, such as `09:30`."""
    return at.astimezone(ZONE).strftime("%H:%M")


def _with_details(plain: Shown, message: Outbound, public_url: str) -> Shown:
    match message:
        case Notice():
            return replace(plain, notice=True)
        case Choice(options=options):
            return replace(plain, options=tuple(option.title for option in options))
        case Quote(passage=passage, title=title, url=url, date=checked):
            source = Source(passage, title, _absolute(url, public_url), checked, message.note)
            return replace(plain, text="" if message.repeats else plain.text, source=source)
        case Media(url=url, media_type=media_type):
            words = plain.text or built_in_messages.attachment_shown(_kind(media_type))
            return replace(plain, text=words, link=_absolute(url, public_url))
    return plain


def _kind(media_type: str) -> Attachment:
    """What a file is called that came without words."""
    kinds: dict[str, Attachment] = {"image": "image", "audio": "audio", "video": "video"}
    return kinds.get(media_type.partition("/")[0], "document")


def _absolute(url: str, public_url: str) -> str:
    """The address made absolute; empty unless it is http(s) or a path on our own site."""
    if any(character <= " " or character == "\\" for character in url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme in ("http", "https") and parts.netloc:
        return url
    on_site = not parts.scheme and not parts.netloc and url.startswith("/") and url[:2] != "//"
    return f"{public_url}{url}" if on_site else ""
