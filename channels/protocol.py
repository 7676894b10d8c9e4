"""The protocols of a channel, which the classes in `credentials.yml` implement.

The web chat is fetched by the browser; the other channels push each message to a provider, which
takes a `Sender` with errors that say what to do next (`channels.errors`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from bot.attachments.storage import Storage
from bot.channel_profiles import ChannelProfile
from bot.messages import Outbound
from channels.capabilities import Capabilities, Pace
from channels.errors import SendError
from channels.send_results import Absent, Part, Search, Sent, Settling, StillInDoubt, Taken


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


class Sender(Protocol):
    """Hands messages to a provider. Calls for different customers run side by side.

    Attributes:
        pace: how fast the provider takes messages.
    """

    pace: Pace

    async def send(self, address: str, part: Part, key: str) -> Sent:
        """Sends one rendered message, within a time-out of its own; never retries.

        Args:
            address: the customer's newest address (see `bot.store.conversation.addresses`).
            part: what `Channel.render` made.
            key: our own id of this message, at most 40 characters of `[0-9.]`. Put it where the
                provider gives it back in receipts (WhatsApp `biz_opaque_callback_data`, a query
                parameter of Twilio's StatusCallback or Kannel's dlr-url).

        Raises:
            SendError: always one of its subclasses; any other exception counts as `Ambiguous`.
        """
        ...

    def settling(self, address: str) -> Settling:
        """How a message to this customer that is in doubt can be settled."""
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

    async def find(self, search: Search) -> Taken | Absent | StillInDoubt:
        """Looks for a message in doubt; sends nothing.

        Raises:
            SendError: the provider did not answer.
        """
        ...


@runtime_checkable
class TellsLater(Protocol):
    """A sender whose provider may take a message, and tell later that it failed, and why."""

    def told_later(self, address: str, code: str) -> SendError:
        """The error that a receipt's code stands for: that which `Sender.send` would have raised.

        Args:
            address: of the customer whose message failed: the channel may have several providers.
            code: `Receipt.error`; whatever it is, there is an answer.
        """
        ...


@runtime_checkable
class SendsFiles(Protocol):
    """A sender that hands a stored file over itself, so that nobody has to fetch it."""

    async def send_file(self, address: str, part: Part, key: str, data: bytes) -> Sent:
        """Sends a rendered message with the bytes of its file; otherwise as `Sender.send`.

        Args:
            address: as `Sender.send`.
            part: one with `channels.send_results.FILE`.
            key: as `Sender.send`.
            data: the file.
        """
        ...


class FileSource(Protocol):
    """Where the files of a channel's customers are fetched."""

    async def fetch(self, reference: str, limit: int) -> bytes:
        """Fetches a file, within a time-out of its own; never retries.

        Args:
            reference: as the channel gave it (`bot.messages.RemoteFile`).
            limit: most bytes; no more are read.

        Raises:
            FileGone: it is not there (any more).
            FileTooLarge: it has more bytes.
            SendError: it could not be fetched now.
            OSError: likewise.
        """
        ...

    async def close(self) -> None:
        """Lets go of its connections."""
        ...


class Channel(Protocol):
    """One way to reach customers.

    Rendering is a pure function, so that a preview shows exactly what a customer gets. The class
    imports no provider's library at import; `sender` may.
    """

    #: The channel's profile; `name` is the profile's.
    profile: ChannelProfile
    name: str
    capabilities: Capabilities
    #: Where its routes are made, as `package.module:function`: `bot.web` calls it with the channel
    #: and its `channels.services.Services`, and gets a Blueprint of Sanic.
    routes: str

    def render(self, message: Outbound, ref: str = "") -> Sequence[Part]:
        """The provider's own messages for one of ours, in order; at least one.

        Args:
            message: what to say.
            ref: id of the outbox row; `channels.rendering.callback` makes of it what a tapped
                option gives back.
        """
        ...

    def preview(self, part: Part) -> str:
        """A rendered message drawn for a terminal: its options, an SMS's number of segments."""
        ...


@runtime_checkable
class PushChannel(Channel, Protocol):
    """A channel whose messages Loket hands to a provider.

    The class is made as `cls(**values)` from credentials.yml.
    """

    @classmethod
    def preview_only(cls) -> PushChannel:
        """A channel that renders and previews without being configured."""
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
class IsEmbedded(Protocol):
    """A channel that other websites show on their pages."""

    def websites(self, origins: Sequence[str], *, shared: bool) -> Check:
        """Which websites may show it.

        Args:
            origins: those that Loket's settings allow, its own among them.
            shared: whether they share a secret, by which they say who is logged in there.
        """
        ...


@runtime_checkable
class FetchesFiles(Protocol):
    """A channel whose customers send files that a person can be shown."""

    def files(self, storage: Storage) -> FileSource:
        """A new source of them; the caller closes it. Makes no call before the first `fetch`.

        Args:
            storage: where the channel's own routes put what nobody has checked yet.
        """
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


@runtime_checkable
class Reachable(Protocol):
    """A channel that a customer can be sent to."""

    def directions(self, code: str) -> str | None:
        """What the customer does to write to us first here, in Dutch: a link, or a number.

        Args:
            code: what the customer is to send; A-Z, a-z, 0-9 and `-`, at most 64.

        Returns:
            Whole sentences; None when the configuration does not say where to write.
        """
        ...


@runtime_checkable
class CountsSegments(Protocol):
    """A channel whose provider cuts a message into segments, each of which costs money.

    Attributes:
        segment_names: what one and what several are called in Dutch.
    """

    segment_names: tuple[str, str]

    def segments(self, parts: Sequence[Part]) -> int:
        """How many segments these rendered parts take together."""
        ...


@runtime_checkable
class Combines(Protocol):
    """A channel that may be configured more than once, each time with another gateway."""

    def beside(self, other: Any) -> Any:
        """One channel with the gateways of both."""
        ...
