"""Turns the match of a written date into a day, a function for each way of writing one."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from bot.dutch.date_patterns import month_number, number_of, weekday_number

_Match = re.Match[str]

#: A day and month without a year is the coming one, unless it was at most this many days ago.
RECENT_DAYS = 60


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(month: int, day: int, today: date) -> date | None:
    """The date of a day and month without a year: one of the recent past, else the next."""
    for year in (today.year - 1, today.year, today.year + 1, today.year + 2):
        found = _day(year, month, day)
        if found is not None and found >= today - timedelta(days=RECENT_DAYS):
            return found
    return None  # 29 February more than two years away


def _next_weekday(weekday: int, after: date) -> date:
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def _monday(today: date, weeks: int = 0) -> date:
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


def _add_months(today: date, months: int) -> date:
    years, month = divmod(today.month - 1 + months, 12)
    year = today.year + years
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def iso(match: _Match, _today: date) -> date | None:
    """Reads `2026-11-29`."""
    return _day(int(match["year"]), int(match["month"]), int(match["day"]))


def numeric(match: _Match, today: date) -> date | None:
    """Reads `29-11`, `29/11/26` and `29.11.2026`."""
    day, month, year = int(match["day"]), int(match["month"]), match["year"]
    if not year:
        return _nearest(month, day, today) if 1 <= month <= 12 else None
    return _day(int(year) + (2000 if len(year) == 2 else 0), month, day)


def written(match: _Match, today: date) -> date | None:
    """Reads `29 november`, with a year or without."""
    day, month, year = number_of(match["day"]), month_number(match["month"]), match["year"]
    return _day(int(year), month, day) if year else _nearest(month, day, today)


def day_of_month(match: _Match, today: date) -> date | None:
    """Reads `de 15e`: the coming one, in this month or the first that has that day."""
    for months in range(4):
        first = _add_months(today.replace(day=1), months)
        found = _day(first.year, first.month, number_of(match["day"]))
        if found is not None and found >= today:
            return found
    return None


#: Words for a day near today, and how many days it is from today.
RELATIVE = {
    "eergisteren": -2, "gisteren": -1, "gister": -1, "vandaag": 0, "vanavond": 0, "vanmiddag": 0,
    "vanochtend": 0, "vanmorgen": 0, "vannacht": 0, "morgen": 1, "overmorgen": 2,
}  # fmt: skip


def relative(match: _Match, today: date) -> date:
    """Reads a word of `RELATIVE`, such as `morgenavond`."""
    word = match["word"].lower()
    offset = next(days for name, days in RELATIVE.items() if word.startswith(name))
    return today + timedelta(days=offset)


def ahead(match: _Match, today: date) -> date | None:
    """Reads `over drie dagen`, `over een week`, `3 dagen geleden`."""
    count, unit = number_of(match["count"]), match["unit"].lower()
    sign = -1 if match.groupdict().get("ago") else 1
    if count > 366:
        return None
    if unit.startswith("maand"):
        return _add_months(today, sign * count)
    return today + timedelta(days=sign * count * (7 if unit.startswith("we") else 1))


def weekday_of_week(match: _Match, today: date) -> date:
    """Reads `vrijdag volgende week`, `over twee weken op vrijdag`."""
    which = match["which"].lower()
    weeks = 2 if "over" in which else 0 if which.startswith(("deze", "dees", "van deze")) else 1
    if "twee" in which or "2" in which:
        weeks = 2
    if which.startswith(("vorige", "afgelopen")):
        weeks = -1
    return _monday(today, weeks) + timedelta(days=weekday_number(match["weekday"]))


def weekday_in_weeks(match: _Match, today: date) -> date:
    """Reads `vrijdag over een week`: the coming Friday and then so many weeks."""
    coming = _next_weekday(weekday_number(match["weekday"]), today)
    return coming + timedelta(weeks=number_of(match["count"]))


def weekday(match: _Match, today: date) -> date:
    """Reads `vrijdag`, `volgende vrijdag`, `afgelopen vrijdag`."""
    weekday, which = weekday_number(match["weekday"]), (match["which"] or "").lower()
    if which.startswith(("afgelopen", "vorige", "voorbije")):
        return _next_weekday(weekday, today - timedelta(days=8))
    if which.startswith("volgende"):
        # Of two readings the one most people mean: the day in next week, not the first to come.
        return _monday(today, 1) + timedelta(days=weekday)
    return _next_weekday(weekday, today)


def edge(match: _Match, today: date) -> date | None:
    """Reads `eind van de maand`, `begin volgende week`, `midden november`."""
    edge, period = match["edge"].lower(), match["period"].lower()
    shift = 1 if "volgend" in period else 0
    if "week" in period:
        offset = 0 if edge.startswith("begin") else 2 if edge.startswith(("mid", "half")) else 4
        return _monday(today, shift) + timedelta(days=offset)
    if match["month"]:
        first = _nearest(month_number(match["month"]), 28, today)
        first = first.replace(day=1) if first else today
    else:
        first = _add_months(today.replace(day=1), shift)
    if edge.startswith("begin"):
        return first
    last = monthrange(first.year, first.month)[1]
    return first.replace(day=15 if edge.startswith(("mid", "half")) else last)


def weekend(match: _Match, today: date) -> date:
    """The Saturday of the weekend that is meant."""
    return _monday(today, 1 if "volgend" in (match["which"] or "").lower() else 0) + timedelta(5)


def beside_weekend(match: _Match, today: date) -> date:
    """Reads `na het weekend` (the Monday after it) and `voor het weekend` (the Friday before)."""
    saturday = _monday(today, 1 if "volgend" in (match["which"] or "").lower() else 0) + timedelta(
        5
    )
    if match["side"].lower() == "na":
        return saturday + timedelta(days=2)
    return max(saturday - timedelta(days=1), today)
