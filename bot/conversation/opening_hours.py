"""Computes when people work at the organisation, and says it in Dutch. Pure: no clock, no file.

All times are the organisation's own local times; the caller converts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bot.catalogue import say
from bot.dutch.calendar import MONTHS, WEEKDAYS

#: Days that are searched for the next opening; nobody closes for longer.
_HORIZON = 21


@dataclass(frozen=True, slots=True)
class OpenHours:
    """Part of a day; `closes` is after `opens`."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise ValueError(f"opening hours end before they begin: {self.opens} to {self.closes}")


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The hours in which people work.

    Attributes:
        week: hours for each weekday, 0 for Monday to 6 for Sunday; a day left out is closed.
        holidays: days on which nobody works, with their Dutch name.
    """

    week: Mapping[int, OpenHours]
    holidays: Mapping[date, str] = field(default_factory=dict)

    def on(self, day: date) -> OpenHours | None:
        """The hours of a day, or None when closed."""
        return None if day in self.holidays else self.week.get(day.weekday())


def is_open(now: datetime, hours: OpeningHours) -> bool:
    """Whether somebody is at work.

    Args:
        now: the local time.
        hours: the organisation's hours.
    """
    span = hours.on(now.date())
    return span is not None and span.opens <= now.time() < span.closes


def next_opening(now: datetime, hours: OpeningHours) -> datetime | None:
    """When somebody comes to work next.

    Args:
        now: the local time, while closed.
        hours: the organisation's hours.

    Returns:
        A time later than now with the same time zone, or None when there is none within three
        weeks.
    """
    for offset in range(_HORIZON):
        day = now.date() + timedelta(days=offset)
        span = hours.on(day)
        if span is None:
            continue
        opens = datetime.combine(day, span.opens, now.tzinfo)
        if opens > now:
            return opens
    return None


def say_time(moment: time) -> str:
    """A time in words: `9.00 uur`."""
    return f"{moment.hour}.{moment.minute:02d} uur"


def say_date(day: date) -> str:
    """A date in words: `vrijdag 2 januari`."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def say_day(day: date, today: date) -> str:
    """`vandaag`, `morgen` or `gisteren`, else the date: `vrijdag 2 januari`.

    A year that is not this one or the next few months' is said as well.
    """
    near = {-1: "gisteren", 0: "vandaag", 1: "morgen"}
    distance = (day - today).days
    if distance in near:
        return near[distance]
    return say_date(day) if abs(distance) < 300 else f"{say_date(day)} {day.year}"


def say_moment(moment: datetime, now: datetime) -> str:
    """A moment in words: `morgen om 9.00 uur`."""
    return f"{say_day(moment.date(), now.date())} om {say_time(moment.time())}"


def say_hours(day: date, today: date, hours: OpeningHours) -> str:
    """One day's hours as a sentence, such as `Morgen zijn wij open van 9.00 tot 18.00 uur.`.

    Args:
        day: which day.
        today: the day it is.
        hours: the organisation's hours.
    """
    said = say_day(day, today).capitalize()
    span = hours.on(day)
    if span is not None:
        opens, closes = _clock(span.opens), say_time(span.closes)
        return say("hours.open", day=said, opens=opens, closes=closes)
    if holiday := hours.holidays.get(day):
        return say("hours.closed_holiday", day=said, holiday=holiday)
    return say("hours.closed", day=said)


def say_week(hours: OpeningHours) -> str:
    """The ordinary week, equal days joined: one line a group, Monday first."""
    groups: list[tuple[int, int, OpenHours | None]] = []
    for weekday in range(7):
        span = hours.week.get(weekday)
        if groups and groups[-1][2] == span:
            groups[-1] = (groups[-1][0], weekday, span)
        else:
            groups.append((weekday, weekday, span))
    return "\n".join(_line(_days(first, last), span) for first, last, span in groups)


def _line(days: str, span: OpenHours | None) -> str:
    if span is None:
        return say("hours.week_closed", days=days)
    return say("hours.week_open", days=days, opens=_clock(span.opens), closes=say_time(span.closes))


def _clock(moment: time) -> str:
    return say_time(moment).removesuffix(" uur")


def _days(first: int, last: int) -> str:
    if first == last:
        return WEEKDAYS[first].capitalize()
    joint = "en" if last == first + 1 else "tot en met"
    return f"{WEEKDAYS[first].capitalize()} {joint} {WEEKDAYS[last]}"
