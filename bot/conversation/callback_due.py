"""The time from which a customer who asked to be called wants to be called. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.conversation.callback_moment import CallingHours
from bot.dutch import dates, times
from bot.dutch.date_patterns import DayPart

#: From when on a part of the day is meant.
_BEGINS: Final[Mapping[DayPart, time]] = {
    "ochtend": time(0),
    "middag": time(12),
    "avond": time(17),
}
#: Days that are looked at for the next one on which somebody works.
_AHEAD: Final = 21


def due(moment: str, calling: CallingHours) -> datetime | None:
    """The first time of a moment at which somebody works.

    Args:
        moment: as the call-back form keeps it.
        calling: when customers can be called.

    Returns:
        The organisation's local time; None when the words name neither day, time nor part of the
        day ("zo snel mogelijk"), or none of the future: then at once is best.
    """
    today = calling.today
    named = sorted({day for span in dates.read(moment, today) for day in span.value})
    said = [span.value for span in times.find(moment)]
    part = dates.day_part(moment)
    first = next((each for each in said if each.role != "to"), None)
    begins = first.at if first else None if said or part is None else _BEGINS[part]
    if not named and begins is None:
        return None
    sharp = first is not None and not first.role
    for day in named or [today + timedelta(days=ahead) for ahead in range(_AHEAD)]:
        if sharp and day == today and begins is not None and begins < calling.now.time():
            continue  # "om 10 uur" is over at half past ten, "na 10 uur" is not
        if (at := _first(day, begins, calling)) is not None:
            return at
    return None


def _first(day: date, begins: time | None, calling: CallingHours) -> datetime | None:
    """The first time of a day, from a time of day on, at which somebody still works."""
    left = calling.left_of(day)
    if left is None or (begins is not None and begins >= left.closes):
        return None
    at = left.opens if begins is None else max(left.opens, begins)
    return datetime.combine(day, at, calling.now.tzinfo)
