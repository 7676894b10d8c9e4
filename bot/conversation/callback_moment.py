"""The moment at which a customer wants to be called, so that it reads the same on another day.

"Morgen na 14 uur" is kept with its date: who reads it reads it later. A day that may be two
("woensdag 3 december", a Thursday) is asked about, and one of the past is no moment. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.conversation.opening_hours import say_date
from bot.dutch import dates, times
from bot.dutch.calendar import MONTHS, WEEKDAYS

#: More days than this, not one behind the other, are left as the customer wrote them.
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Moment:
    """What a customer's words for a moment come to.

    Attributes:
        words: the moment with its dates; empty when it is no moment to come.
        choices: when the day is in doubt: the title of each day, with the moment on that day.
    """

    words: str
    choices: tuple[tuple[str, str], ...] = ()


def read(text: str, today: date) -> Moment:
    """The moment in a customer's words.

    Args:
        text: what the customer wrote.
        today: the day it is for the organisation.
    """
    if on_each := _on_each_day(text, today):
        return Moment(text, tuple((_title(day), words) for day, words in on_each.items()))
    found = [span.value for span in dates.read(text, today)]
    if found and all(day < today for days in found for day in days):
        return Moment("")
    if len(found) != 1:
        return Moment(text)
    said = _said(tuple(sorted(found[0])))
    return Moment(text if not said or said in text.lower() else f"{text} ({said})")


def chosen(text: str, doubted: str, today: date) -> str:
    """The moment when words choose the day of an earlier one that was in doubt.

    Args:
        text: what the customer wrote to the question which day is meant.
        doubted: the moment that was in doubt, or empty.
        today: the day it is for the organisation.

    Returns:
        Empty when they choose none of its days, or say more than the day.
    """
    spans = dates.read(text, today)
    if len(spans) != 1 or len(spans[0].value) != 1 or times.find(text) or dates.day_part(text):
        return ""
    return _on_each_day(doubted, today).get(spans[0].value[0], "")


def _on_each_day(text: str, today: date) -> dict[date, str]:
    """A moment in doubt on each of the days that it may mean; empty when nothing is in doubt."""
    doubt = next(iter(dates.in_doubt(text, today)), None)
    days = sorted(day for day in doubt.value if day >= today) if doubt else []
    if doubt is None or len(days) < 2:
        return {}
    return {day: f"{text[: doubt.start]}{say_date(day)}{text[doubt.end :]}" for day in days}


def _said(days: tuple[date, ...]) -> str:
    """Days in words: one, a range, or a few."""
    if len(days) == 1:
        return say_date(days[0])
    if len(days) > 1 and days[-1] - days[0] == timedelta(days=len(days) - 1):
        return f"{say_date(days[0])} t/m {say_date(days[-1])}"
    if len(days) > _NAMED:
        return ""
    return f"{', '.join(map(say_date, days[:-1]))} of {say_date(days[-1])}"


def _title(day: date) -> str:
    """A day on a button, in at most 15 characters: `Wo 2 december`."""
    return f"{WEEKDAYS[day.weekday()][:2].capitalize()} {day.day} {MONTHS[day.month - 1]}"
