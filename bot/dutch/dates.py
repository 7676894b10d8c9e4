"""Reads dates and parts of the day: "overmorgen", "vrijdag over een week", "29-11".

The day it is now is always passed in. Weeks start on Monday (ISO 8601).
"""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import Any

from bot.dutch.date_patterns import PART_PATTERNS, DayPart
from bot.dutch.date_readers import day_of_month
from bot.dutch.date_rules import RULES
from bot.dutch.span import TextSpan, without_overlap

# "niet op vrijdag", "niet thuis op vrijdag", "ipv vrijdag"; "kan het niet vrijdag?" is a wish.
_REFUSED_BEFORE = re.compile(
    r"\b(?:(?<!kan het )(?<!kan dat )(?<!kunnen jullie )(?<!kunt u )(?<!waarom )(?:niet|geen)\s+"
    r"(?:(?:thuis|aanwezig|er|beschikbaar|meer)\s+)?|ipv\s+|in plaats van\s+)"
    r"(?:op\s+|in\s+)?(?:de\s+|'?s\s+)?$",
    re.IGNORECASE,
)
# "vrijdag ben ik er niet", "morgen kan helaas niet", "zaterdag ben ik weg"; but not "zaterdag niet
# open?", "vrijdag niet eerder" and "vrijdag, niet in de ochtend".
_REFUSED_AFTER = re.compile(
    r"\W*(?:(?:ben|zijn|kan|kunnen|komt|lukt|past|gaat|heb|hebben|moet|moeten)\s+)?"
    r"(?:(?:ik|we|wij|het|dat|mij|me|er|ook|dan|helaas|nog|liever|de hele dag)\s+){0,3}"
    r"(?:niet\b(?!\s+(?:open|geopend|bereikbaar|eerder|vroeger|later|alleen|te|voor|na|in|'?s)\b)"
    r"|(?:weg|afwezig|geen tijd|werken|werk (?:ik|we|wij))\b)",
    re.IGNORECASE,
)
# "van vrijdag naar zaterdag": the first is given up.
_FROM, _TO = re.compile(r"\bvan\s+$", re.IGNORECASE), re.compile(r"\s+naar\b", re.IGNORECASE)
#: Characters before a date in which the words that refuse it stand; the longest take sixty.
_BEFORE = 80
# Between dates that share their fate: "woensdag en donderdag ben ik er niet".
_JOINED = re.compile(r"\s*(?:,|en|of|tot|t/m|tot en met)\s*(?:op\s+)?", re.IGNORECASE)


def find(
    text: str, today: date, counted: re.Pattern[str] | None = None
) -> tuple[TextSpan[date], ...]:
    """The dates in a text.

    Args:
        text: what the customer wrote.
        today: the day it is for the customer.
        counted: what the organisation counts, as `bot.dutch.counted.pattern` makes it.

    Returns:
        The dates in order. They may lie in the past: to judge that is the caller's task.
    """
    spans = []
    for pattern, reader in RULES:
        for match in pattern.finditer(text):
            found = reader(match, today)
            # "De 2e afspraak" is no day of the month.
            is_rank = reader is day_of_month and counted and counted.match(text, match.end())
            if found is not None and not is_rank:
                spans.append(TextSpan(found, match.start(), match.end()))
    return without_overlap(spans)


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
    spans = find(text, today, counted)
    refused = [_is_refused(text, span) for span in spans]
    pairs = pairwise(range(len(spans)))
    joined = [(a, b) for a, b in pairs if _JOINED.fullmatch(text, spans[a].end, spans[b].start)]
    # A refusal in front spreads forward (but "geen vrijdag, zaterdag" corrects), one that follows
    # spreads back.
    for first, second in joined:
        if "," not in text[spans[first].end : spans[second].start]:
            refused[second] |= refused[first] and _is_refused_before(text, spans[first])
    for first, second in reversed(joined):
        refused[first] |= refused[second]
    return tuple(span for span, no in zip(spans, refused, strict=True) if not no)


def _is_refused(text: str, span: TextSpan[Any]) -> bool:
    if _is_refused_before(text, span) or _REFUSED_AFTER.match(text, span.end):
        return True
    start = max(0, span.start - _BEFORE)
    return bool(_FROM.search(text, start, span.start) and _TO.match(text, span.end))


def _is_refused_before(text: str, span: TextSpan[Any]) -> bool:
    start = max(0, span.start - _BEFORE)
    return _REFUSED_BEFORE.search(text, start, span.start) is not None


def parse(text: str, today: date) -> date | None:
    """The first date of a text that is not refused, or None when there is none."""
    spans = wanted(text, today)
    return spans[0].value if spans else None


def find_day_part(text: str) -> TextSpan[DayPart] | None:
    """The part of the day a text speaks of: ochtend, middag or avond.

    A greeting is none, and neither is a part that is refused ("liever niet in de ochtend").
    """
    for part, pattern in PART_PATTERNS:
        for match in pattern.finditer(text):
            span = TextSpan(part, match.start(), match.end())
            if not _is_refused(text, span):
                return span
    return None


def day_part(text: str) -> DayPart | None:
    """The part of the day in a text, or None."""
    span = find_day_part(text)
    return span.value if span else None
