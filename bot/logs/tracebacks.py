"""Prints whole tracebacks, with the words and values in them, for a developer's own try-outs.

Only a command that somebody starts by hand asks for it, with an option: no setting does, so that no
service can be left with it.
"""

from __future__ import annotations

import logging
import sys
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from structlog.typing import EventDict, WrappedLogger


class Tracebacks:
    """Structlog processor that prints the traceback of what a line is about, and leaves the line.

    It is of the exception that the line is logged with, or the one that is being handled.
    """

    def __init__(self) -> None:
        """Nothing is printed yet."""
        self._printed: BaseException | None = None

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
        """Prints to standard error; an exception that several lines tell of only once."""
        record, error = event.get("_record"), sys.exception()
        given = record.exc_info if isinstance(record, logging.LogRecord) else event.get("exc_info")
        if isinstance(given, tuple) and given[1] is not None:
            error = given[1]
        elif isinstance(given, BaseException):
            error = given
        if error is not None and error is not self._printed:
            self._printed = error
            traceback.print_exception(error)
        return event
