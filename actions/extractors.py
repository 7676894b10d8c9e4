"""Extractors of the shop's own formats: order numbers and meter readings.

`config.yml` names them under the component `EntityRecognizer`; what an extractor must have stands
in `bot.dutch.extractors.Extractor`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.dutch.found import FoundEntity
from bot.dutch.readers import ReaderContext
from bot.dutch.span import TextSpan, number, without_overlap

_DIGIT = re.compile(r"\d")

# Whole part with or without a dot or space for thousands; decimals (black on red on the meter) are
# read over, because suppliers ask for whole numbers.
_VALUE = r"(\d{1,3}(?:[. ]\d{3})+(?!\d)|\d{1,7})(?:,\d{1,3})?"
_UNIT = r"(?:k\s?wh?|kwu|m3|m³|kuub|kub)\b"
_EDGE = r"(?<![\w.,-])"
_AFTER = r"(?![\d-]|[.,]\d)"
_LINK = r"(?:\s*(?:tarief|stand|meter|is|:|=|-|van|op|nu|staat)\s*){0,4}"
_HIGH = r"\b(?:(?:hoog|hoge|normaal|normale|dag)(?:tarief|stand)?|tarief\s?2|t2|1\.8\.2)\b"
_LOW = r"\b(?:(?:laag|lage|dal|nacht)(?:tarief|stand)?|tarief\s?1|t1|1\.8\.1)\b"
_HIGH_VALUE = re.compile(rf"{_HIGH}{_LINK}\s*{_VALUE}{_AFTER}", re.IGNORECASE)
_LOW_VALUE = re.compile(rf"{_LOW}{_LINK}\s*{_VALUE}{_AFTER}", re.IGNORECASE)
_VALUE_HIGH = re.compile(rf"{_EDGE}{_VALUE}\s*(?:{_UNIT}\s*)?\(?{_HIGH}", re.IGNORECASE)
_VALUE_LOW = re.compile(rf"{_EDGE}{_VALUE}\s*(?:{_UNIT}\s*)?\(?{_LOW}", re.IGNORECASE)
_WITH_UNIT = re.compile(rf"{_EDGE}{_VALUE}\s*{_UNIT}", re.IGNORECASE)
# A year or a day after "de meterstand van" is none: without "is" or the like three digits or more.
_LABELLED = re.compile(
    r"\b(?:stand|standen|meterstand\w*|\w*meter|teller\w*|stroom|gas|elektra|electra)\s*"
    rf"(?:(?:is|zijn|:|=|nu|op|staat|geeft|zegt)\s*){{1,4}}{_VALUE}{_AFTER}"
    rf"|\b(?:stand|meterstand|gas|stroom|elektra|electra)\s+(?=\d[\d.]{{2}}){_VALUE}{_AFTER}",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"\s*(?:(?:hij|de stand|het|dat|stand)\s+(?:is|staat op)\s+)?{_VALUE}\s*[.!]?\s*"
)
_CONTEXT = re.compile(r"\b(?:\w*stand(?:en)?|\w*meter\w*|teller\w*|stroom|gas)\b", re.IGNORECASE)
_ANY = re.compile(rf"{_EDGE}{_VALUE}{_AFTER}")


@dataclass(frozen=True)
class OrderNumbers:
    """Reads order numbers in the form that this organisation gives them.

    Attributes:
        prefix: letters in front, such as `PP`. The normal form is `PP-100234`.
        digits: how many digits follow.
        entities: see `Extractor`.
        exclusive: see `Extractor`.
    """

    prefix: str = "PP"
    digits: int = 6
    entities: tuple[str, ...] = field(default=("order_number",), init=False)
    exclusive: bool = field(default=True, init=False)
    _full: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _bare: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.prefix.isalpha() or self.digits < 1:
            raise ValueError("an order number is one or more letters and at least one digit")
        # People read digits aloud in groups: a space, dot or dash between them is not an end.
        body = r"\d" + r"[ .-]?\d" * (self.digits - 1)
        letters = r"[ .]?".join(map(re.escape, self.prefix))
        full = rf"(?<![a-z0-9]){letters}[\s._:#-]{{0,3}}({body})(?![.-]?\d)"
        bare = rf"(?<![\w.,-])#?(\d{{{self.digits}}})(?![\w-]|[.,]\d)"
        object.__setattr__(self, "_full", re.compile(full, re.IGNORECASE))
        object.__setattr__(self, "_bare", re.compile(bare))

    def find(self, text: str) -> tuple[TextSpan[str], ...]:
        """The order numbers in a text, in normal form.

        Without the prefix only a number of exactly the right length counts.
        """
        matches = [*self._full.finditer(text), *self._bare.finditer(text)]
        return without_overlap(
            TextSpan(
                f"{self.prefix.upper()}-{re.sub(r'[^0-9]', '', match[1])}",
                match.start(),
                match.end(),
            )
            for match in matches
        )

    def read(self, text: str, around: ReaderContext) -> Iterator[FoundEntity]:
        """The order numbers in a text as entities."""
        if _DIGIT.search(text):
            for span in self.find(text):
                if around.free(span.start, span.end):
                    yield FoundEntity("order_number", span.value, span.start, span.end)

    def parse(self, text: str) -> str | None:
        """The first order number in a text in normal form, or None."""
        spans = self.find(text)
        return spans[0].value if spans else None


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading: what a meter shows, in its own unit (kWh for electricity, m³ for gas).

    Attributes:
        single: the one number of a meter with one tariff, or None.
        high: number of the high (normal, day) tariff, or None.
        low: number of the low (off-peak, night) tariff, or None.
    """

    single: int | None = None
    high: int | None = None
    low: int | None = None

    def as_json(self) -> int | dict[str, int]:
        """The number itself, or `{"high": 4512, "low": 3890}` with what was given."""
        if self.single is not None:
            return self.single
        pair = {"high": self.high, "low": self.low}
        return {name: value for name, value in pair.items() if value is not None}


