"""Turns the match of a written date into a day, a function for each way of writing one.

A reader gives None where there is no date after all, and `NO_DAY` for one that does not exist
("31 juni"): what stands beside it ("vrijdag 31 juni") is then no answer either.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from bot.dutch.date_patterns import month_number, number_of, weekday_number

_Match = re.Match[str]
_Days = tuple[date, ...]

NO_DAY: _Days = ()

#: A day and month without a year is the coming one, unless it was at most this many days ago.
RECENT_DAYS = 60


def day_of(year: int, month: int, day: int) -> date | None:
    """A date; None where there is none of that day and month."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def nearest(month: int, day: int, today: date) -> date | None:
    """The date of a day and month without a year: one of the recent past, else the next."""
    for year in (today.year - 1, today.year, today.year + 1, today.year + 2):
        found = day_of(year, month, day)
        if found is not None and found >= today - timedelta(days=RECENT_DAYS):
            return found
    return None  # 29 February more than two years away


def next_weekday(weekday: int, after: date) -> date:
    """The first day behind another with that number, 0 for Monday."""
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def monday(today: date, weeks: int = 0) -> date:
    """The Monday of the week that a day is in, or of one so many weeks further."""
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


def add_months(today: date, months: int) -> date:
    """The same day so many months further, or the last of a shorter month."""
    years, month = divmod(today.month - 1 + months, 12)
    year = today.year + years
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def iso(match: _Match, _today: date) -> date | None:
    """Reads `2026-11-29`."""
    return day_of(int(match["year"]), int(match["month"]), int(match["day"]))


def numeric(match: _Match, today: date) -> date | _Days | None:
    """Reads `29-11`, `29/11/26` and `29.11.2026`."""
    day, month, year = int(match["day"]), int(match["month"]), match["year"]
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    if not year:
        return nearest(month, day, today) or NO_DAY
    return day_of(int(year) + (2000 if len(year) == 2 else 0), month, day) or NO_DAY


def written(match: _Match, today: date) -> date | _Days:
    """Reads `29 november`, with a year or without."""
    day, month = number_of(match["day"]), month_number(match["month"])
    year = match.groupdict().get("year")
    return (day_of(int(year), month, day) if year else nearest(month, day, today)) or NO_DAY


def day_of_month(match: _Match, today: date) -> date | _Days:
    """Reads `de 15e`: the coming one, in this month or the first that has that day.

    The day of a month that is named too: `de 15e van volgende maand`.
    """
    which = (match.groupdict().get("which") or "").lower()
    start = 1 if which.startswith(("volgende", "komende")) else 0
    number = number_of(match["day"])
    for months in range(start, 4):
        first = add_months(today.replace(day=1), months)
        found = day_of(first.year, first.month, number)
        if found is not None and found >= today:
            return found
    return NO_DAY


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
        return add_months(today, sign * count)
    return today + timedelta(days=sign * count * (7 if unit.startswith("we") else 1))


def relative_ahead(match: _Match, today: date) -> date | None:
    """Reads `vandaag over een week`, `morgen over twee weken`."""
    return ahead(match, relative(match, today))


def weekday_of_week(match: _Match, today: date) -> date:
    """Reads `vrijdag volgende week`, `over drie weken op vrijdag`, `vorige week vrijdag`."""
    which = match["which"].lower()
    if count := match.groupdict().get("count"):
        weeks = number_of(count)
    elif which.startswith(("deze", "dees", "van deze")):
        weeks = 0
    else:
        weeks = -1 if which.startswith(("vorige", "afgelopen")) else 1
    return monday(today, weeks) + timedelta(days=weekday_number(match["weekday"]))


def weekday_in_weeks(match: _Match, today: date) -> date:
    """Reads `vrijdag over een week`: the coming Friday and then so many weeks."""
    coming = next_weekday(weekday_number(match["weekday"]), today)
    return coming + timedelta(weeks=2 if match["fortnight"] else number_of(match["count"]))


def weekday(match: _Match, today: date) -> date:
    """Reads `vrijdag` and `komende vrijdag`: the first to come."""
    return next_weekday(weekday_number(match["weekday"]), today)


def which_weekday(match: _Match, today: date) -> _Days:
    """Reads `afgelopen vrijdag`; `volgende vrijdag` may be the first to come, or next week's."""
    number = weekday_number(match["weekday"])
    if match["which"].lower().startswith("volgende"):
        both = (monday(today, 1) + timedelta(days=number), next_weekday(number, today))
        return tuple(dict.fromkeys(both))
    return (next_weekday(number, today - timedelta(days=8)),)


def weekday_of_month(match: _Match, today: date) -> date | None:
    """Reads `eerste maandag van december`, `laatste vrijdag van de maand`: the coming one."""
    which, number = match["which"].lower(), weekday_number(match["weekday"])
    if match["month"]:
        month = month_number(match["month"])
        firsts = [date(today.year + years, month, 1) for years in (0, 1)]
    else:
        start = 1 if (match["period"] or "").lower().startswith(("volgende", "komende")) else 0
        firsts = [add_months(today.replace(day=1), start + months) for months in (0, 1, 2)]
    for first in firsts:
        if which == "laatste":
            last = first.replace(day=monthrange(first.year, first.month)[1])
            found = last - timedelta(days=(last.weekday() - number) % 7)
        else:
            offset = (number - first.weekday()) % 7
            found = first + timedelta(days=offset + 7 * (number_of(which) - 1))
        if found >= today and found.month == first.month:
            return found
    return None


def weekday_with_day(match: _Match, today: date) -> date | None:
    """Reads `dinsdag 8`: that day of this month or the next, where it is such a weekday."""
    number, wanted = int(match["day"]), weekday_number(match["weekday"])
    for months in (0, 1):
        first = add_months(today.replace(day=1), months)
        if not 1 <= number <= monthrange(first.year, first.month)[1]:
            continue
        found = first.replace(day=number)
        if found >= today and found.weekday() == wanted:
            return found
    return None
