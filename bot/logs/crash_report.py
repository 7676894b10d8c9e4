"""Reports an exception that ends a process or thread: its types and places, not its message.

Python would print the exception's message, and that may quote a customer.
"""

from __future__ import annotations

import sys
import threading
from types import TracebackType

import structlog

from bot.errors import LoketError

log = structlog.get_logger(__name__)


def install() -> None:
    """Has uncaught exceptions reported without their messages. Configure logging first."""
    sys.excepthook = _ended
    sys.unraisablehook = _ignored
    threading.excepthook = _thread_ended


def _ended(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    if isinstance(error, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
    elif isinstance(error, LoketError):
        # Its text is ours, and meant for the person who started the process.
        sys.stderr.write(f"{kind.__name__}: {error}\n")
    else:
        log.critical("process_failed", exc_info=error)


def _thread_ended(found: threading.ExceptHookArgs) -> None:
    if found.exc_value is not None and not isinstance(found.exc_value, SystemExit):
        log.critical("thread_failed", exc_info=found.exc_value)


def _ignored(found: sys.UnraisableHookArgs) -> None:
    if found.exc_value is not None:
        log.error("exception_ignored", exc_info=found.exc_value)
