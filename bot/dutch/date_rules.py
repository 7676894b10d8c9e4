"""The ways in which people write a date: a pattern for each, with the reader of its matches."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from bot.dutch import date_readers
from bot.dutch.date_patterns import (
    CARDINAL,
    DAY_PART,
    MONTH,
    NUMBER,
    ORDINAL,
    SHORT_WEEKDAY,
    WEEKDAY,
)

_Reader = Callable[[re.Match[str], date], date | None]
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
        (r"(?<![\d-])(?P<year>20\d\d)-(?P<month>\d\d?)-(?P<day>\d\d?)(?![\d-])", date_readers.iso),
        (
            (
                rf"{_NAMED}(?<![\w,.-])(?P<day>\d{{1,2}})\s?[-/.]\s?(?P<month>\d{{1,2}})"
                r"(?:\s?[-/.]\s?(?P<year>20\d\d|\d\d))?(?![\w-]|[.,]\d)"
            ),
            date_readers.numeric,
        ),
        (
            (
                rf"{_NAMED}(?<![\w,.-])(?P<day>\d{{1,2}}(?:\s?(?:ste|de|e))?|{ORDINAL}|{CARDINAL})\s*(?:van\s+)?"
                rf"(?P<month>{MONTH})\.?(?!\w)(?:\s*'?(?P<year>20\d\d))?"
            ),
            date_readers.written,
        ),
        (
            (
                rf"\b(?:{WEEKDAY}\s+)?(?:op\s+)?de\s+(?P<day>\d{{1,2}}\s?(?:ste|de|e)|{ORDINAL})\b"
                r"(?!\s*(?:keer|maal|verdieping|etage|week|maand|poging|x|dag|persoon"
                r"|reactie|mail|klas|hands|instantie|plaats))"
            ),
            date_readers.day_of_month,
        ),
        (rf"\b(?P<weekday>{WEEKDAY})\s+(?P<which>{_WHICH_WEEK})\b", date_readers.weekday_of_week),
        (
            (
                rf"\b(?P<which>{_WHICH_WEEK})\s+(?:op\s+|de\s+)?(?P<weekday>{WEEKDAY}|{SHORT_WEEKDAY})"
                rf"(?:{DAY_PART})?s?\b"
            ),
            date_readers.weekday_of_week,
        ),
        (
            rf"\b(?P<weekday>{WEEKDAY})\s+over\s+(?P<count>{NUMBER})\s+we(?:ek|ken)\b",
            date_readers.weekday_in_weeks,
        ),
        (
            (
                rf"\b(?P<edge>eind(?:e)?|begin|midden|medio|half)\s+(?:(?:van|in)\s+)?"
                rf"(?P<period>(?:(?:de|deze|dees|volgende|komende|die)\s+)?(?:maand|week)"
                rf"|(?P<month>{MONTH}))\b"
            ),
            date_readers.edge,
        ),
        (
            (
                r"\b(?P<side>na|voor|vóór)\s+"
                r"(?:(?P<which>het volgende|volgend|dit|komend|het|'?t)\s+)?weekend\b"
            ),
            date_readers.beside_weekend,
        ),
        (
            r"\b(?:(?P<which>dit|volgend|komend|aankomend|het|in 't|in het)\s+)?weekend\b",
            date_readers.weekend,
        ),
        (
            (
                rf"\b(?:(?P<which>(?:aan)?komende|volgende|deze|afgelopen|vorige|voorbije)\s+)?"
                rf"(?P<weekday>{WEEKDAY})(?:{DAY_PART})?s?\b"
            ),
            date_readers.weekday,
        ),
        (
            (
                rf"\b(?P<which>op|vanaf|vóór|voor|tot|pas|liever)\s+(?P<weekday>{SHORT_WEEKDAY})\b"
                rf"(?!['\w])(?=\s*(?:$|[,.!?]|{DAY_PART}|is|kan|aub|ipv|of|ben|graag))"
            ),
            date_readers.weekday,
        ),
        (rf"^\s*(?P<which>)(?P<weekday>{SHORT_WEEKDAY})\s*[.!]?\s*$", date_readers.weekday),
        (
            rf"\bover\s+(?P<count>{NUMBER})\s+(?P<unit>dag(?:en)?|we(?:ek|ken)|maand(?:en)?)\b",
            date_readers.ahead,
        ),
        (
            (
                rf"\b(?P<count>{NUMBER})\s+(?P<unit>dag(?:en)?|we(?:ek|ken)|maand(?:en)?)\s+"
                r"(?P<ago>geleden|terug)\b"
            ),
            date_readers.ahead,
        ),
        (
            (
                rf"(?<!goede )(?<!goeden )(?<!elke )\b"
                rf"(?P<word>(?:{'|'.join(date_readers.RELATIVE)})(?:{DAY_PART})?)\b"
            ),
            date_readers.relative,
        ),
    )
)
