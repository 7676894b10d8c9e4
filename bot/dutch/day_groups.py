"""Puts the words for days in a text together into what a customer asks for.

After what is one day said twice (`bot.dutch.same_day`) comes what is joined or bounded ("tussen
dinsdag en donderdag", "vanaf vrijdag"), and what is left when only days are named that do not suit
("elke dag behalve maandag").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from bot.dutch import day_bounds
from bot.dutch.day_reading import MOST_DAYS, DayReading, day_after
from bot.dutch.refusals import refused_of
from bot.dutch.same_day import OR, UP_TO, Readings, same_day
from bot.dutch.span import TextSpan

Days = tuple[date, ...]

#: Days that are offered when only those are named that do not suit.
_OFFERED: Final = 7
_WEEK: Final = timedelta(days=7)
_AND: Final = re.compile(r"\s*(?:\ben\b|-|–)\s*(?:op\s+)?(?:de\s+|het\s+)?", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"\btussen\s+(?:op\s+)?(?:de\s+)?$", re.IGNORECASE)
_BEFORE: Final = 40
_WISHED: Final = re.compile(
    r"\b(?:(?:fijne?|prettige?|mooie?|leuke?|gezellige?|goeie|goed|zalige?|vrolijke?|gelukkige?)\s+"
    r"(?:nieuw\s+)?)$",
    re.IGNORECASE,
)


def is_wished(text: str, start: int) -> bool:
    """Whether words for a day are a wish: "fijn weekend", "zalig Pasen".

    Args:
        text: what the customer wrote.
        start: where the words for the day begin.
    """
    return _WISHED.search(text, max(0, start - _BEFORE), start) is not None


def of(text: str, spans: Readings, today: date) -> tuple[TextSpan[Days], ...]:
    """The days that a text asks for, as `bot.dutch.dates.read` gives them.

    Args:
        text: what the customer wrote.
        spans: the words for days, each by itself, in order.
        today: the day it is.
    """
    alone = same_day(text, spans, today)
    refused = refused_of(text, alone)
    asked: list[TextSpan[Days]] = []
    excluded: list[TextSpan[Days]] = []
    for group, no in _joined(text, alone, refused):
        bounded = day_bounds.bounded(text, group, today)
        (excluded if no else asked).append(bounded)
    asked = [span for span in asked if span.value]
    out = {day for span in excluded for day in span.value if day > today}
    if excluded and all(len(span.value) > 1 for span in asked):
        asked = _without(asked, excluded, out, today)
    return tuple(replace(span, value=_ahead(span.value, today)) for span in asked)


def moved(
    text: str, groups: Sequence[TextSpan[Days]], shift: TextSpan[timedelta]
) -> tuple[TextSpan[Days], ...]:
    """The days of a text in which a distance stands behind one of them.

    "Overmorgen of een dag later" is two days. Of "het komt woensdag, kan het een dag later" nobody
    can say for sure that it is Thursday, as "vrijdag, een dag later" is said too: both are meant.

    Args:
        text: what the customer wrote.
        groups: its days, in order.
        shift: the distance.
    """
    before = [each for each in groups if each.end <= shift.start]
    if not before:
        return tuple(groups)
    last = before[-1]
    joined = OR.fullmatch(text, last.end, shift.start) is not None
    if len(groups) > 1 and not joined:
        return tuple(groups)
    further = day_after(last.value[-1], shift.value)
    days = (*last.value, further) if further else last.value
    grown = TextSpan(tuple(dict.fromkeys(days)), last.start, shift.end)
    return tuple(grown if each is last else each for each in groups)


def _without(
    asked: list[TextSpan[Days]], excluded: list[TextSpan[Days]], out: set[date], today: date
) -> list[TextSpan[Days]]:
    """What is asked for without the days that do not suit."""
    if asked:
        left = (replace(each, value=tuple(d for d in each.value if d not in out)) for each in asked)
        return [each for each in left if each.value]
    coming = [today + timedelta(days=ahead) for ahead in range(1, MOST_DAYS + 1)]
    near = [day for day in coming[:_OFFERED] if day not in out]
    if len(near) == _OFFERED:
        return []  # it tells nothing of the days to come
    days = near or [day for day in coming if day not in out][:_OFFERED]
    return [replace(excluded[0], value=tuple(days))]


def _ahead(days: Days, today: date) -> Days:
    """The days without those of the past, unless there are no others; not more than `MOST_DAYS`."""
    coming = tuple(day for day in dict.fromkeys(days) if day >= today)
    return (coming or tuple(dict.fromkeys(days)))[:MOST_DAYS]


def _joined(
    text: str, spans: Readings, refused: Sequence[bool]
) -> Iterator[tuple[TextSpan[Days], bool]]:
    """The words for days with those joined that are a range or a choice."""
    index = 0
    while index < len(spans):
        group, no = spans[index], refused[index]
        days, end = group.value.days, group.end
        between = _BETWEEN.search(text, max(0, group.start - _BEFORE), group.start)
        while index + 1 < len(spans) and refused[index + 1] == no:
            following = spans[index + 1]
            gap = (end, following.start)
            ranged = UP_TO.fullmatch(text, *gap) or (between and _AND.fullmatch(text, *gap))
            if ranged and days and following.value.days:
                days = tuple(dict.fromkeys((*days, *_range(days[-1], following.value))))
            elif OR.fullmatch(text, *gap) and following.value.days:
                days = tuple(dict.fromkeys((*days, *following.value.days)))
            else:
                break
            end, index = following.end, index + 1
        yield TextSpan(days, group.start, end), no
        index += 1


def _range(first: date, until: DayReading) -> Days:
    """The days from one to another, which is the first of its name behind it."""
    last = until.days[-1]
    if last < first and until.kind == "weekday":
        last += _WEEK * ((first - last).days // 7 + 1)
    count = (last - first).days + 1
    if not 0 < count <= MOST_DAYS:
        return (first, *until.days)
    return tuple(first + timedelta(days=ahead) for ahead in range(count))
