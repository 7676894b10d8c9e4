"""The moment at which a customer wants to be called: dated, and checked by the opening hours.

"Morgen na 14 uur" is kept with its date: who reads it reads it later. A day that may be two
("woensdag 3 december", a Thursday) is asked about. One of the past, or when nobody works, is no
moment. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from bot.conversation.opening_hours import (
    OpenHours,
    OpeningHours,
    is_open,
    next_opening,
    say_date,
    say_hours,
)
from bot.dutch import dates, times

#: More days than this, not one behind the other, are left as the customer wrote them.
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class CallingHours:
    """When customers can be called.

    Attributes:
        now: the organisation's local time.
        hours: of the team that calls.
    """

    now: datetime
    hours: OpeningHours

    @property
    def today(self) -> date:
        """The day it is at the organisation."""
        return self.now.date()

    def left_of(self, day: date) -> OpenHours | None:
        """The hours of a day that are still to come; None when there are none."""
        worked = self.hours.on(day)
        if worked is None or day > self.today:
            return worked
        if day < self.today or self.now.time() >= worked.closes:
            return None
        return OpenHours(max(worked.opens, self.now.time()), worked.closes)


@dataclass(frozen=True, slots=True)
class Fit:
    """A moment as it is kept.

    Attributes:
        moment: the customer's words, with the dates they mean where they name days; empty when
            nobody works then, or the day is in doubt.
        hours: when people work, as a sentence, where a day that may be meant does not fit; else
            empty.
        days: when the day is in doubt: each day that fits (ISO 8601), with the moment on that day.
    """

    moment: str
    hours: str = ""
    days: Mapping[str, str] = field(default_factory=dict)


def fit(moment: str, calling: CallingHours) -> Fit:
    """Dates a moment and checks it.

    Args:
        moment: in the customer's words; words without a day always fit.
        calling: when customers can be called.
    """
    on_each = _on_each_day(moment, calling.today)
    said = [span.value for span in dates.read(moment, calling.today)]
    days = sorted(on_each or {day for each in said for day in each})
    fitting = [day for day in days if _fits(day, moment, calling)]
    if on_each and fitting:
        closed = [day for day in days if day not in fitting]
        hours = _hours(closed, calling) if len(fitting) == 1 else ""
        return Fit("", hours, {day.isoformat(): on_each[day] for day in fitting})
    if days and not fitting:
        return Fit("", _hours(days, calling))
    named = _said(days, fitting) if len(said) == 1 else ""
    written = not named or named in moment.casefold()
    return Fit(moment if written else f"{moment} ({named})")


def chosen(text: str, days: Mapping[str, str], today: date) -> str:
    """The moment when words choose the day of an earlier one that was in doubt.

    Who declines all of its days but one chooses that one.

    Args:
        text: what the customer wrote to the question which day is meant.
        days: as `Fit` has them.
        today: the day it is for the organisation.

    Returns:
        Empty when they choose none of its days, or say more than the day.
    """
    offered = list(map(date.fromisoformat, days))
    refused = {
        day
        for reading in dates.refused(text, today)
        for day in (_named(reading.days[0], offered) if reading.kind == "weekday" else reading.days)
    }
    left = [day for day in offered if day not in refused]
    if len(left) == 1 < len(days):
        return days[left[0].isoformat()]
    spans = dates.read(text, today)
    if len(spans) != 1 or len(spans[0].value) != 1 or times.find(text) or dates.day_part(text):
        return ""
    day = spans[0].value[0]
    if dates.is_weekday(text[spans[0].start : spans[0].end]):
        # The bare name of a day means the one that was offered, whichever week that is in.
        day = next(iter(_named(day, offered)), day)
    return days.get(day.isoformat(), "")


def _named(day: date, offered: Sequence[date]) -> tuple[date, ...]:
    """The days that were offered with the name of this one."""
    return tuple(each for each in offered if each.weekday() == day.weekday())


def _on_each_day(text: str, today: date) -> dict[date, str]:
    """A moment in doubt on each of the days that it may mean; empty when nothing is in doubt."""
    doubt = next(iter(dates.in_doubt(text, today)), None)
    days = sorted(day for day in doubt.value if day >= today) if doubt else []
    if doubt is None or len(days) < 2:
        return {}
    return {day: f"{text[: doubt.start]}{say_date(day)}{text[doubt.end :]}" for day in days}


def _fits(day: date, moment: str, calling: CallingHours) -> bool:
    """Whether somebody works on a day at the times of a moment."""
    worked = calling.left_of(day)
    return worked is not None and not any(
        _outside(span.value, worked) for span in times.find(moment)
    )


def _hours(days: Sequence[date], calling: CallingHours) -> str:
    """The hours of the first of days that do not fit; of those of the past, when people work next.

    Args:
        days: one or more, in order.
        calling: when customers can be called.
    """
    now, hours = calling.now, calling.hours
    day = next((day for day in days if day >= calling.today), None)
    if day is None:
        opens = None if is_open(now, hours) else next_opening(now, hours)
        day = opens.date() if opens else calling.today
    return say_hours(day, calling.today, hours)


def _said(days: Sequence[date], fitting: Sequence[date]) -> str:
    """The days of a moment on which somebody works, in words: one, a range, or a few.

    Args:
        days: that are meant, in order; none: nothing is said.
        fitting: those of them on which somebody works.
    """
    if not days:
        return ""
    if len(fitting) == 1:
        return say_date(fitting[0])
    if days[-1] - days[0] == timedelta(days=len(days) - 1):
        return f"{say_date(fitting[0])} t/m {say_date(fitting[-1])}"
    if len(fitting) > _NAMED:
        return ""
    return f"{', '.join(map(say_date, fitting[:-1]))} of {say_date(fitting[-1])}"


def _outside(moment: times.TimeOfDay, worked: OpenHours) -> bool:
    """Whether nobody works at a time: "voor 9 uur" ends before it, "na 18 uur" begins after it."""
    if moment.role == "to":
        return moment.at <= worked.opens
    if moment.role == "from":
        return moment.at >= worked.closes
    return not worked.opens <= moment.at < worked.closes
