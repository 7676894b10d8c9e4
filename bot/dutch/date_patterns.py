"""The words and misspellings that dates are written with, as patterns for `bot.dutch.dates`."""

from __future__ import annotations

import re
from typing import Literal

from bot.dutch.calendar import WEEKDAYS

DayPart = Literal["ochtend", "middag", "avond"]

_SHORT_WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")

#: January first; slips of the finger are mended before (`bot.dutch.mistyped`).
_MONTHS: tuple[tuple[str, ...], ...] = (
    ("januari", "januarie", "jan"),
    ("februari", "februarie", "feb", "febr"),
    ("maart", "mrt", "maa"),
    ("april", "apr"),
    ("mei",),
    ("juni", "jun", "junie"),
    ("juli", "jul", "julie"),
    ("augustus", "aug"),
    ("september", "sept", "sep"),
    ("oktober", "okt", "october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
_CARDINALS = (
    "nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf",
    "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien",
    "twintig", "eenentwintig", "tweeentwintig", "drieentwintig", "vierentwintig", "vijfentwintig",
    "zesentwintig", "zevenentwintig", "achtentwintig", "negenentwintig", "dertig", "eenendertig",
)  # fmt: skip
_IRREGULAR = {1: "eerste", 3: "derde", 8: "achtste"}


def _ordinal(number: int) -> str:
    if number in _IRREGULAR:
        return _IRREGULAR[number]
    return _CARDINALS[number] + ("de" if number < 20 else "ste")


_ORDINALS = tuple(_ordinal(number) for number in range(1, 32))
_SMALL = {"één": 1, "eén": 1, "n": 1, "'n": 1, "paar": 2, "anderhalve": 2}


def _any_of(words: tuple[str, ...]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


#: Patterns without groups, to be put into larger ones.
WEEKDAY = f"(?:{_any_of(WEEKDAYS)})"
SHORT_WEEKDAY = f"(?:{_any_of(_SHORT_WEEKDAYS)})"
MONTH = f"(?:{_any_of(tuple(word for names in _MONTHS for word in names))})"
NUMBER = rf"(?:\d{{1,3}}|{_any_of(_CARDINALS[1:13])}|één|eén|'n)"
CARDINAL = rf"\b(?:{_any_of(_CARDINALS[1:])})\b"
ORDINAL = f"(?:{_any_of(_ORDINALS)})"
DAY_PART = r"(?:voormiddag|ochtend|morgen|namiddag|middag|avond|nacht)"

_NO_GREETING = (
    r"(?<!goede )(?<!goeden )(?<!goeie )(?<!fijne )(?<!prettige )(?<!mooie )(?<!gezellige )"
    r"\b(?!goed|goei)"
)
_HOUR = r"(?:[:.]\d\d)?(?:\s*(?:uur|u))?\b(?![-/])"
_MORNING = (
    rf"{_NO_GREETING}\w*(?:ochtend|voormiddag)s?\b|\b'?s[ -]?morgens\b|\bvanmorgen\b"
    r"|\bvoor de middag\b"
    r"|\b(?:voor|tot)\s+(?:9|1[0-2]|tien|elf|twaalf)(?:[:.]\d\d)?\s*(?:uur|u)\b"
)
_EVENING = (
    rf"{_NO_GREETING}\w*avonds?\b|\bna het werk\b"
    rf"|\b(?:na|vanaf)\s+(?:1[789]|20|vijf|zes|zeven|vijven|zessen|zevenen){_HOUR}"
)
_AFTERNOON = (
    rf"{_NO_GREETING}(?<!voor de )\w*(?<!voor)middags?\b|\bna de lunch\b"
    r"|\b(?:na|vanaf)\s+(?:1[2-5]|twaalf|een|twee|drie)(?:[:.]\d\d)?\s*(?:uur|u)\b"
)

#: Parts of the day, the first pattern that matches counts. Before twelve is morning, after five
#: evening: the hours in which people are visited are divided so.
PART_PATTERNS: tuple[tuple[DayPart, re.Pattern[str]], ...] = (
    ("ochtend", re.compile(_MORNING, re.IGNORECASE)),
    ("avond", re.compile(_EVENING, re.IGNORECASE)),
    ("middag", re.compile(_AFTERNOON, re.IGNORECASE)),
)


def weekday_number(word: str) -> int:
    """The number of a weekday, 0 for Monday; the word is one that the patterns match."""
    lowered = word.lower()
    if lowered in _SHORT_WEEKDAYS:
        return _SHORT_WEEKDAYS.index(lowered)
    return WEEKDAYS.index(lowered)


def month_number(word: str) -> int:
    """The number of a month, 1 for January; the word is one that the patterns match."""
    return next(index for index, names in enumerate(_MONTHS, start=1) if word.lower() in names)


def number_of(word: str) -> int:
    """The number in `3`, `15e`, `drie`, `vijftiende`; the word is one that the patterns match."""
    lowered = word.lower().strip()
    if digits := re.match(r"\d+", lowered):
        return int(digits[0])
    if lowered in _SMALL:
        return _SMALL[lowered]
    if lowered in _CARDINALS:
        return _CARDINALS.index(lowered)
    return _ORDINALS.index(lowered) + 1
