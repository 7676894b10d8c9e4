"""Logging as it was, after a test that configured it: levels of libraries outlive a test else."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict


@contextmanager
def logging_restored() -> Iterator[None]:
    """Puts every logger back as it was, and those that came since to their beginnings."""
    before = {each: _state(each) for each in _loggers()}
    try:
        yield
    finally:
        logging.captureWarnings(False)
        for each in _loggers():
            handlers, each.level, each.propagate = before.get(each, ([], logging.NOTSET, True))
            each.handlers[:] = handlers
        logging.getLogger().manager._clear_cache()  # type: ignore[attr-defined]
        _forget_structlog()


@contextmanager
def debug_unwritten() -> Iterator[None]:
    """Rasa tells all slots at every step; writing that takes longer than the turn."""
    processors = structlog.get_config()["processors"]
    processors.insert(0, _no_debug)
    try:
        yield
    finally:
        processors.remove(_no_debug)


def _no_debug(_: object, method: str, event: EventDict) -> EventDict:
    if method == "debug":
        raise structlog.DropEvent
    return event


def _forget_structlog() -> None:
    """Structlog's defaults, in the list that loggers keep which were used meanwhile."""
    kept = structlog.get_config()["processors"]
    structlog.reset_defaults()
    kept[:] = structlog.get_config()["processors"]
    structlog.configure(processors=kept)


def _loggers() -> list[logging.Logger]:
    known = logging.root.manager.loggerDict.values()
    return [logging.root, *(each for each in known if isinstance(each, logging.Logger))]


def _state(logger: logging.Logger) -> tuple[list[logging.Handler], int, bool]:
    return logger.handlers[:], logger.level, logger.propagate
