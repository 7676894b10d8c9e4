"""Readers of entities: each looks for one kind of thing, given what was read before it.

The order in which they are asked is a ranking: digits that are a telephone number are no amount as
well. A bare number may still be more than one thing; the form that asks decides. Formats that only
one organisation has are read by the assistant's own extractors (`bot.dutch.extractors`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.dutch import amounts, dates, day_reading, phones, postcode, private_numbers, times
from bot.dutch.found import FoundEntity, is_free


@dataclass(frozen=True, slots=True)
class ReaderContext:
    """The context that a reader gets besides the text.

    Attributes:
        today: the day it is for the customer.
        found: what the readers before it have read.
        counted: what the organisation counts (`bot.dutch.counted.pattern`).
    """

    today: date
    found: tuple[FoundEntity, ...] = ()
    counted: re.Pattern[str] | None = None

    def free(self, start: int, end: int) -> bool:
        """Whether no reader before this one keeps these characters for itself."""
        return is_free(start, end, self.found)


Reader = Callable[[str, ReaderContext], Iterable[FoundEntity]]

#: A digit; most readers have nothing to read in a message without one.
_DIGIT = re.compile(r"\d")
_WORD_SCORES = {"een": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5}
_SCORE = re.compile(
    r"\b(?:geef|gaf|geven|krijgt|krijgen|cijfer|score|beoordeling|waardering|rapportcijfer)\b"
    r"(?:\s+(?:je|jullie|u|dit|het|gesprek|de|bot|is|van|een|'n|ik|hem|daar|hier|wel|maar|mijn))*"
    r"\s*[:=]?\s*(?P<a>10|[1-9]|een|twee|drie|vier|vijf)\b(?!\s*(?:keer|dag|week|weken|x)|[-/.:]?\d)"
    r"|\b(?P<b>[1-5]|een|twee|drie|vier|vijf)\s*(?:sterren|ster|smileys?|punten)\b"
    r"|\b(?P<c>[1-5])\s*(?:/|van de|uit)\s*5\b",
    re.IGNORECASE,
)


def _digits(reader: Reader) -> Reader:
    """A reader that is asked only about texts with a digit in them."""

    def read(text: str, around: ReaderContext) -> Iterable[FoundEntity]:
        return reader(text, around) if _DIGIT.search(text) else ()

    return read


def _private(text: str, around: ReaderContext) -> Iterator[FoundEntity]:
    for kind, span in private_numbers.find(text):
        if around.free(span.start, span.end):
            yield FoundEntity(kind, span.value, span.start, span.end)


def _phones(text: str, around: ReaderContext) -> Iterator[FoundEntity]:
    for span in phones.find(text):
        if around.free(span.start, span.end):
            yield FoundEntity("phone", span.value, span.start, span.end)


def _postcodes(text: str, around: ReaderContext) -> Iterator[FoundEntity]:
    """Reads postcodes and house numbers; with two addresses each has a group of its own."""
    # "1234 AB-100456": the letters may belong to a number that an extractor has read.
    codes = [span for span in postcode.find(text) if around.free(span.start, span.end)]
    several = len(codes) > 1
    for number, span in enumerate(codes, start=1):
        yield FoundEntity(
            "postcode", span.value, span.start, span.end, group=str(number) if several else ""
        )


def _amounts(text: str, around: ReaderContext) -> Iterator[FoundEntity]:
    for span in amounts.find(text):
        if around.free(span.start, span.end):
            yield FoundEntity("amount", span.value, span.start, span.end)


def _moments(text: str, around: ReaderContext) -> Iterator[FoundEntity]:
    """Reads dates, times, and the part of the day that words stand for.

    Several days of which one is meant are one date (`bot.dutch.day_reading.written`); without any,
    "een dag later" is one that the form counts from the day it knows.
    """
    days = [
        FoundEntity("date", day_reading.written(span.value), span.start, span.end)
        for span in dates.read(text, around.today, around.counted)
        if around.free(span.start, span.end)
    ]
    if not days and (shift := dates.shift(text)) is not None:
        value = day_reading.written_shift(shift.value)
        days = [FoundEntity("date", value, shift.start, shift.end)]
    clock = [
        span
        for span in times.find(text, around.counted)
        if around.free(span.start, span.end) and is_free(span.start, span.end, days)
    ]
    yield from days
    for span in clock:
        at = span.value.at.isoformat("minutes")
        yield FoundEntity("time", at, span.start, span.end, role=span.value.role)
    part = dates.find_day_part(text)
    if part is not None:
        yield FoundEntity("day_part", part.value, part.start, part.end)
    elif not dates.names_day_part(text) and (implied := times.day_part(tuple(clock))) is not None:
        yield FoundEntity("day_part", implied, clock[0].start, clock[-1].end)


def _scores(text: str, _: ReaderContext) -> Iterator[FoundEntity]:
    if (score := _SCORE.search(text)) is not None:
        word = next(group for group in score.groups() if group)
        given = _WORD_SCORES.get(word.lower()) or int(word)
        yield FoundEntity("score", given, score.start(), score.end())


def _house_numbers(text: str, around: ReaderContext) -> Iterator[FoundEntity]:
    codes = [each for each in around.found if each.name == "postcode"]
    for span in postcode.find_house_numbers(text):
        if not around.free(span.start, span.end):
            continue
        before = [code for code in codes if code.end <= span.start]
        group = before[-1].group if before else ""
        yield FoundEntity("house_number", span.value, span.start, span.end, group=group)


#: Readers by name, in the order in which they are asked (after the exclusive extractors).
READERS: dict[str, Reader] = {
    "private": _private,
    "postcodes": _digits(_postcodes),
    "phones": _digits(_phones),
    "amounts": _amounts,
    "moments": _moments,
    "scores": _scores,
    "house_numbers": _digits(_house_numbers),
}

#: Names of all entities that are read.
NAMES = (
    "bsn", "iban", "card", "postcode", "phone", "email", "amount", "date", "time", "day_part",
    "score", "house_number",
)  # fmt: skip
