"""What an update of the Bot API is, to Loket; a plain message is an `Inbound`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages import Inbound


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap on a button.

    Attributes:
        inbound: the tap as a message; its payload is the button's data.
        query: id under which Telegram waits for an answer, so that the button stops spinning.
        shown: number of the message with the buttons, or None when Telegram no longer says.
        text: that message's text; empty when Telegram no longer says.
    """

    inbound: Inbound
    query: str
    shown: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Blocking:
    """The customer blocked the bot, or let it in again.

    Attributes:
        chat: the customer's chat, which is the address.
        blocked: which of the two.
    """

    chat: str
    blocked: bool


@dataclass(frozen=True, slots=True)
class Strange:
    """Something of a kind that nobody here knows.

    Attributes:
        kind: its name, fit for a log.
        inbound: the message, when it is one.
    """

    kind: str
    inbound: Inbound | None = None


@dataclass(frozen=True, slots=True)
class Edited:
    """The customer changed the words of a message.

    Attributes:
        inbound: the message as it is now, worded for an agent.
    """

    inbound: Inbound


@dataclass(frozen=True, slots=True)
class InTopic:
    """Something that came in a topic of the customer's chat.

    Attributes:
        event: what it is.
        address: where to answer: the chat and the topic.
    """

    event: Inbound | Tap | Strange | Edited
    address: str


Event = Inbound | Tap | Blocking | Strange | Edited | InTopic
