"""Reads the words in front of a day that make others of it: "vanaf vrijdag", "de dag na kerst"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from bot.dutch.day_reading import MOST_DAYS, DayReading
from bot.dutch.span import TextSpan

Days = tuple[date, ...]

#: So many days are meant by "vanaf" and "na".
_OPEN_END: Final = 7
_ONE: Final = timedelta(days=1)
#: Characters before a day in which these words stand.
_BEFORE: Final = 60
_IN: Final = r"\s+(?:op\s+)?(?:de\s+|het\s+|'t\s+)?$"
_V66R: Final = r"(?:v[oó]{2}r)"


def _from(days: Days, _: date) -> Days:
    """From the first of them on."""
    first = min(days)
    return tuple(first + _ONE * ahead for ahead in range(max(_OPEN_END, len(days))))


def _first_run(days: Days) -> Days:
    """The first of them that follow each other: of this weekend and the next, this one."""
    found = [min(days)]
    while found[-1] + _ONE in days:
        found.append(found[-1] + _ONE)
    return tuple(found)


def _after(days: Days, _: date) -> Days:
    last = _first_run(days)[-1]
    return tuple(last + _ONE * ahead for ahead in range(1, _OPEN_END + 1))


def _until(days: Days, today: date) -> Days:
    """Up to and with the last of them, which comes first."""
    last = max(days)
    return (last, *_up_to(last, today)) if last > today else days


def _before(days: Days, today: date) -> Days:
    """Before the first run of them that has not begun."""
    begins = (day for day in days if day > today and day - _ONE not in days)
    first = min(begins, default=min(days))
    return _up_to(first, today)


def _for_or_before(days: Days, today: date) -> Days:
    """Of one day it may mean for that day as well: "voor vrijdag"; of several only before them."""
    return _until(days, today) if len(days) == 1 else _before(days, today)


def _up_to(day: date, today: date) -> Days:
    """The days between today and a day, without both; the last first."""
    return tuple(day - _ONE * back for back in range(1, min((day - today).days, MOST_DAYS)))


def _around(days: Days, _: date) -> Days:
    return tuple(dict.fromkeys((*days, min(days) - _ONE, max(days) + _ONE)))


def _next_day(days: Days, _: date) -> Days:
    return (max(days) + _ONE,)


def _day_before(days: Days, _: date) -> Days:
    return (min(days) - _ONE,)


def _week_after(days: Days, _: date) -> Days:
    monday = max(days) - timedelta(days=max(days).weekday()) + timedelta(weeks=1)
    return tuple(monday + _ONE * ahead for ahead in range(7))


def _week_before(days: Days, _: date) -> Days:
    monday = min(days) - timedelta(days=min(days).weekday()) - timedelta(weeks=1)
    return tuple(monday + _ONE * ahead for ahead in range(7))


def _week_of(days: Days, _: date) -> Days:
    monday = min(days) - timedelta(days=min(days).weekday())
    return tuple(monday + _ONE * ahead for ahead in range(7))


_Bound = Callable[[Days, date], Days]
#: Pattern of the words in front, and the days that they make; the first that matches counts.
_BOUNDS: Final[tuple[tuple[re.Pattern[str], _Bound], ...]] = tuple(
    (re.compile(rf"\b{pattern}{_IN}", re.IGNORECASE), bound)
    for pattern, bound in (
        (r"(?:de\s+)?(?:dag|daags)\s+na", _next_day),
        (rf"(?:de\s+)?(?:dag|daags)\s+{_V66R}", _day_before),
        (r"(?:de\s+)?week\s+na", _week_after),
        (rf"(?:de\s+)?week\s+{_V66R}", _week_before),
        (r"(?:de\s+)?week\s+van", _week_of),
        (rf"niet\s+(?:{_V66R}|eerder\s+dan)", _from),
        (r"niet\s+(?:na|later\s+dan)", _until),
        (r"(?:vanaf|op\s+(?:zijn|z'?n)\s+vroegst|(?:op\s+)?ten\s+vroegste|vroegst)", _from),
        (r"(?:na|later\s+dan)", _after),
        (r"(?:vóór|eerder\s+dan)", _before),
        (r"voor", _for_or_before),
        (
            (
                r"(?:uiterlijk|tot(?:\s+en\s+met)?|t/m|op\s+(?:zijn|z'?n)\s+laatst|ten\s+laatste"
                r"|tussen\s+nu\s+en)"
            ),
            _until,
        ),
        (r"(?:rond|omstreeks|ongeveer|circa|plusminus|zo\s+rond)", _around),
    )
)
_WEEKDAY_BESIDE: Final = re.compile(r"\s+(?P<side>na|v[oó]{2}r)\s+(?:de\s+|het\s+)?", re.IGNORECASE)


def bounded(text: str, span: TextSpan[Days], today: date) -> TextSpan[Days]:
    """A day or days with what the words in front of them make of them.

    Args:
        text: what the customer wrote.
        span: the words for the days.
        today: the day it is.
    """
    if not span.value:
        return span
    start = max(0, span.start - _BEFORE)
    for pattern, bound in _BOUNDS:
        if (match := pattern.search(text, start, span.start)) is not None:
            days = bound(span.value, today)
            return TextSpan(days, match.start(), span.end)
    return span


def weekday_beside(
    text: str, one: TextSpan[DayReading], other: TextSpan[DayReading]
) -> date | None:
    """The weekday before or after another day: "de maandag na kerst"; None when it is not that.

    Args:
        text: what the customer wrote.
        one: the words for the first day.
        other: the words for the other day.
    """
    found = _WEEKDAY_BESIDE.fullmatch(text, one.end, other.start)
    if found is None or one.value.kind != "weekday" or not other.value.days:
        return None
    weekday = one.value.days[0].weekday()
    if found["side"].lower() == "na":
        last = max(other.value.days)
        return last + timedelta(days=(weekday - last.weekday() - 1) % 7 + 1)
    first = min(other.value.days)
    return first - timedelta(days=(first.weekday() - weekday - 1) % 7 + 1)
