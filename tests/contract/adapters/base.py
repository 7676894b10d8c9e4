"""What `tests/contract/test_channels.py` needs to know of a channel to put it to the test.

Each `tests/contract/adapters/<channel>.py` has `ADAPTERS: tuple[Adapter, ...]`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, Protocol, runtime_checkable

from tests.support.assistant_root import ROOT

#: How a provider misbehaves for one request.
Trouble = Literal["429", "500", "html", "hang", "close"]


@dataclass(frozen=True, slots=True)
class Call:
    """An HTTP request of a provider to Loket."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that the fake provider took.

    Attributes:
        recipient: whom it is for.
        text: what the customer reads.
        titles: titles of the buttons or rows, in order.
        callbacks: what tapping each of them gives back.
        provider_id: the id the provider gave it.
        key: our own id of it, where the provider keeps one for its receipts.
        refused: the error code with which the provider refuses it after it took it; empty: it goes
            out.
    """

    recipient: str
    text: str
    titles: tuple[str, ...] = ()
    callbacks: tuple[str, ...] = ()
    provider_id: str = ""
    key: str = ""
    refused: str = ""


#: Why a provider refuses a message after it took it.
Why = Literal["trouble", "unreachable", "opted_out"]
Settles = Literal["receipt", "lookup", "nothing"]


class Provider(Protocol):
    """A fake provider: a strict server in a thread, on a port of its own.

    Attributes:
        url: what the channel's `..._URL` variable must be.
        accepted: what it took, in order.
        requests: how many requests to send a message came in, refused ones too.
    """

    url: str
    accepted: list[Accepted]
    requests: int

    def misbehave(self, *troubles: Trouble) -> None:
        """The next requests to send go wrong in these ways, one each, in order."""
        ...

    def close(self) -> None:
        """Stops the server and whatever hangs in it."""
        ...


@runtime_checkable
class RefusesLater(Protocol):
    """A fake provider that can refuse a message after it took it, as those with receipts do."""

    def refuse_later(self, *codes: str) -> None:
        """The next messages are taken, and refused afterwards with these codes, one each."""
        ...


class Adapter(Protocol):
    """One channel as its provider uses it.

    Attributes:
        id: name in the test's output, such as `sms-twilio`.
        channel: name of the channel.
        key: its class in credentials.yml, such as `channels.whatsapp.WhatsApp`.
        sender: a customer's address, as it comes in messages and as the conversation keeps it.
        late: the provider's error codes for why it refuses a message after it took it, as far as
            it tells.
        settles: how a message in doubt becomes clear: by a receipt that names our key, because it
            can be looked up at the provider, or not at all.
    """

    id: str
    channel: str
    key: str
    sender: str
    late: Mapping[Why, str]
    settles: Settles

    def root(self) -> Path:
        """Folder with the `credentials.yml` that names it, and an assistant."""
        ...

    def senders(self, count: int) -> Sequence[str]:
        """The addresses of so many other customers."""
        ...

    def provider(self) -> Provider:
        """Starts a fake provider."""
        ...

    def environment(self, provider: Provider) -> dict[str, str]:
        """The variables that credentials.yml names, pointing at the fake provider."""
        ...

    def text(self, message_id: str, text: str, sender: str = "") -> Call:
        """A customer's text message; `sender` defaults to the adapter's."""
        ...

    def tap(self, message_id: str, on: Accepted, index: int) -> Call | None:
        """A tap on a button or row that was sent; None when the channel has none."""
        ...

    def batch(self, texts: Sequence[tuple[str, str]]) -> Sequence[Call]:
        """Messages (id, text) of the adapter's sender in as few requests as the provider may use.

        For WhatsApp spread over several entries, changes and messages.
        """
        ...

    def signed(self, body: Any) -> Call:
        """A well-signed message request with any body, for fuzzing.

        Args:
            body: `bytes`, or a JSON value that the adapter puts into its provider's form.
        """
        ...

    def forged(self) -> Sequence[Call]:
        """Valid messages with a changed body, a wrong signature, and none."""
        ...

    def edit(self, message_id: str, text: str) -> Call | None:
        """The adapter's sender changes a message's words; None when the provider never tells."""
        ...

    def unknown(self) -> Sequence[Call]:
        """Well-signed events that are no message: what customers do, and what nobody has heard of.

        Each must be acknowledged and keep nothing.
        """
        ...

    def strange(self) -> Mapping[str, Call]:
        """Well-signed messages of kinds that nobody has heard of, by the name for the log.

        Each must be kept, so that it is answered, and its kind logged.
        """
        ...

    def status(
        self, accepted: Accepted, status: Literal["sent", "delivered", "read", "failed"]
    ) -> Call | None:
        """A receipt for a message; None when the provider sends none of this kind.

        `failed` comes with the code by which the message is refused, or any.
        """
        ...


class SendsFiles(Adapter, Protocol):
    """A channel whose customers send files that a person can be shown."""

    def file(self, provider: Any, message_id: str, data: bytes, kind: str) -> Call:
        """A customer's file without a word; the provider keeps it from now on.

        Args:
            provider: the adapter's fake provider.
            message_id: the provider's id of the message.
            data: the file.
            kind: `photo`, `document` or `voice`: what the customer's app takes it for.
        """
        ...


class Shipped:
    """What adapters of the channels that ship with Loket have in common; see `Adapter`."""

    sender: str
    late: Mapping[Why, str] = MappingProxyType({})
    settles: Settles = "receipt"

    def root(self) -> Path:
        return ROOT

    def strange(self) -> Mapping[str, Call]:
        return {}

    def edit(self, message_id: str, text: str) -> Call | None:
        return None

    def senders(self, count: int) -> Sequence[str]:
        return [f"{self.sender}{number}" for number in range(10, 10 + count)]
