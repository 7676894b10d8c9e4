"""What a channel is: the smallest set of things the rest of Loket needs from one.

The web chat is fetched by the browser; the other channels push each message to a provider, which
takes a `Sender` with errors that say what to do next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

from bot.errors import LoketError
from bot.messages import Outbound

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.database import Database
    from bot.store.doorbell import Doorbell

#: One message in the provider's own form (JSON or form fields), without the recipient.
Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can show. Lengths are in the units of `length`.

    Attributes:
        buttons: most options it shows as buttons; with more, `degrade` uses a list or numbers.
        rows: most options it shows as a list one taps in.
        title: longest title of a button.
        text: longest text of one message.
        numbered: whether options are shown with a number that the customer types.
        quiet_stop: whether a lone "stop" belongs to the carrier, so prompts must offer "annuleer".
        row: longest title of a row in a list; 0: as `title`.
        question: longest text above buttons; 0: as `text`.
        list_question: longest text above a list; 0: as `text`.
        links: whether an address in a text can be tapped and a long one is welcome; without,
            quotes take their short form.
        length: counts a text as the provider does.
    """

    buttons: int
    rows: int
    title: int
    text: int
    numbered: bool = False
    quiet_stop: bool = False
    row: int = 0
    question: int = 0
    list_question: int = 0
    links: bool = True
    length: Callable[[str], int] = len


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a provider takes messages.

    Attributes:
        per_recipient: seconds between two messages to one customer.
        per_second: most messages a second to all customers together.
    """

    per_recipient: float
    per_second: float


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider accepted a message.

    Attributes:
        provider_id: its id at the provider, by which receipts refer to it.
    """

    provider_id: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider tells about a message it accepted.

    Attributes:
        channel: name of the channel.
        provider_id: the provider's id of the message.
        status: how far it came; `failed` is final.
        error: the provider's error code, never its text; empty when nothing is wrong.
        key: the `key` that `Sender.send` got, where the provider gives it back; finds the message
            also when its id never reached us.
    """

    channel: str
    provider_id: str
    status: Literal["sent", "delivered", "read", "failed"]
    error: str = ""
    key: str = ""


class SendError(LoketError):
    """A message was not accepted. Each subclass says the caller's next move.

    Attributes:
        code: the provider's error code or a word of ours, for `loket outbox`; never personal.
    """

    def __init__(self, code: str = "") -> None:
        super().__init__(f"{type(self).__name__} {code}".strip())
        self.code = code


class Throttled(SendError):
    """Too fast. Retry after a while.

    Attributes:
        retry_after: seconds to wait, or None when the provider does not say.
        everyone: whether all customers must wait, not just this one.
    """

    def __init__(
        self, retry_after: float | None = None, code: str = "throttled", *, everyone: bool = False
    ) -> None:
        super().__init__(code)
        self.retry_after = retry_after
        self.everyone = everyone


class Unavailable(SendError):
    """The provider cannot be reached or is broken, and certainly did not take it. Retry."""


class Ambiguous(SendError):
    """The provider may have taken it (a time-out after sending). Never resend unasked.

    Raise it only when the whole request went out: what did not go out is `Unavailable`.
    """


class Undeliverable(SendError):
    """This message, or this customer, will never be reached. Give up."""


class WindowClosed(SendError):
    """The customer wrote too long ago. Use the channel's template, or give up."""


class OptedOut(SendError):
    """The customer does not want messages. Give up and remember it."""


