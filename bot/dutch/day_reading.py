"""The value of words for a day: one day, the days they may mean, or a distance from another day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

#: What the words are: the name of a weekday alone, which fits any week; a day by its distance from
#: today; a day of a week that is named; a date; or several days.
Kind = Literal["weekday", "relative", "in_week", "date", "several"]
#: More days than this are not named one by one.
MOST_DAYS: Final = 31

_DAY: Final = r"\d{4}-\d\d-\d\d"
_ONE_OF: Final = re.compile(rf"\[{_DAY}(?:,{_DAY})*\]")
_SHIFT: Final = re.compile(r"(-?)P(\d{1,3})D")


@dataclass(frozen=True, slots=True)
class DayReading:
    """What words for a day mean.

    Attributes:
        days: the days that they may mean, the likeliest first; none for a day that does not exist.
        kind: what the words are.
    """

    days: tuple[date, ...]
    kind: Kind

    @property
    def is_open(self) -> bool:
        """Whether the customer has to be asked which day."""
        return len(self.days) > 1


def written(days: Iterable[date]) -> str:
    """Days as the value of an entity or slot, which JSON can hold.

    One day is ISO 8601 (`2026-12-01`); several are ISO 8601-2's "one of a set":
    `[2026-12-01,2026-12-02]`.

    Args:
        days: one or more, the likeliest first.
    """
    said = [day.isoformat() for day in days]
    return said[0] if len(said) == 1 else f"[{','.join(said)}]"


def days_in(value: object) -> tuple[date, ...]:
    """The days that `written` made into a value; none when it is no such value."""
    text = str(value)
    if not _ONE_OF.fullmatch(text) and not re.fullmatch(_DAY, text):
        return ()
    try:
        return tuple(map(date.fromisoformat, text.strip("[]").split(",")))
    except ValueError:
        return ()


def written_shift(shift: timedelta) -> str:
    """A distance in whole days as a value, by ISO 8601: `P1D`, `-P7D`."""
    return f"{'-' if shift.days < 0 else ''}P{abs(shift.days)}D"


def shift_in(value: object) -> timedelta | None:
    """The distance that `written_shift` made into a value; None when it is no such value."""
    found = _SHIFT.fullmatch(str(value))
    return timedelta(days=int(f"{found[1]}{found[2]}")) if found else None


def day_after(day: date, shift: timedelta) -> date | None:
    """A day moved; None where the calendar ends."""
    try:
        return day + shift
    except OverflowError:
        return None
