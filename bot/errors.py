"""Loket's errors. Each says in its class what the caller should do next: mend, reject or retry."""

from __future__ import annotations


class LoketError(Exception):
    """Base of all errors Loket raises on purpose. The message is a full sentence for a person."""

    #: Exit code of the command line when this error ends it (see `sysexits.h`).
    exit_code = 1


class ConfigurationError(LoketError):
    """A setting or content file is wrong; the message names it and the way out. Mend it."""

    exit_code = 78


class ModelMissing(LoketError):
    """There is no usable model. Train one."""

    exit_code = 69


class Rejected(LoketError):
    """A request that must not be served.

    Attributes:
        status: HTTP status code, 400 to 499.
        retry_after: seconds to wait before trying again, or None.
    """

    def __init__(self, message: str, status: int = 400, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after
