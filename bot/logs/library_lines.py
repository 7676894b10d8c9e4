"""Takes the values out of a library's log line: the words in its source and their place remain.

A library logs what it handles: the parameters of a statement, the address of a request, the text
it could not parse. No list of libraries, levels or fields keeps up with that. But what a developer
wrote down before anybody was a customer is in the program itself: a line is shown when it is, to
the letter, a constant of the function that logs it, before any value is put into it.
"""

from __future__ import annotations

import re
import sys
from types import FrameType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from logging import LogRecord

    from structlog.typing import EventDict, WrappedLogger

#: Where Loket's own loggers begin (`__main__` is a command of ours): what they say is chosen each
#: time, and masked.
OWN: Final = ("__main__", "actions", "bot", "channels")
#: In place of words that may hold a value.
WITHHELD: Final = "(words withheld)"

# Put together by `asyncio`, with a task and its coroutine's arguments after these words.
_ASYNCIO: Final = re.compile(
    r"\w+ exception was never retrieved|Exception in callback|Unclosed \w+"
)
# As `warnings.formatwarning` makes it.
_WARNING: Final = re.compile(r"(?P<path>[^\n]*?):(?P<line>\d+): (?P<category>\w+):")


def is_own(name: str) -> bool:
    """Whether a logger of this name is Loket's own."""
    return name.partition(".")[0] in OWN


def without_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Structlog processor for lines of standard logging; to be run where the line is logged."""
    record: LogRecord = event["_record"]
    if is_own(record.name):
        return event
    if record.name == "py.warnings":
        event.update(_warning(record))
    elif record.name == "asyncio" and (known := _ASYNCIO.match(str(record.msg))):
        event["event"] = known[0]
    else:
        event["event"] = _words(_where(record), record.msg)
        event["at"] = f"{record.filename}:{record.lineno}"
    return event


def without_fields(logger: WrappedLogger, _: str, event: EventDict) -> EventDict:
    """Structlog processor for lines of libraries that use structlog themselves, as Rasa does."""
    if is_own(logger.name):
        return event
    frame = _caller()
    name = frame.f_code.co_filename.rpartition("/")[2]
    kept: EventDict = {"event": _words(frame, event.get("event")), "at": f"{name}:{frame.f_lineno}"}
    if "exc_info" in event:
        kept["exc_info"] = event["exc_info"]
    return kept


def _words(frame: FrameType | None, said: object) -> str:
    if frame is not None and isinstance(said, str) and said in frame.f_code.co_consts:
        return said
    return WITHHELD


def _where(record: LogRecord) -> FrameType | None:
    """The frame that logs a record; None when the record was made elsewhere."""
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - as logging itself does
    while frame is not None:
        if frame.f_code.co_filename == record.pathname and frame.f_lineno == record.lineno:
            return frame
        frame = frame.f_back
    return None


def _caller() -> FrameType:
    """The frame that called structlog."""
    frame = sys._getframe(2)  # noqa: SLF001 - as structlog itself does
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("structlog"):
        frame = frame.f_back
    return frame


def _warning(record: LogRecord) -> dict[str, str]:
    found = _WARNING.match(record.getMessage())
    if found is None:
        return {"event": WITHHELD}
    place = f"{found['path'].rpartition('/')[2]}:{found['line']}"
    return {"event": found["category"], "at": place}
