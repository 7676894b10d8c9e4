"""The values of what a provider says of a message: taken, delivered, absent, or in doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

#: One message in the provider's own form (JSON or form fields), without the recipient.
Part = Mapping[str, Any]


#: Field of a part with a stored file: its `name`, `media_type` and `filename`.
FILE: Final = "file"


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider accepted a message.

    Attributes:
        provider_id: its id at the provider, by which receipts refer to it.
    """

    provider_id: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt: how far a message came that the provider accepted.

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
class StillInDoubt:
    """The provider's answer leaves the message in doubt."""


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
    """The ways in which a channel's doubtful messages are settled.

    Attributes:
        receipt: seconds in which a receipt may still come; after that a person must judge. 0: this
            provider sends none.
        absent: seconds after which a message that the provider does not list was not taken; None:
            its messages cannot be looked up.
    """

    receipt: float
    absent: float | None = None
