"""The errors of sending a message: each says the caller's next move."""

from __future__ import annotations

from bot.errors import LoketError


class SendError(LoketError):
    """A message was not accepted. Each subclass says the caller's next move.

    Attributes:
        code: the provider's error code or a word of ours, for `loket outbox`; never personal.
    """

    def __init__(self, code: str = "") -> None:
        super().__init__(f"{type(self).__name__} {code}".strip())
        self.code = code


class Throttled(SendError):
    """The provider was sent messages too fast. Retry after a while.

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


class FileGone(LoketError):
    """A file is not, or no longer, to be had from the provider. Give up."""


class FileTooLarge(LoketError):
    """A file is larger than is asked for. Give up."""


class BadCredentials(SendError):
    """The provider refuses our token. Alarm a person, stop this channel for a while, retry."""
