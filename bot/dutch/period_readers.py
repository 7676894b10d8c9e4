"""Turns the match of words for a period into its days: "volgende week", "begin december", "kerst".

The days that are past already are left out, where the period is not over.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from bot.dutch import holidays
from bot.dutch.date_patterns import month_number, number_of
from bot.dutch.date_readers import add_months, monday

_Match = re.Match[str]
_Days = tuple[date, ...]

#: Days of a week by the words for a part of it, as `date.weekday` counts them.
_WEEK_PARTS = {"begin": (0, 1), "mid": (1, 2, 3), "half": (1, 2, 3), "ein": (3, 4)}
#: How many days the beginning or the end of a month has, and how far "half" is from the 15th.
_MONTH_EDGE, _AROUND = 5, 2
_SATURDAY = 5


def _days(first: date, count: int) -> _Days:
    return tuple(first + timedelta(days=ahead) for ahead in range(count))


def _coming(days: Iterable[date], today: date) -> _Days:
    return tuple(day for day in days if day >= today)


def _is_next(words: str | None) -> bool:
    return "volgend" in (words or "").lower()


def week(match: _Match, today: date) -> _Days:
    """Reads `volgende week`, `van de week`, `over twee weken ergens`."""
    which = match["which"].lower()
    if which.startswith(("volgend", "komend", "aankomend")):
        return _days(monday(today, 1), 7)
    return _coming(_days(monday(today), 7), today)


def week_number(match: _Match, today: date) -> _Days:
    """Reads `week 50`, of ISO 8601: the coming one."""
    number = int(match["number"])
    for year in (today.year, today.year + 1):
        try:
            first = date.fromisocalendar(year, number, 1)
        except ValueError:
            continue
        if days := _coming(_days(first, 7), today):
            return days
    return ()


def workdays(_match: _Match, today: date) -> _Days:
    """Reads `doordeweeks`: the coming days from Monday to Friday."""
    days = _days(today + timedelta(days=1), 7)
    return tuple(day for day in days if day.weekday() < _SATURDAY)


def weekend(match: _Match, today: date) -> _Days:
    """Reads `dit weekend`, `komend weekend`; `volgend weekend` may be this one or the next."""
    which = (match["which"] or "").lower()
    this = _days(monday(today) + timedelta(days=_SATURDAY), 2)
    after = _days(monday(today, 1) + timedelta(days=_SATURDAY), 2)
    if "vorig" in which or "afgelopen" in which:
        return _days(monday(today, -1) + timedelta(days=_SATURDAY), 2)
    if "dit" in which:
        return _coming(this, today)
    started = today.weekday() >= _SATURDAY
    if "komend" in which:
        return after if started else this
    if _is_next(which):
        return after if started else (*after, *this)
    return (*_coming(this, today), *after) if started else this


def edge_of_week(match: _Match, today: date) -> _Days:
    """Reads `begin volgende week`, `eind van de week`; of a week whose end is past, the next."""
    edge, period = match["edge"].lower(), match["period"].lower()
    offsets = next(days for word, days in _WEEK_PARTS.items() if edge.startswith(word))
    start = monday(today, 1 if _is_next(period) or "komend" in period else 0)
    these = _coming((start + timedelta(days=each) for each in offsets), today)
    if these and not (edge.startswith("ein") and today.weekday() >= offsets[-1]):
        return these
    # "Eind van de week", said on Saturday: what is left of this one, or the end of the next.
    left = _coming(_days(monday(today) + timedelta(days=_SATURDAY), 2), today)
    following = tuple(monday(today, 1) + timedelta(days=each) for each in offsets)
    if start > today:
        return following
    return (*these, *left, *following) if edge.startswith("ein") else following


def edge_of_month(match: _Match, today: date) -> _Days:
    """Reads `eind van de maand`, `midden december`, `begin volgende maand`."""
    edge, period = match["edge"].lower(), match["period"].lower()
    if match["month"]:
        month = month_number(match["month"])
        firsts = [date(today.year + years, month, 1) for years in (0, 1)]
    else:
        start = today.replace(day=1)
        months = (1,) if _is_next(period) or "komend" in period else (0, 1)
        firsts = [add_months(start, each) for each in months]
    for first in firsts:
        last = monthrange(first.year, first.month)[1]
        if edge.startswith("begin"):
            days = _days(first, _MONTH_EDGE)
        elif edge.startswith("ein"):
            days = _days(first.replace(day=last - _MONTH_EDGE + 1), _MONTH_EDGE)
        else:
            days = _days(first.replace(day=15 - _AROUND), 2 * _AROUND + 1)
        if coming := _coming(days, today):
            return coming
    return ()


def about(match: _Match, today: date) -> _Days:
    """Reads `over een dag of tien`, `over ongeveer twee weken`: the days around that one."""
    count = number_of(match["count"])
    weeks = match["unit"].lower().startswith("we")
    middle = today + timedelta(days=count * (7 if weeks else 1))
    around = 2 if weeks else 1
    return _coming(_days(middle - timedelta(days=around), 2 * around + 1), today)


def a_few(match: _Match, today: date) -> _Days:
    """Reads `over een paar dagen`, `over anderhalve week`."""
    unit = match["unit"].lower()
    if match["few"].lower().startswith("anderhalve"):
        return _days(today + timedelta(days=10), 2) if unit.startswith("we") else ()
    if unit.startswith("we"):
        return _days(today + timedelta(days=14), 8)
    return _days(today + timedelta(days=2), 3)


def holiday(match: _Match, today: date) -> _Days:
    """Reads `tweede kerstdag`, `met Pasen`."""
    return holidays.coming(match["name"], today)
