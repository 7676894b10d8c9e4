"""Reads times of the day: "half drie", "tussen 12 en 3", "na 17:00", "kwart over acht".

An hour from one to seven without more is one of the afternoon: a customer who writes about "3 uur"
to an organisation that is open by day means 15:00. "'s ochtends" and "'s avonds" say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from typing import Literal

from bot.dutch.date_patterns import MONTH, DayPart
from bot.dutch.span import TextSpan, without_overlap

Role = Literal["", "from", "to"]

_HOURS = (
    "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf",
)  # fmt: skip
_INFORMAL = {
    "enen": 1, "tweeën": 2, "tweeen": 2, "drieën": 3, "drieen": 3, "vieren": 4, "vijven": 5,
    "zessen": 6, "zevenen": 7, "achten": 8, "negenen": 9, "tienen": 10, "elven": 11, "twaalven": 12,
}  # fmt: skip
_MINUTES = {"vijf": 5, "5": 5, "tien": 10, "10": 10, "kwart": 15, "twintig": 20, "20": 20}
_WORD = "|".join(sorted((*_HOURS, "één", *_INFORMAL), key=len, reverse=True))
_UUR = r"\s?(?:uur\b|uurtje\b|u\b|h\b)"
# One moment: 14:30, 14.30, 14u30, half drie, kwart over 8, vijf voor half vier, 3, drie.
_MOMENT = (
    r"(?:"
    r"(?:[01]?\d|2[0-3])\s?(?:[:.]|u)\s?[0-5]\d(?!\d)"
    rf"|(?:(?:vijf|5|tien|10)\s+(?:voor|over)\s+)?half\s+(?:1[0-2]|[1-9]|{_WORD})"
    rf"|(?:kwart|vijf|5|tien|10|twintig|20)\s+(?:voor|over)\s+(?:1[0-2]|[1-9]|{_WORD})"
    rf"|(?:2[0-3]|1\d|0?\d|{_WORD})"
    r")(?!\w)"
)
_NO_MORE = (
    r"(?!\s?(?:[-/]\s?\d|[.,:]\d|euro|€|dag|we(?:ek|ken)\b|maand|jaar|k?wh|m3|stuks?|keer|x\b|%"
    rf"|procent|minu|kwart|{MONTH}\b))"
)
_BETWEEN = re.compile(
    rf"\btussen\s+(?P<a>{_MOMENT})(?:{_UUR})?\s*(?:en|-|–|tot)\s*(?P<b>{_MOMENT})(?:{_UUR})?{_NO_MORE}"
    rf"|\b(?:van|vanaf)\s+(?P<c>{_MOMENT})(?:{_UUR})?\s*(?:tot|t/m|-|–)\s*(?P<d>{_MOMENT})(?:{_UUR})?{_NO_MORE}"
    rf"|(?<![\w.,-])(?P<e>{_MOMENT})(?:{_UUR})?\s?(?:-|–|tot)\s?(?P<f>{_MOMENT}){_UUR}",
    re.IGNORECASE,
)
# A bare number is an hour behind "om", and at the end or before a comma behind the others.
_END = rf"(?:{_UUR}|(?=\s*(?:$|[,.;!?]|graag\b|aub\b|svp\b|of\b|en\b|ben\b|kan\b|'?s\s)))"
_BOUND = (
    r"om|rond|vanaf|na|voor|vóór|tot|uiterlijk|tegen|(?:eerder|vroeger|later)\s+dan"
    r"|op\s+(?:zijn|z'?n)\s+(?:vroegst|laatst)"
)
_ONE = re.compile(
    r"(?<!kwart )(?<!vijf )(?<!tien )(?<!twintig )(?<!\b5 )(?<!\b10 )(?<!\b20 )"
    rf"\b(?P<no>niet\s+)?(?P<word>{_BOUND})\s+(?P<a>{_MOMENT}){_NO_MORE}{_END}",
    re.IGNORECASE,
)
# "Om een uur of drie" is about three, and not one o'clock; "over een uur of drie" is no time.
_OR_SO = re.compile(
    r"(?<!over )(?<!duurt )(?<!duurde )"
    rf"\b(?:(?P<no>niet\s+)?(?P<word>{_BOUND})\s+)?(?P<at>(?:een|'n)\s+uur\s+of\s+(?P<a>{_MOMENT}))"
    rf"{_NO_MORE}(?!(?:{_UUR})?\s*(?:lang|gewacht|duren|wachten|onderweg))",
    re.IGNORECASE,
)
# A time alone: "10.30".
_ALONE = re.compile(r"^\s*(?P<a>(?:[01]?\d|2[0-3])\.[0-5]\d)\s*$")
# Hours without a word in front: never a duration ("over 2 uur", "al 3 uur", "3 uur gewacht").
_BARE = re.compile(
    r"(?<![\w.,-])(?<!over )(?<!binnen )(?<!al )(?<!elke )(?<!per )(?<!ruim )(?<!bijna )(?<!paar )"
    r"(?<!duurt )(?<!duurde )"
    rf"(?P<a>(?:[01]?\d|2[0-3]):[0-5]\d(?!\d)|(?:[01]?\d|2[0-3])u[0-5]\d(?!\d)"
    rf"|(?:(?:vijf|5|tien|10)\s+(?:voor|over)\s+)?half\s+(?:1[0-2]|[1-9]|{_WORD})(?!\w)"
    rf"|(?:kwart|vijf|5|tien|10|twintig|20)\s+(?:voor|over)\s+(?:1[0-2]|[1-9]|{_WORD})(?!\w)"
    rf"|(?:2[0-3]|1\d|0?\d|{_WORD})(?:\.[0-5]\d)?(?={_UUR}))"
    rf"(?!(?:{_UUR})?\s*(?:lang|gewacht|geleden|te laat|later|vertraging|duren|wachten|onderweg"
    rf"|voor half))(?:{_UUR})?",
    re.IGNORECASE,
)
# A digit, "half", "kwart", "uur", or a word behind which an hour written out may stand.
_MAYBE = re.compile(
    r"\d|\bhalf\b|\bkwart\b|uur\b|\bu\b"
    r"|\b(?:om|rond|vanaf|na|v[oó]{2}r|tot|uiterlijk|tegen|tussen|van|dan|vroegst|laatst)\s",
    re.IGNORECASE,
)
_ROLES: dict[str, Role] = {
    "vanaf": "from", "na": "from", "later": "from", "vroegst": "from", "voor": "to", "vóór": "to",
    "tot": "to", "uiterlijk": "to", "tegen": "to", "eerder": "to", "vroeger": "to", "laatst": "to",
}  # fmt: skip
#: What "niet" makes of them: "niet voor 10 uur" is from ten on.
_OTHERWISE: dict[Role, Role] = {"from": "to", "to": "from", "": ""}
_MORNING = re.compile(r"\b\w*ochtends?\b|\b'?s[ -]?morgens\b|\bvanmorgen\b", re.IGNORECASE)
_EVENING = re.compile(r"\b\w*avonds?\b", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2})\s?(?:[:.]|u)\s?(\d\d)", re.IGNORECASE)
_SPOKEN = re.compile(
    r"(?:(?P<minutes>\w+)\s+(?P<side>voor|over)\s+)?(?P<half>half\s+)?(?P<hour>\w+)",
    re.IGNORECASE,
)
#: Parts of the day in which people are visited, each with the hours between which it lies.
_PARTS: tuple[tuple[DayPart, int, int], ...] = (
    ("ochtend", 6, 12), ("middag", 12, 17), ("avond", 17, 23),
)  # fmt: skip
#: Minutes since midnight: half past seven is in the morning, a quarter past seven in the evening.
_EARLIEST = 7 * 60 + 30
#: A part of the day is meant when it holds at least this much of the hours named.
_MOST = 0.6


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time of the day.

    Attributes:
        at: the time.
        role: `from` when it is the earliest ("na 5 uur"), `to` when it is the latest, else empty.
    """

    at: time
    role: Role = ""


