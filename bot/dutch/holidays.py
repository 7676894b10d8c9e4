"""The days that have a name in the Dutch calendar: "tweede kerstdag", "met Pasen", "oudjaar"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

_Rule = Callable[[int], tuple[date, ...]]


def easter(year: int) -> date:
    """Easter Sunday of a year, by the Gregorian computus (Meeus, Jones, Butcher)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    moon = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _fixed(month: int, *days: int) -> _Rule:
    return lambda year: tuple(date(year, month, day) for day in days)


def _from_easter(*offsets: int) -> _Rule:
    return lambda year: tuple(easter(year) + timedelta(days=offset) for offset in offsets)


def _kings_day(year: int) -> tuple[date, ...]:
    """27 April; the day before when that is a Sunday."""
    day = date(year, 4, 27)
    return (day - timedelta(days=1) if day.weekday() == 6 else day,)


_FIRST: Final = r"(?:eerste|1e|1ste)\s+"
_SECOND: Final = r"(?:tweede|2e|2de)\s+"
#: Pattern of a name and the day of a year that has it.
_ONE_DAY: Final[dict[str, _Rule]] = {
    rf"{_FIRST}kerstdag": _fixed(12, 25),
    rf"{_SECOND}kerstdag": _fixed(12, 26),
    r"kerst(?:avond|nacht)": _fixed(12, 24),
    r"sinterklaas(?:avond)?": _fixed(12, 5),
    r"oude?jaar(?:savond|sdag)?|oud\s?(?:en|&)\s?nieuw": _fixed(12, 31),
    r"nieuwjaar(?:sdag)?": _fixed(1, 1),
    r"konings?dag": _kings_day,
    r"dodenherdenking": _fixed(5, 4),
    r"bevrijdingsdag": _fixed(5, 5),
    r"goede\s+vrijdag": _from_easter(-2),
    rf"{_FIRST}paasdag": _from_easter(0),
    rf"{_SECOND}paasdag|paasmaandag": _from_easter(1),
    r"hemelvaart(?:sdag)?": _from_easter(39),
    rf"{_FIRST}pinksterdag": _from_easter(49),
    rf"{_SECOND}pinksterdag|pinkstermaandag": _from_easter(50),
}
#: The same for names of several days.
_DAYS: Final[dict[str, _Rule]] = {
    r"(?:de\s+)?kerst(?:mis|dag(?:en)?)?": _fixed(12, 25, 26),
    r"pasen|paasdagen": _from_easter(0, 1),
    r"pinksteren|pinksterdagen": _from_easter(49, 50),
}
_COMPILED: Final = tuple(
    (re.compile(name, re.IGNORECASE), rule) for name, rule in (_ONE_DAY | _DAYS).items()
)
#: Patterns of the names of one day, and of those of several, without groups.
NAME_OF_DAY: Final = rf"(?:{'|'.join(_ONE_DAY)})"
NAME_OF_DAYS: Final = rf"(?:{'|'.join(_DAYS)})"


def coming(name: str, today: date) -> tuple[date, ...]:
    """The days with a name, of the first year in which one of them is not past.

    Args:
        name: words that one of the patterns matches.
        today: the day it is.
    """
    rule = next(rule for pattern, rule in _COMPILED if pattern.fullmatch(name))
    years = (today.year, today.year + 1)
    found = ([day for day in rule(year) if day >= today] for year in years)
    return tuple(next(days for days in found if days))
