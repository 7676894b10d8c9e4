"""The ways in which people write a day: a pattern for each, with the reader of its matches."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from bot.dutch import date_readers, holidays, period_readers
from bot.dutch.date_patterns import (
    CARDINAL,
    DAY_PART,
    MONTH,
    NUMBER,
    ORDINAL,
    SHORT_WEEKDAY,
    WEEKDAY,
)
from bot.dutch.day_reading import Kind

Reader = Callable[[re.Match[str], date], date | tuple[date, ...] | None]

_WHICH_WEEK: Final = (
    r"(?:volgende|komende|aankomende|deze|dees|van deze|vorige|afgelopen)\s+week"
    rf"|over\s+(?P<count>{NUMBER})\s+we(?:ek|ken)|(?:de\s+)?week\s+(?:erop|daarna|na volgende)"
)
_UNIT: Final = r"(?P<unit>dag(?:en)?|we(?:ek|ken)|maand(?:en)?)"
_EDGE: Final = r"\b(?P<edge>eind(?:e)?|begin|midden|medio|half|halverwege)\s+(?:(?:van|in)\s+)?"
_THE: Final = r"(?:(?:de|deze|dees|volgende|komende|die)\s+)?"
_WORDS: Final = "|".join(date_readers.RELATIVE)
_RELATIVE: Final = rf"(?<!goede )(?<!goeden )(?<!elke )\b(?P<word>(?:{_WORDS})(?:{DAY_PART})?)\b"
_DAY_NUMBER: Final = rf"(?:\d{{1,2}}(?:\s?(?:ste|de|e))?|{ORDINAL}|{CARDINAL})"
_RANK: Final = rf"(?:\d{{1,2}}\s?(?:ste|de|e)|{ORDINAL})"
# Between days of a list or a range.
_SEP: Final = r"\s*(?:,|/|-|–|\b(?:en|of|tot(?:\s+en\s+met)?)\b|t/m)\s*"
_SHORT_PART: Final = r"(?:voormiddag|ochtend|namiddag|middag|avond)"
# "De eerste keer", "de 2e verdieping" are no days; the weekday of a month has its own rule.
_NO_RANK: Final = (
    r"(?!\s*(?:keer|maal|verdieping|etage|week|maand|poging|x|dag|persoon|\w+dag\b"
    r"|reactie|mail|klas|hands|instantie|plaats))"
)
_END: Final = r"(?=\s*(?:$|[,.!?]|graag\b|aub\b|svp\b|is\b|kan\b|of\b))"

_RULES: Final[tuple[tuple[str, Reader, Kind], ...]] = (
    (rf"\b(?P<name>{holidays.NAME_OF_DAY})\b(?![-\w])", period_readers.holiday, "date"),
    (rf"\b(?P<name>{holidays.NAME_OF_DAYS})\b(?![-\w])", period_readers.holiday, "several"),
    (
        (
            rf"\b(?P<which>laatste|{ORDINAL}|\d\s?(?:ste|de|e))\s+(?P<weekday>{WEEKDAY})\s+(?:van|in)\s+"
            rf"(?P<period>(?:(?:de|deze|volgende|komende)\s+)?maand|(?P<month>{MONTH}))\b"
        ),
        date_readers.weekday_of_month,
        "date",
    ),
    (
        r"(?<![\d-])(?P<year>20\d\d)-(?P<month>\d\d?)-(?P<day>\d\d?)(?![\d-])",
        date_readers.iso,
        "date",
    ),
    (
        # The first of "12 of 13 december", "12-14 december".
        (
            rf"(?<![\w,.-])(?P<day>{_DAY_NUMBER})(?={_SEP}(?:de\s+)?(?:{_DAY_NUMBER}{_SEP}(?:de\s+)?)?"
            rf"{_DAY_NUMBER}\s*(?:van\s+)?(?P<month>{MONTH})\b)"
        ),
        date_readers.written,
        "date",
    ),
    (
        (
            r"(?<![\w,.-])(?P<day>\d{1,2})\s?[-/.]\s?(?P<month>\d{1,2})"
            r"(?:\s?[-/.]\s?(?P<year>20\d\d|\d\d))?(?![\w-]|[.,]\d)"
        ),
        date_readers.numeric,
        "date",
    ),
    (
        (
            rf"(?:(?<![\w,.-])|(?<=\d[-–]))(?P<day>{_DAY_NUMBER})\s*(?:van\s+)?"
            rf"(?P<month>{MONTH})\.?(?!\w)(?:\s*'?(?P<year>20\d\d))?"
        ),
        date_readers.written,
        "date",
    ),
    (
        rf"\b(?:de\s+)?(?P<day>{_RANK})\s+van\s+(?P<which>(?:de|deze|die|volgende|komende)\s+maand)\b",
        date_readers.day_of_month,
        "date",
    ),
    (
        rf"\b(?:op\s+)?de\s+(?P<day>{_RANK})\b{_NO_RANK}",
        date_readers.day_of_month,
        "date",
    ),
    (
        (
            rf"\bde\s+\d{{1,2}}(?:\s?(?:ste|de|e))?{_SEP}"
            rf"(?P<at>(?P<day>\d{{1,2}}\s?(?:ste|de|e)))\b{_NO_RANK}"
        ),
        date_readers.day_of_month,
        "date",
    ),
    (
        rf"(?:^|\b(?:op|dan|maar|wordt)\s+)(?P<at>de\s+(?P<day>\d{{1,2}})){_END}",
        date_readers.day_of_month,
        "date",
    ),
    (
        (
            rf"\b(?P<weekday>{WEEKDAY})\s+(?P<which>(?:volgende|komende|aankomende|deze|dees"
            r"|van deze|vorige|afgelopen)\s+week|(?:de\s+)?week\s+(?:erop|daarna))\b"
        ),
        date_readers.weekday_of_week,
        "in_week",
    ),
    (
        (
            rf"\b(?P<which>{_WHICH_WEEK})\s+(?:op\s+|de\s+)?(?P<weekday>{WEEKDAY}|{SHORT_WEEKDAY})"
            rf"(?:{DAY_PART})?s?\b"
        ),
        date_readers.weekday_of_week,
        "in_week",
    ),
    (
        (
            rf"\b(?P<weekday>{WEEKDAY})\s+over\s+(?:(?P<count>{NUMBER})\s+we(?:ek|ken)"
            r"|(?P<fortnight>14|veertien)\s+dagen)\b"
        ),
        date_readers.weekday_in_weeks,
        "in_week",
    ),
    (rf"{_EDGE}(?P<period>{_THE}week)\b", period_readers.edge_of_week, "several"),
    (
        rf"{_EDGE}(?P<period>{_THE}maand|(?P<month>{MONTH}))\b",
        period_readers.edge_of_month,
        "several",
    ),
    (
        (
            r"\b(?:(?:in\s+)?(?P<which>dit|het\s+volgende|volgend|het\s+komende?|komend|aankomend|afgelopen"
            r"|vorig|het|'?t)\s+)?week(?:end|einde)\b"
        ),
        period_readers.weekend,
        "several",
    ),
    (
        (
            r"\b(?P<which>volgende|afgelopen|vorige|voorbije)\s+"
            rf"(?P<weekday>{WEEKDAY})(?:{DAY_PART})?s?\b"
        ),
        date_readers.which_weekday,
        "date",
    ),
    (
        # Behind the number nothing is counted, and it is no time: "dinsdag 8 uur", "maandag 3 man".
        (
            rf"\b(?P<weekday>{WEEKDAY}|{SHORT_WEEKDAY})\s+(?P<day>[12]?\d|3[01])(?![\d:.,/-]\d|\d)"
            r"(?=\s*(?:$|[?!.,;]|(?:en|of|graag|aub|svp|dan|ipv|is|kan|in de|'s)\b))"
        ),
        date_readers.weekday_with_day,
        "date",
    ),
    (
        (
            rf"\b(?:(?:(?:eerst|aan)?komende|eerstvolgende|aanstaande|a\.?s\.?|deze)\s+)?"
            rf"(?P<weekday>{WEEKDAY})(?:{DAY_PART})?s?\b(?:\s+(?:aanstaande|a\.?s\b\.?))?"
        ),
        date_readers.weekday,
        "weekday",
    ),
    (
        (
            rf"\b(?:op|vanaf|vóór|voor|tot|pas|liever|volgende)\s+(?P<at>(?P<weekday>{SHORT_WEEKDAY}))\b"
            rf"(?!['\w])(?=\s*(?:$|[,.!?]|{DAY_PART}|is|kan|aub|ipv|of|en|ben|graag))"
        ),
        date_readers.weekday,
        "weekday",
    ),
    (
        rf"^\s*(?P<weekday>{SHORT_WEEKDAY})\s*[.!]?\s*$",
        date_readers.weekday,
        "weekday",
    ),
    (
        # "di middag", "wo 's ochtends", "vr 4 dec", "do 14-12", "za de 5e".
        (
            rf"\b(?P<weekday>{SHORT_WEEKDAY})\b\.?(?=\s+(?:(?:in\s+de\s+|'?s\s+)?{_SHORT_PART}s?\b"
            rf"|(?:de\s+)?\d{{1,2}}(?:\s?(?:ste|de|e)\b|\s?[-/]\s?\d|\s*{MONTH}\b)))"
        ),
        date_readers.weekday,
        "weekday",
    ),
    (
        (
            r"\b(?:in\s+)?(?P<which>volgende|komende|aankomende|deze|van\s+de|in\s+de\s+loop\s+van\s+de)\s+"
            r"week\b(?!\s+(?:erop|daarna|na\b|voor\b))"
        ),
        period_readers.week,
        "several",
    ),
    (
        rf"\bweek\s+(?P<number>\d{{1,2}})\b(?!\s*(?:[-/.:]|uur|dagen|{MONTH}\b))",
        period_readers.week_number,
        "several",
    ),
    (
        r"\bdoor\s?de\s?weeks?e?\b(?:\s+dag(?:en)?\b)?|\b(?:op\s+)?(?:een\s+)?(?:werk|week)dag(?:en)?\b",
        period_readers.workdays,
        "several",
    ),
    (
        rf"\bover\s+(?:een|'n)\s+{_UNIT}\s+of\s+(?P<count>{NUMBER})\b",
        period_readers.about,
        "several",
    ),
    (
        rf"\bover\s+(?:ongeveer|zo'?n|circa|plusminus|een\s+stuk\s+of)\s+(?P<count>{NUMBER})\s+{_UNIT}\b",
        period_readers.about,
        "several",
    ),
    (
        rf"\bover\s+(?P<few>(?:een\s+)?(?:paar|aantal)|enkele|anderhalve)\s+{_UNIT}\b",
        period_readers.a_few,
        "several",
    ),
    (
        rf"{_RELATIVE}\s+over\s+(?P<count>{NUMBER})\s+{_UNIT}\b",
        date_readers.relative_ahead,
        "relative",
    ),
    (rf"\bover\s+(?P<count>{NUMBER})\s+{_UNIT}\b", date_readers.ahead, "relative"),
    (
        rf"\b(?P<count>{NUMBER})\s+{_UNIT}\s+(?P<ago>geleden|terug)\b",
        date_readers.ahead,
        "relative",
    ),
    (_RELATIVE, date_readers.relative, "relative"),
)
#: Weekdays in a row, of which the short names ("di of do") are days too.
WEEKDAYS_IN_A_ROW: Final = re.compile(
    rf"\b(?:{SHORT_WEEKDAY}|{WEEKDAY})(?:{_SEP}(?:op\s+)?(?:{SHORT_WEEKDAY}|{WEEKDAY})\b)+(?!['\w])",
    re.IGNORECASE,
)
NAME_OF_WEEKDAY: Final = re.compile(
    rf"\s*(?:{WEEKDAY}(?:{DAY_PART})?s?|{SHORT_WEEKDAY})\.?\s*", re.IGNORECASE
)
A_SHORT_WEEKDAY: Final = re.compile(rf"\b(?P<weekday>{SHORT_WEEKDAY})\b", re.IGNORECASE)
#: Pattern, reader and kind; where two match the same words, the first counts.
RULES: Final[tuple[tuple[re.Pattern[str], Reader, Kind], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), reader, kind) for pattern, reader, kind in _RULES
)
