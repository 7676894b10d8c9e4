"""Logging: structlog and standard logging in one stream on stderr, without personal data."""

from __future__ import annotations

import logging
import os
import re
import sys
from typing import TYPE_CHECKING

import structlog

from bot.privacy import describe_error, mask, mask_text

if TYPE_CHECKING:
    from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

#: What libraries read at import: no usage statistics to Rasa's makers, no start-up chatter.
_QUIET_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}

#: Libraries whose everyday remarks say nothing to who runs Loket, or quote what customers write.
_QUIET_LIBRARIES = (
    "absl",
    "alembic",
    "apscheduler",
    "asyncio",
    "h5py",
    "matplotlib",
    "pykwalify",
    "rasa",
    "rasa_sdk",
    "sanic.access",
    "sanic.root",
    "sqlalchemy",
    "tensorflow",
)

#: Fields that Loket or structlog sets itself and whose values are safe by construction.
_SAFE_FIELDS = frozenset({"level", "logger", "timestamp"})


def quiet_libraries() -> None:
    """Sets what Rasa, TensorFlow and SQLAlchemy read when they are imported; call it before that.

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


#: What is not for who runs Loket: plans of libraries, and what Rasa and Sanic say at every start.
_NO_CONCERN = re.compile(
    r"(?:Deprecation|Future)Warning:|Slot auto-fill has been removed|running in PRODUCTION mode"
)


def _concerns_us(record: logging.LogRecord) -> bool:
    return not _NO_CONCERN.search(record.getMessage())


def _exception_is_an_error(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """`log.exception(...)` has no level of its own."""
    if event.get("level") == "exception":
        event["level"] = "error"
    return event


def _exception(exc_info: ExcInfo) -> str:
    return describe_error(exc_info[1])


def _first_line(record: logging.LogRecord) -> bool:
    """Asyncio's further lines show the exception of a lost task, text and all."""
    record.msg, record.args = record.getMessage().partition("\n")[0], None
    return True


def configure(level: str = "INFO", form: str = "auto") -> None:
    """Sends all logging of this process to standard error.

    Args:
        level: least important level shown: DEBUG, INFO, WARNING or ERROR. The libraries' own lines
            appear from WARNING on, and at DEBUG all of them.
        form: `json` (one object a line), `console` (for people), or `auto`: console on a terminal.
    """
    quiet_libraries()
    console = form == "console" or (form == "auto" and sys.stderr.isatty())
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
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_personal_data,
                renderer,
            ],
        )
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.captureWarnings(True)
    for name in ("py.warnings", "sanic.error"):
        logging.getLogger(name).addFilter(_concerns_us)
    logging.getLogger("asyncio").addFilter(_first_line)
    for name in _QUIET_LIBRARIES:
        library = logging.getLogger(name)
        library.handlers.clear()  # Sanic and others print by themselves, past the masking
        library.propagate = True
        library.setLevel(logging.DEBUG if level == "DEBUG" else logging.WARNING)
    # Rasa's own debug lines quote what customers write.
    logging.getLogger("rasa").setLevel(logging.INFO if level == "DEBUG" else logging.WARNING)