def find(text: str, counted: re.Pattern[str] | None = None) -> tuple[TextSpan[TimeOfDay], ...]:
    """The times in a text, in order; those of "tussen 12 en 3" are two, with roles.

    Args:
        text: what the customer wrote.
        counted: what the organisation counts, as `bot.dutch.counted.pattern` makes it.
    """
    if not _MAYBE.search(text):
        return ()
    return without_overlap(
        [
            *_windows(text, counted),
            *(span for each in (_OR_SO, _ONE, _BARE, _ALONE) for span in _singles(text, each)),
        ]
    )


def day_part(moments: tuple[TextSpan[TimeOfDay], ...]) -> DayPart | None:
    """The part of the day that times stand for, or None when they leave it open.

    Args:
        moments: of one message, as `find` gives them.
    """
    if not moments or len(moments) > 2:
        return None
    if len(moments) == 2:
        begin, end = (_hours(span.value.at) for span in moments)
        if moments[0].value.role != "from" or moments[1].value.role != "to" or end <= begin:
            return None
        shares = {
            part: max(0.0, min(end, until) - max(begin, since)) / (end - begin)
            for part, since, until in _PARTS
        }
        return next((part for part, share in shares.items() if share >= _MOST), None)
    hour = _hours(moments[0].value.at)
    if moments[0].value.role == "to":
        return "ochtend" if hour <= 12 else None
    if moments[0].value.role == "from" and hour < 12:
        return None  # "na 10 uur" may be the afternoon as well
    return next((part for part, since, until in _PARTS if since <= hour < until), None)


