"""Rules for each way of writing a date: a pattern, and a reader that turns a match into a day."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from bot.dutch.date_patterns import (
    CARDINAL,
    DAY_PART,
    MONTH,
    NUMBER,
    ORDINAL,
    SHORT_WEEKDAY,
    WEEKDAY,
    month_number,
    number_of,
    weekday_number,
)

_Match = re.Match[str]

#: A day and month without a year is the coming one, unless it was at most this many days ago.
RECENT_DAYS = 60


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(month: int, day: int, today: date) -> date | None:
    """The date of a day and month without a year: one of the recent past, else the next."""
    for year in (today.year - 1, today.year, today.year + 1, today.year + 2):
        found = _day(year, month, day)
        if found is not None and found >= today - timedelta(days=RECENT_DAYS):
            return found
    return None  # 29 February more than two years away


def _next_weekday(weekday: int, after: date) -> date:
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def _monday(today: date, weeks: int = 0) -> date:
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


def _add_months(today: date, months: int) -> date:
    years, month = divmod(today.month - 1 + months, 12)
    year = today.year + years
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _iso(match: _Match, _today: date) -> date | None:
    return _day(int(match["year"]), int(match["month"]), int(match["day"]))


def _numeric(match: _Match, today: date) -> date | None:
    day, month, year = int(match["day"]), int(match["month"]), match["year"]
    if not year:
        return _nearest(month, day, today) if 1 <= month <= 12 else None
    return _day(int(year) + (2000 if len(year) == 2 else 0), month, day)


def _written(match: _Match, today: date) -> date | None:
    day, month, year = number_of(match["day"]), month_number(match["month"]), match["year"]
    return _day(int(year), month, day) if year else _nearest(month, day, today)


def day_of_month(match: _Match, today: date) -> date | None:
    """Reads `de 15e`: the coming one, in this month or the first that has that day."""
    for months in range(4):
        first = _add_months(today.replace(day=1), months)
        found = _day(first.year, first.month, number_of(match["day"]))
        if found is not None and found >= today:
            return found
    return None


_RELATIVE = {
    "eergisteren": -2, "gisteren": -1, "gister": -1, "vandaag": 0, "vanavond": 0, "vanmiddag": 0,
    "vanochtend": 0, "vanmorgen": 0, "vannacht": 0, "morgen": 1, "overmorgen": 2,
}  # fmt: skip


def _relative(match: _Match, today: date) -> date:
    word = match["word"].lower()
    offset = next(days for name, days in _RELATIVE.items() if word.startswith(name))
    return today + timedelta(days=offset)


def _ahead(match: _Match, today: date) -> date | None:
    """Reads `over drie dagen`, `over een week`, `3 dagen geleden`."""
    count, unit = number_of(match["count"]), match["unit"].lower()
    sign = -1 if match.groupdict().get("ago") else 1
    if count > 366:
        return None
    if unit.startswith("maand"):
        return _add_months(today, sign * count)
    return today + timedelta(days=sign * count * (7 if unit.startswith("we") else 1))


def _weekday_of_week(match: _Match, today: date) -> date:
    which = match["which"].lower()
    weeks = 2 if "over" in which else 0 if which.startswith(("deze", "dees", "van deze")) else 1
    if "twee" in which or "2" in which:
        weeks = 2
    if which.startswith(("vorige", "afgelopen")):
        weeks = -1
    return _monday(today, weeks) + timedelta(days=weekday_number(match["weekday"]))


def _weekday_in_weeks(match: _Match, today: date) -> date:
    """Reads `vrijdag over een week`: the coming Friday and then so many weeks."""
    coming = _next_weekday(weekday_number(match["weekday"]), today)
    return coming + timedelta(weeks=number_of(match["count"]))


def _weekday(match: _Match, today: date) -> date:
    weekday, which = weekday_number(match["weekday"]), (match["which"] or "").lower()
    if which.startswith(("afgelopen", "vorige", "voorbije")):
        return _next_weekday(weekday, today - timedelta(days=8))
    if which.startswith("volgende"):
        # Of two readings the one most people mean: the day in next week, not the first to come.
        return _monday(today, 1) + timedelta(days=weekday)
    return _next_weekday(weekday, today)


def _edge(match: _Match, today: date) -> date | None:
    """Reads `eind van de maand`, `begin volgende week`, `midden november`."""
    edge, period = match["edge"].lower(), match["period"].lower()
    shift = 1 if "volgend" in period else 0
    if "week" in period:
        offset = 0 if edge.startswith("begin") else 2 if edge.startswith(("mid", "half")) else 4
        return _monday(today, shift) + timedelta(days=offset)
    if match["month"]:
        first = _nearest(month_number(match["month"]), 28, today)
        first = first.replace(day=1) if first else today
    else:
        first = _add_months(today.replace(day=1), shift)
    if edge.startswith("begin"):
        return first
    last = monthrange(first.year, first.month)[1]
    return first.replace(day=15 if edge.startswith(("mid", "half")) else last)


def _weekend(match: _Match, today: date) -> date:
    """The Saturday of the weekend that is meant."""
    return _monday(today, 1 if "volgend" in (match["which"] or "").lower() else 0) + timedelta(5)


def _beside_weekend(match: _Match, today: date) -> date:
    """Reads `na het weekend` (the Monday after it) and `voor het weekend` (the Friday before)."""
    saturday = _monday(today, 1 if "volgend" in (match["which"] or "").lower() else 0) + timedelta(
        5
    )
    if match["side"].lower() == "na":
        return saturday + timedelta(days=2)
    return max(saturday - timedelta(days=1), today)


_Reader = Callable[[_Match, date], date | None]
_WHICH_WEEK = (
    r"(?:volgende|komende|aankomende|deze|dees|van deze|vorige|afgelopen)\s+week"
    r"|over\s+(?:twee|2)\s+weken|(?:de\s+)?week\s+(?:erop|daarna|na volgende)"
)
# "vrijdag 4 december", "vr 4-12": the number counts, also where the two disagree.
_NAMED = rf"(?:\b(?:{WEEKDAY}|{SHORT_WEEKDAY})\s*,?\s+(?:de\s+)?)?"
#: Pattern and reader; where two match the same words, the first counts.
RULES: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reader)
    for pattern, reader in (
        (r"(?<![\d-])(?P<year>20\d\d)-(?P<month>\d\d?)-(?P<day>\d\d?)(?![\d-])", _iso),
        (
            (
                rf"{_NAMED}(?<![\w,.-])(?P<day>\d{{1,2}})\s?[-/.]\s?(?P<month>\d{{1,2}})"
                r"(?:\s?[-/.]\s?(?P<year>20\d\d|\d\d))?(?![\w-]|[.,]\d)"
            ),
            _numeric,
        ),
        (
            (
                rf"{_NAMED}(?<![\w,.-])(?P<day>\d{{1,2}}(?:\s?(?:ste|de|e))?|{ORDINAL}|{CARDINAL})\s*(?:van\s+)?"
                rf"(?P<month>{MONTH})\.?(?!\w)(?:\s*'?(?P<year>20\d\d))?"
            ),
            _written,
        ),
        (
            (
                rf"\b(?:{WEEKDAY}\s+)?(?:op\s+)?de\s+(?P<day>\d{{1,2}}\s?(?:ste|de|e)|{ORDINAL})\b"
                r"(?!\s*(?:keer|maal|verdieping|etage|week|maand|poging|x|dag|persoon"
                r"|reactie|mail|klas|hands|instantie|plaats))"
            ),
            day_of_month,
        ),
        (rf"\b(?P<weekday>{WEEKDAY})\s+(?P<which>{_WHICH_WEEK})\b", _weekday_of_week),
        (
            (
                rf"\b(?P<which>{_WHICH_WEEK})\s+(?:op\s+|de\s+)?(?P<weekday>{WEEKDAY}|{SHORT_WEEKDAY})"
                rf"(?:{DAY_PART})?s?\b"
            ),
            _weekday_of_week,
        ),
        (
            rf"\b(?P<weekday>{WEEKDAY})\s+over\s+(?P<count>{NUMBER})\s+we(?:ek|ken)\b",
            _weekday_in_weeks,
        ),
        (
            (
                rf"\b(?P<edge>eind(?:e)?|begin|midden|medio|half)\s+(?:(?:van|in)\s+)?"
                rf"(?P<period>(?:(?:de|deze|dees|volgende|komende|die)\s+)?(?:maand|week)"
                rf"|(?P<month>{MONTH}))\b"
            ),
            _edge,
        ),
        (
            (
                r"\b(?P<side>na|voor|vóór)\s+"
                r"(?:(?P<which>het volgende|volgend|dit|komend|het|'?t)\s+)?weekend\b"
            ),
            _beside_weekend,
        ),
        (r"\b(?:(?P<which>dit|volgend|komend|aankomend|het|in 't|in het)\s+)?weekend\b", _weekend),
        (
            (
                rf"\b(?:(?P<which>(?:aan)?komende|volgende|deze|afgelopen|vorige|voorbije)\s+)?"
                rf"(?P<weekday>{WEEKDAY})(?:{DAY_PART})?s?\b"
            ),
            _weekday,
        ),
        (
            (
                rf"\b(?P<which>op|vanaf|vóór|voor|tot|pas|liever)\s+(?P<weekday>{SHORT_WEEKDAY})\b"
                rf"(?!['\w])(?=\s*(?:$|[,.!?]|{DAY_PART}|is|kan|aub|ipv|of|ben|graag))"
            ),
            _weekday,
        ),
        (rf"^\s*(?P<which>)(?P<weekday>{SHORT_WEEKDAY})\s*[.!]?\s*$", _weekday),
        (
            rf"\bover\s+(?P<count>{NUMBER})\s+(?P<unit>dag(?:en)?|we(?:ek|ken)|maand(?:en)?)\b",
            _ahead,
        ),
        (
            (
                rf"\b(?P<count>{NUMBER})\s+(?P<unit>dag(?:en)?|we(?:ek|ken)|maand(?:en)?)\s+"
                r"(?P<ago>geleden|terug)\b"
            ),
            _ahead,
        ),
        (
            (
                rf"(?<!goede )(?<!goeden )(?<!elke )\b"
                rf"(?P<word>(?:{'|'.join(_RELATIVE)})(?:{DAY_PART})?)\b"
            ),
            _relative,
        ),
    )
)
