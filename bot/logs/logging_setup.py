"""Logging: structlog and standard logging in one stream on stderr, without personal data."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
from typing import TYPE_CHECKING, Any

import structlog

from bot.logs import crash_report
from bot.logs.library_lines import OWN, is_own, without_fields, without_values
from bot.logs.personal_data import describe_error, mask, mask_text
from bot.logs.tracebacks import Tracebacks

if TYPE_CHECKING:
    from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

#: What libraries read at import: no usage statistics to Rasa's makers, no start-up chatter.
_QUIET_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "SANIC_IGNORE_PRODUCTION_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}

#: Libraries that add handlers when they are imported, unless there are some.
_PRINTING = ("absl", "rasa", "rasa_sdk", "sanic.access", "sanic.error", "sanic.root", "tensorflow")

#: Always this list: a logger that was used once keeps it, and follows what is configured later.
_PROCESSORS: list[Processor] = []

#: Fields that Loket or structlog sets itself and whose values are safe by construction.
_SAFE_FIELDS = frozenset({"level", "logger", "timestamp"})


def quiet_libraries() -> None:
    """Sets what Rasa, TensorFlow, Sanic and SQLAlchemy read at their import; call it before that.

    A variable that is set already is left alone.
    """
    for name, value in _QUIET_ENVIRONMENT.items():
        os.environ.setdefault(name, value)


def without_personal_data(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Structlog processor that masks personal data in every field of an event."""
    for field, value in event.items():
        if field == "event":
            event[field] = mask_text(str(value))
        elif field not in _SAFE_FIELDS and not field.startswith("_"):
            event[field] = mask(value, field)
    return event


#: Warnings that no operator can act upon: plans of libraries, and what Rasa says at every start.
NO_CONCERN = re.compile(r"(?:Deprecation|Future)Warning:|Slot auto-fill has been removed")


def _concerns_us(record: logging.LogRecord) -> bool:
    return not NO_CONCERN.search(record.getMessage())


def _exception_is_an_error(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Structlog processor that gives `log.exception(...)` the level `error`."""
    if event.get("level") == "exception":
        event["level"] = "error"
    return event


def _exception(exc_info: ExcInfo) -> str:
    return describe_error(exc_info[1])


class _Handler(logging.StreamHandler[Any]):
    """Writes log lines to a stream; a line that cannot be written is reported without values."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Writes that a line could not be written; logging itself would print its arguments."""
        with contextlib.suppress(OSError, ValueError):  # nobody reads it any more
            self.stream.write(f"logging_failed {record.filename}:{record.lineno}\n")


def _from_warning_on(record: logging.LogRecord) -> bool:
    """Whether a line is shown: ours always, a library's from WARNING on, whatever its level."""
    return is_own(record.name) or record.levelno >= logging.WARNING


def configure(level: str = "INFO", form: str = "auto", *, tracebacks: bool = False) -> None:
    """Sends all logging of this process to standard error, also the exception that ends it.

    Args:
        level: least important level shown of Loket's own lines: DEBUG, INFO, WARNING or ERROR. A
            library's lines appear from WARNING on, at every level: what it was written to say, and
            where, never the values in it.
        form: `json` (one object a line), `console` (for people), or `auto`: console on a terminal.
        tracebacks: print whole tracebacks as well, with the words and values in them.
    """
    quiet_libraries()
    console = form == "console" or (form == "auto" and sys.stderr.isatty())
    printed: list[Processor] = [Tracebacks()] if tracebacks else []
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        _exception_is_an_error,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if console else "iso", utc=not console),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.ExceptionRenderer(_exception),
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if console
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    handler = _Handler(sys.stderr)
    handler.addFilter(_from_warning_on)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*printed, without_values, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_personal_data,
                renderer,
            ],
        )
    )
    _PROCESSORS[:] = [
        structlog.stdlib.filter_by_level,
        *printed,
        without_fields,
        structlog.stdlib.PositionalArgumentsFormatter(),
        *shared,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ]
    structlog.configure(
        processors=_PROCESSORS,
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    _take_over_libraries()
    logging.basicConfig(handlers=[handler], level=max(logging.WARNING, _number(level)), force=True)
    for name in OWN:
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").addFilter(_concerns_us)
    crash_report.install()


def _take_over_libraries() -> None:
    """Has libraries log through the root: some have a handler or a level of their own."""
    names = {*logging.root.manager.loggerDict, *_PRINTING}
    for library in map(logging.getLogger, names):
        if not is_own(library.name):
            library.handlers.clear()
            library.propagate = True
            library.setLevel(logging.NOTSET)


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level]
