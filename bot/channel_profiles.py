"""Channel profiles: the facts of a channel that the rest of Loket needs.

Each channel's class declares its own profile (`channels.protocol.Channel.profile`);
`channels.registry.profiles` reads those of an installation. Code outside `channels/` asks a profile
in place of naming a channel.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Literal, Self

#: Kinds of address that a customer has on a channel: a telephone number (or, where a provider hides
#: it, an id), an account or chat at the provider, or a visitor of the website.
AddressKind = Literal["phone", "account", "visitor"]
#: Colour of a channel's badge at the desk, as `bot/desk/static/inbox.css` knows it.
Tone = Literal["plain", "green", "blue", "violet"]


@dataclass(frozen=True, slots=True)
class ChannelProfile:
    """The facts of one channel.

    Attributes:
        name: under which conversations are stored; `[a-z]+`.
        label: what it is called in Dutch, as a heading.
        in_sentence: the same within a sentence, after "via" or "van"; empty: as `label`.
        button: the same on a button of the customer; empty: as `label`.
        customer: what the desk calls a customer without a telephone number; empty: the
            desk makes it of `label`.
        address: what a customer's address is.
        fetched: whether the customer's own page fetches messages, so that "sent" means arrived; if
            not, they are handed to a provider.
        window: how long after the customer's last message anything may be sent; None: always.
        asked_for: pattern of the words with which a customer asks to go on here, matched anywhere
            in text that `bot.conversation.escape.normalise` made; empty: nobody is sent here.
        tone: colour of its badge.
        bursts: whether customers send one thought in several quick messages, or an album as one
            message each, so that the answer waits a moment for the last.
        script: address, on Loket's own host, of the script that puts it on a web page; empty: it is
            not on web pages.
        typing: whether customers see it here when the agent who has the conversation is typing.
    """

    name: str
    label: str
    in_sentence: str = ""
    button: str = ""
    customer: str = ""
    address: AddressKind = "account"
    fetched: bool = False
    window: timedelta | None = None
    asked_for: str = ""
    tone: Tone = "plain"
    bursts: bool = False
    script: str = ""
    typing: bool = False

    def __post_init__(self) -> None:
        for name in ("in_sentence", "button"):
            if not getattr(self, name):
                object.__setattr__(self, name, self.label)

    @property
    def window_hours(self) -> int:
        """Whole hours of the messaging window; 0 where there is none."""
        return self.window // timedelta(hours=1) if self.window else 0


@dataclass(frozen=True, slots=True)
class ChannelProfiles:
    """The profiles of an installation's channels, in the order of `credentials.yml`.

    Attributes:
        known: the profiles by name; also of channels that are in the file and not configured.
    """

    known: Mapping[str, ChannelProfile] = field(default_factory=dict)

    @classmethod
    def of(cls, *profiles: ChannelProfile) -> Self:
        """Collects these profiles, in this order."""
        return cls({each.name: each for each in profiles})

    def __getitem__(self, name: str) -> ChannelProfile:
        """A channel's profile; made of its name alone when the installation has it no longer."""
        return self.known.get(name) or ChannelProfile(name, name.capitalize(), in_sentence=name)

    def __iter__(self) -> Iterator[ChannelProfile]:
        """The profiles in order."""
        return iter(self.known.values())

    def asked_for(self, text: str) -> str | None:
        """Name of the first channel that a customer asks for, or None.

        Args:
            text: what the customer typed, normalised.
        """
        named = (each.name for each in self if each.asked_for)
        return next((n for n in named if _pattern(self.known[n].asked_for).search(text)), None)

    def script(self, names: Collection[str]) -> str:
        """Address of the script that puts a channel on web pages; empty: none of these does.

        Args:
            names: the channels that are configured.
        """
        return next((each.script for each in self if each.script and each.name in names), "")

    def elsewhere(self, here: str) -> tuple[ChannelProfile, ...]:
        """The channels that a customer can be sent to, in order, without the present one."""
        return tuple(each for each in self if each.asked_for and each.name != here)


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words)
