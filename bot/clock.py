"""The clock: the one place where Loket asks what time it is.

Whatever goes by the calendar asks here: opening hours, how long a customer was silent, what
"tomorrow" is, when a timer is due, what is written into a database. So one move shows what Loket
does six hours later (`loket chat --json`, tests). How long something takes is measured with
`time.monotonic`, which nothing moves. `tests/unit/project/test_clock.py` refuses every other clock,
with a short list of exceptions.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


class _Ahead:
    """How far the clock of this process is ahead of the real one; below zero: behind."""

    by = timedelta()
    seconds = 0.0


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC) + _Ahead.by


def seconds() -> float:
    """The present in seconds since 1970, as `time.time` has it."""
    return time.time() + _Ahead.seconds


def ahead() -> timedelta:
    """How far the clock is ahead of the real one."""
    return _Ahead.by


def move(by: timedelta) -> None:
    """Sets the clock of this whole process ahead of the real one; zero puts it right.

    Args:
        by: how far, in all; below zero: behind.
    """
    _Ahead.by, _Ahead.seconds = by, by.total_seconds()


def move_to(moment: datetime) -> None:
    """Has it be a moment now; from there the clock goes on.

    Args:
        moment: aware.
    """
    move(moment - datetime.now(UTC))


@contextmanager
def moved(by: timedelta) -> Iterator[None]:
    """The clock is ahead of the real one within the block, and as it was behind it.

    Args:
        by: as `move`.
    """
    before = _Ahead.by
    move(by)
    try:
        yield
    finally:
        move(before)