def _hours(at: time) -> float:
    return at.hour + at.minute / 60


def _windows(text: str, counted: re.Pattern[str] | None) -> Iterator[TextSpan[TimeOfDay]]:
    for match in _BETWEEN.finditer(text):
        names = next(pair for pair in ("ab", "cd", "ef") if match[pair[0]])
        first = _read(match[names[0]], text)
        last = _read(match[names[1]], text)
        if first is None or last is None:
            continue
        if counted and counted.match(text, match.end(names[1])):
            continue
        if last <= first and last.hour < 12:
            last = last.replace(hour=last.hour + 12)
        if last > first:
            yield TextSpan(TimeOfDay(first, "from"), *match.span(names[0]))
            yield TextSpan(TimeOfDay(last, "to"), *match.span(names[1]))


def _singles(text: str, pattern: re.Pattern[str]) -> Iterator[TextSpan[TimeOfDay]]:
    for match in pattern.finditer(text):
        read = _read(match["a"], text)
        if read is not None:
            named = match.groupdict()
            words = (named.get("word") or "").lower().split()
            role: Role = next((_ROLES[word] for word in words if word in _ROLES), "")
            role = _OTHERWISE[role] if named.get("no") else role
            yield TextSpan(TimeOfDay(read, role), *match.span("at" if "at" in named else "a"))


def _read(words: str, text: str) -> time | None:
    """The time that words stand for; the text around them tells morning from evening."""
    if clock := _CLOCK.fullmatch(words.strip()):
        hour, minute = int(clock[1]), int(clock[2])
        return time(hour, minute) if hour < 24 and minute < 60 else None
    spoken = _SPOKEN.fullmatch(words.strip())
    named = _hour_of(spoken["hour"]) if spoken else None
    if spoken is None or named is None or named > 23:
        return None
    minutes = named * 60 - (30 if spoken["half"] else 0)
    if spoken["minutes"]:
        away = _MINUTES.get(spoken["minutes"].lower(), 0)
        minutes += away if spoken["side"].lower() == "over" else -away
    minutes %= 24 * 60
    if minutes < 12 * 60 and spoken["hour"][0] != "0" and _is_later(minutes, text):
        minutes += 12 * 60
    return time(*divmod(minutes, 60))


def _is_later(minutes: int, text: str) -> bool:
    """Whether a time before noon, in minutes, is one after noon as people say it."""
    if _MORNING.search(text):
        return False
    return _EVENING.search(text) is not None or minutes < _EARLIEST


def _hour_of(word: str) -> int | None:
    lowered = word.lower().replace("é", "e")
    if lowered.isdigit():
        return int(lowered)
    if lowered in _INFORMAL:
        return _INFORMAL[lowered]
    return _HOURS.index(lowered) + 1 if lowered in _HOURS else None
