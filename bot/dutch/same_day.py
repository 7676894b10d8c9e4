"""Finds where one day is said twice: "vrijdag 4 december", "volgende week graag op dinsdag".

Where the two contradict each other ("woensdag 3 december" that is a Thursday) both days are meant
until the customer has said which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from bot.dutch import day_bounds
from bot.dutch.day_reading import DayReading
from bot.dutch.span import TextSpan

Readings = Sequence[TextSpan[DayReading]]

_WEEK: Final = timedelta(days=7)
# Between two ways of saying one day: "morgen, dinsdag 1 december", "de 3e (woensdag)".
_SAME: Final = re.compile(
    r"[\s,(]*(?:(?:dus|oftewel|ofwel|de|op|dat|is|een|namelijk)\s+)*", re.IGNORECASE
)
# Between a period and a day of it: "volgende week graag op dinsdag".
_WITHIN: Final = re.compile(
    r"[\s,(]*(?:(?:ergens|graag|liefst|liever|het|een|keer|bv|bijvoorbeeld|op|de|dan|in|van|maar|wel"
    r"|past|kan|komt|is|goed|prima|uit|mij|me|ik)\s+)*",
    re.IGNORECASE,
)
#: Between days of which one is meant.
OR: Final = re.compile(
    r"\s*(?:,|/|\b(?:en|of)\b)\s*(?:(?:en|of|anders|eventueel|desnoods|ook|liever|op|de|evt|ergens|het)"
    r"\s+)*",
    re.IGNORECASE,
)
#: Between the first and the last day of a range.
UP_TO: Final = re.compile(
    r"\s*(?:\btot(?:\s+en\s+met|\s+aan)?\b|t/m|-|–|\bdoor\b)\s*(?:op\s+)?(?:de\s+|het\s+)?",
    re.IGNORECASE,
)


def same_day(text: str, spans: Readings, today: date) -> tuple[TextSpan[DayReading], ...]:
    """The words for days, with those put together that say one day twice.

    Where they contradict each other ("woensdag 3 december") they stand for the days that either of
    them names.

    Args:
        text: what the customer wrote.
        spans: each by itself, in order.
        today: the day it is.
    """
    kept: list[TextSpan[DayReading]] = []
    for span in _in_their_week(text, spans):
        before = kept[-1] if kept else None
        if before is not None and (beside := day_bounds.weekday_beside(text, before, span)):
            kept[-1] = TextSpan(DayReading((beside,), "date"), before.start, span.end)
        elif before is not None and _is_apposition(text, before, span):
            both = _both(before.value, span.value, today)
            kept[-1] = TextSpan(both, before.start, span.end)
        else:
            kept.append(span)
    return tuple(kept)


def _in_their_week(text: str, spans: Readings) -> Iterator[TextSpan[DayReading]]:
    """The words for days, with bare weekdays put in the week that is named beside them.

    "Volgende week op dinsdag of woensdag", "dinsdag of woensdag volgende week".
    """
    spans = list(spans)
    for index in _by_distance(spans):
        period = spans[index].value
        day = period.days[0]
        monday = day - timedelta(days=day.weekday())
        first, last = _run(text, spans, index)
        for other in range(first, last + 1):
            if spans[other].value.kind == "weekday":
                weekday = spans[other].value.days[0].weekday()
                found = monday + timedelta(days=weekday)
                if period.kind == "in_week" or found in period.days:
                    spans[other] = replace(spans[other], value=DayReading((found,), "in_week"))
    weeks = [span for span in spans if _is_week(span.value)]
    if len(weeks) == 1 and any(span.value.kind == "in_week" for span in spans):
        week = weeks[0]
        inside = (
            span
            for span in spans
            if span is not week and span.value.days and span.value.days[0] in week.value.days
        )
        if any(span.value.kind == "in_week" for span in inside):
            spans.remove(week)
    yield from spans


def _by_distance(spans: Readings) -> list[int]:
    return [
        index
        for index, span in enumerate(spans)
        if span.value.kind == "in_week" or _is_week(span.value)
    ]


def _is_week(reading: DayReading) -> bool:
    """Whether a reading is of several days of one week."""
    if reading.kind != "several" or len(reading.days) < 2:
        return False
    return len({day.isocalendar()[:2] for day in reading.days}) == 1


def _run(text: str, spans: Readings, index: int) -> tuple[int, int]:
    """The places of the first and last weekday that belong to the week at a place."""
    between = (OR, UP_TO) if spans[index].value.kind == "in_week" else (OR, UP_TO, _WITHIN)

    def linked(one: int, other: int) -> bool:
        if spans[other if other != index else one].value.kind != "weekday":
            return False
        return any(each.fullmatch(text, spans[one].end, spans[other].start) for each in between)

    first = last = index
    while first > 0 and spans[first - 1].value.kind == "weekday" and linked(first - 1, first):
        first -= 1
    while (
        last + 1 < len(spans) and spans[last + 1].value.kind == "weekday" and linked(last, last + 1)
    ):
        last += 1
    return first, last


def _is_apposition(text: str, one: TextSpan[DayReading], other: TextSpan[DayReading]) -> bool:
    if one.value.kind == other.value.kind:
        return False
    if {"several", "weekday"} == {one.value.kind, other.value.kind}:
        return False
    return _SAME.fullmatch(text, one.end, other.start) is not None


def _both(one: DayReading, other: DayReading, today: date) -> DayReading:
    """Two readings of one day: what both allow, or what either says."""
    if not one.days or not other.days:
        return DayReading((), "date")
    if "weekday" in (one.kind, other.kind):
        name, day = (one, other) if one.kind == "weekday" else (other, one)
        weekday = name.days[0].weekday()
        if fitting := tuple(each for each in day.days if each.weekday() == weekday):
            return DayReading(fitting, day.kind)
        near = min(
            (day.days[0] + timedelta(days=away) for away in range(-3, 4)),
            key=lambda each: each.weekday() != weekday,
        )
        near = near + _WEEK if near < today <= day.days[0] else near
        return DayReading((*day.days, near), "date")
    common = tuple(day for day in one.days if day in other.days)
    # The more exact first: of "volgende week 20 december" the date.
    exact, loose = sorted((one, other), key=lambda each: len(each.days))
    return DayReading(common or (*exact.days, *loose.days), "date")