class BadCredentials(SendError):
    """The provider refuses our token. Alarm a person, stop this channel for a while, retry."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The provider has the message that was in doubt.

    Attributes:
        provider_id: its id at the provider.
        status: how far it came since, or None when that says nothing new.
        error: the provider's error code when it failed; empty otherwise.
    """

    provider_id: str
    status: Literal["sent", "delivered", "read", "failed"] | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Absent:
    """The provider does not have the message that was in doubt."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """What the provider has does not settle it."""


@dataclass(frozen=True, slots=True)
class Search:
    """A message in doubt, to be looked for at its provider.

    Attributes:
        address: as `Sender.send` got it.
        part: as `Sender.send` got it.
        since: it was not sent before (aware).
        known: ids at the provider of the customer's other messages.
        twins: how many other messages with this content, to this customer, are in doubt.
    """

    address: str
    part: Part
    since: datetime
    known: frozenset[str]
    twins: int


@dataclass(frozen=True, slots=True)
class Settling:
    """How a channel's messages in doubt become clear.

    Attributes:
        receipt: seconds in which a receipt may still come; after that a person must judge. 0: this
            provider sends none.
        absent: seconds after which a message that the provider does not list was not taken; None:
            its messages cannot be looked up.
    """

    receipt: float
    absent: float | None = None


class Sender(Protocol):
    """Hands messages to a provider. Calls for different customers run side by side.

    Attributes:
        pace: how fast the provider takes messages.
    """

    pace: Pace

    async def send(self, address: str, part: Part, key: str) -> Sent:
        """Sends one rendered message, within a time-out of its own; never retries.

        Args:
            address: the customer's newest address (see `bot.store.addresses`).
            part: what `Channel.render` made.
            key: our own id of this message, at most 40 characters of `[0-9.]`. Put it where the
                provider gives it back in receipts (WhatsApp `biz_opaque_callback_data`, a query
                parameter of Twilio's StatusCallback or Kannel's dlr-url).

        Raises:
            SendError: always one of its subclasses; any other exception counts as `Ambiguous`.
        """
        ...

    def settling(self, address: str) -> Settling:
        """What can be found out about a message to this customer when it is in doubt."""
        ...

    async def probe(self, address: str) -> None:
        """Asks the provider something harmless, to know whether it answers.

        Args:
            address: of the customer whose message failed: the channel may have several providers.

        Raises:
            SendError: it does not, or not usefully.
        """
        ...

    async def close(self) -> None:
        """Lets go of its connections."""
        ...


@runtime_checkable
class Finds(Protocol):
    """A sender that can look up at the provider whether a message was taken."""

    async def find(self, search: Search) -> Taken | Absent | Unclear:
        """Looks for a message in doubt; sends nothing.

        Raises:
            SendError: the provider did not answer.
        """
        ...


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `loket doctor`.

    Attributes:
        name: what was looked at, in a few words.
        ok: whether it is well.
        sentence: what was found; when it is not well, also what to do.
    """

    name: str
    ok: bool
    sentence: str


class Channel(Protocol):
    """One way to reach customers.

    Rendering is a pure function, so that a preview shows exactly what a customer gets. The class
    imports no provider's library at import; `sender` may.
    """

    name: str
    capabilities: Capabilities

    def render(self, message: Outbound, ref: str = "") -> Sequence[Part]:
        """The provider's own messages for one of ours, in order; at least one.

        Args:
            message: what to say.
            ref: id of the outbox row; options are called back as `degrade.callback(ref, index)`.
        """
        ...


@runtime_checkable
class PushChannel(Channel, Protocol):
    """A channel whose messages Loket hands to a provider.

    The class is made as `cls(**values)` from credentials.yml.

    Attributes:
        window: how long after the customer's last message anything may be sent; None: always.
    """

    window: timedelta | None

    @classmethod
    def preview_only(cls) -> PushChannel:
        """A channel that renders and previews without being configured."""
        ...

    def preview(self, part: Part) -> str:
        """A rendered message drawn for a terminal: its buttons, an SMS's number of segments."""
        ...

    def outside_window(self, part: Part) -> Part | None:
        """The template to send in place of a message when the window has closed, if any."""
        ...

    def sender(self, public_url: str = "") -> Sender:
        """A new sender; the caller closes it. Makes no call before the first `send`.

        Args:
            public_url: where the provider reaches Loket, for a channel that must name the address
                of its receipts with each message; empty: no receipts.
        """
        ...

    async def checks(self, public_url: str) -> Sequence[Check]:
        """Looks at configuration, reachability and webhook; never raises."""
        ...


@runtime_checkable
class SetsWebhook(Protocol):
    """A channel whose provider lets Loket register the webhook itself."""

    async def set_webhook(self, public_url: str) -> str:
        """Registers the webhook; returns a sentence that says what is registered.

        Raises:
            LoketError: the provider refused; says what to do.
        """
        ...


@runtime_checkable
class JoinsTurn(Protocol):
    """A channel that sends what is said in one turn as few messages as will hold it."""

    def join(self, parts: Sequence[Part]) -> Sequence[Part]:
        """The parts of a turn, rendered one by one, put together where they fit."""
        ...


@dataclass(frozen=True, slots=True)
class Entrance:
    """How a customer writes to us first on a channel.

    Attributes:
        link: an address that opens it with a message ready to send; empty when there is none.
        number: the telephone number to write to, as people write it; empty when there is none.
    """

    link: str
    number: str


@runtime_checkable
class Reachable(Protocol):
    """A channel that a customer can be sent to."""

    def entrance(self, text: str) -> Entrance | None:
        """Where to write.

        Args:
            text: what the customer is to send; A-Z, a-z, 0-9 and `-`, at most 64.

        Returns:
            None when the configuration does not say where that is.
        """
        ...


@runtime_checkable
class Combines(Protocol):
    """A channel that may be configured more than once, each time with another gateway."""

    def beside(self, other: Any) -> Any:
        """One channel with the gateways of both."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """What a channel's routes work with; `bot.web` makes it.

    Attributes:
        database: the store.
        doorbell: wakes workers.
        settings: all of them.
        now: the present, aware.
        rejected: how many requests without a good signature each channel refused.
    """

    database: Database
    doorbell: Doorbell
    settings: Settings
    now: Callable[[], datetime]
    rejected: Counter[str] = field(default_factory=Counter)