def find_reading(text: str) -> TextSpan[Reading] | None:
    """The reading in a text, or None.

    A bare number counts when it is the whole message (three digits or more), has a unit, or stands
    in a message on a meter; `hoog 4512 laag 3890` gives both tariffs.
    """
    high = _first(text, _HIGH_VALUE, _VALUE_HIGH)
    low = _first(text, _LOW_VALUE, _VALUE_LOW)
    if high is not None and low is not None and high.start(1) == low.start(1):
        # "4512 hoog 3890 laag": the number before a word and the number after it both match.
        before = _VALUE_HIGH.search(text), _VALUE_LOW.search(text)
        high, low = (before[0] or high), (before[1] or low)
    tariffs = [match for match in (high, low) if match is not None]
    if tariffs:
        start, end = min(m.start() for m in tariffs), max(m.end() for m in tariffs)
        reading = Reading(
            high=number(high[1]) if high is not None else None,
            low=number(low[1]) if low is not None else None,
        )
        return TextSpan(reading, start, end)
    single = _first(text, _WITH_UNIT, _LABELLED)
    if single is None and (bare := _BARE.fullmatch(text)) is not None and len(bare[1]) > 2:
        single = bare
    if single is None and _CONTEXT.search(text):
        # One number of four to six digits in a message on a meter is what it shows; a year, a house
        # number or a date is not.
        candidates = [m for m in _ANY.finditer(text) if 4 <= len(str(number(m[1]))) <= 6]
        candidates = [m for m in candidates if not 1990 <= number(m[1]) <= 2100]
        single = candidates[0] if len(candidates) == 1 else None
    if single is None:
        return None
    group = single.lastindex or 1
    return TextSpan(Reading(single=number(single[group])), single.start(group), single.end(group))


def parse_reading(text: str) -> Reading | None:
    """The reading in a text, or None."""
    span = find_reading(text)
    return span.value if span else None


@dataclass(frozen=True)
class MeterReadings:
    """Reads the entity `meter_reading`.

    Attributes:
        entities: see `Extractor`.
        exclusive: see `Extractor`; the form that asks knows whether a bare number is a reading.
    """

    entities: tuple[str, ...] = field(default=("meter_reading",), init=False)
    exclusive: bool = field(default=False, init=False)

    def read(self, text: str, around: ReaderContext) -> Iterator[FoundEntity]:
        """The reading in a text as an entity."""
        reading = find_reading(text) if _DIGIT.search(text) else None
        if reading is None:
            return
        numbers = [each for each in around.found if each.name == "order_number"]
        # Six bare digits are an order number or a reading; the form that asks knows.
        alone = len(numbers) == 1 and text.strip().isdigit()
        if alone or around.free(reading.start, reading.end):
            yield FoundEntity("meter_reading", reading.value.as_json(), reading.start, reading.end)


def _first(text: str, *patterns: re.Pattern[str]) -> re.Match[str] | None:
    matches = (pattern.search(text) for pattern in patterns)
    return next((match for match in matches if match is not None), None)
