"""Reads dates and parts of the day: "overmorgen", "vrijdag over een week", "29-11".

The day it is now is always passed in. Weeks start on Monday (ISO 8601). `read` is what a form
needs: days that are joined, bounded or excluded stand for the days that fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.dutch import day_groups, day_shifts
from bot.dutch.date_patterns import PART_PATTERNS, DayPart
from bot.dutch.date_readers import day_of_month, weekday
from bot.dutch.date_rules import A_SHORT_WEEKDAY, NAME_OF_WEEKDAY, RULES, WEEKDAYS_IN_A_ROW
from bot.dutch.day_reading import DayReading
from bot.dutch.mistyped import mended
from bot.dutch.refusals import is_refused, refused_of
from bot.dutch.same_day import same_day
from bot.dutch.span import TextSpan, without_overlap

Days = tuple[date, ...]


def find(
    text: str, today: date, counted: re.Pattern[str] | None = None
) -> tuple[TextSpan[date], ...]:
    """The dates in a text that are one day each.

    Args:
        text: what the customer wrote.
        today: the day it is for the customer.
        counted: what the organisation counts, as `bot.dutch.counted.pattern` makes it.

    Returns:
        The dates in order. They may lie in the past: to judge that is the caller's task.
    """
    mend = mended(text)
    spans = _readings(mend.text, today, counted)
    return tuple(
        TextSpan(span.value.days[0], *mend.origin(span.start, span.end))
        for span in same_day(mend.text, spans, today)
        if len(span.value.days) == 1
    )


def wanted(
    text: str, today: date, counted: re.Pattern[str] | None = None
) -> tuple[TextSpan[date], ...]:
    """The dates in a text that are not refused: only Friday in "niet dinsdag maar vrijdag".

    Args:
        text: what the customer wrote.
        today: the day it is for the customer.
        counted: see `find`.

    Returns:
        The dates in order; none when all are refused ("ik ben morgen niet thuis").
    """
    mend = mended(text)
    spans = same_day(mend.text, _readings(mend.text, today, counted), today)
    refused = refused_of(mend.text, spans)
    return tuple(
        TextSpan(span.value.days[0], *mend.origin(span.start, span.end))
        for span, no in zip(spans, refused, strict=True)
        if not no and len(span.value.days) == 1
    )


def refused(text: str, today: date) -> tuple[DayReading, ...]:
    """The days that a text refuses: Tuesday in "niet dinsdag maar vrijdag".

    Args:
        text: what the customer wrote.
        today: the day it is for the customer.
    """
    mend = mended(text)
    spans = same_day(mend.text, _readings(mend.text, today, None), today)
    pairs = zip(spans, refused_of(mend.text, spans), strict=True)
    return tuple(span.value for span, no in pairs if no)


def read(
    text: str, today: date, counted: re.Pattern[str] | None = None
) -> tuple[TextSpan[Days], ...]:
    """The days that a text asks for, each as one day or as the days of which one is meant.

    "Dinsdag of donderdag" is two days, "woensdag 3 december" is two when the third is no Wednesday,
    "vanaf vrijdag" and "elke dag behalve maandag" are the coming days that fit.

    Args:
        text: what the customer wrote.
        today: the day it is for the customer.
        counted: see `find`.

    Returns:
        In order. Days of the past are left out where others are meant as well.
    """
    mend = mended(text)
    spans = _readings(mend.text, today, counted)
    groups = day_groups.of(mend.text, spans, today) if spans else ()
    if groups and (moved := day_shifts.find(mend.text)) is not None:
        groups = day_groups.moved(mend.text, groups, moved)
    return tuple(TextSpan(each.value, *mend.origin(each.start, each.end)) for each in groups)


def in_doubt(text: str, today: date) -> tuple[TextSpan[Days], ...]:
    """The days that are said in a way that leaves in doubt which one is meant.

    "Woensdag 3 december" when the third is no Wednesday, and "volgende vrijdag"; not "dinsdag of
    donderdag", of which either is right.

    Args:
        text: what the customer wrote.
        today: the day it is for the customer.
    """
    mend = mended(text)
    spans = same_day(mend.text, _readings(mend.text, today, None), today)
    return tuple(
        TextSpan(span.value.days, *mend.origin(span.start, span.end))
        for span in spans
        if span.value.kind != "several" and len(span.value.days) > 1
    )


def shift(text: str) -> TextSpan[timedelta] | None:
    """The distance from a day that the text leaves out: "een dag later"; None without one.

    Args:
        text: what the customer wrote, in which `read` finds no day.
    """
    return day_shifts.find(text)


def is_weekday(words: str) -> bool:
    """Whether words for a day are the name of a weekday alone, which fits any week.

    Args:
        words: those that `read` took for a day.
    """
    return NAME_OF_WEEKDAY.fullmatch(mended(words).text) is not None


def parse(text: str, today: date) -> date | None:
    """The first date of a text that is not refused, or None when there is none."""
    spans = wanted(text, today)
    return spans[0].value if spans else None


def find_day_part(text: str) -> TextSpan[DayPart] | None:
    """The part of the day a text speaks of: ochtend, middag or avond.

    A greeting is none, and neither is a part that is refused ("liever niet in de ochtend"). Two
    parts are none: "'s ochtends of 's avonds" leaves it open.
    """
    mend = mended(text)
    found = {span.value: span for span in reversed(tuple(_day_parts(mend.text)))}
    if len(found) != 1:
        return None
    (span,) = found.values()
    return TextSpan(span.value, *mend.origin(span.start, span.end))


def day_part(text: str) -> DayPart | None:
    """The part of the day in a text, or None."""
    span = find_day_part(text)
    return span.value if span else None


def names_day_part(text: str) -> bool:
    """Whether a text speaks of a part of the day, or of several."""
    return next(_day_parts(mended(text).text), None) is not None


def refused_parts(text: str) -> tuple[DayPart, ...]:
    """The parts of the day that a text refuses: the morning in "liever niet in de ochtend"."""
    said = mended(text).text
    return tuple(dict.fromkeys(span.value for span in _parts(said) if is_refused(said, span)))


def _day_parts(text: str) -> Iterator[TextSpan[DayPart]]:
    return (span for span in _parts(text) if not is_refused(text, span))


def _parts(text: str) -> Iterator[TextSpan[DayPart]]:
    for part, pattern in PART_PATTERNS:
        for match in pattern.finditer(text):
            yield TextSpan(part, match.start(), match.end())


def _readings(
    text: str, today: date, counted: re.Pattern[str] | None
) -> tuple[TextSpan[DayReading], ...]:
    """The words for days in a text, each by itself."""
    spans = []
    for pattern, reader, kind in RULES:
        for match in pattern.finditer(text):
            found = reader(match, today)
            # "De 2e afspraak" is no day of the month.
            is_rank = reader is day_of_month and counted and counted.match(text, match.end())
            if found is None or is_rank:
                continue
            days = found if isinstance(found, tuple) else (found,)
            place = match.span("at" if "at" in pattern.groupindex else 0)
            spans.append(TextSpan(DayReading(days, kind), *place))
    spans += [
        TextSpan(DayReading((weekday(match, today),), "weekday"), *match.span())
        for row in WEEKDAYS_IN_A_ROW.finditer(text)
        for match in A_SHORT_WEEKDAY.finditer(text, *row.span())
    ]
    found_spans = without_overlap(spans)
    return tuple(span for span in found_spans if not day_groups.is_wished(text, span.start))
