"""Tells which days and parts of the day a customer refuses: "niet vrijdag", "morgen ben ik weg"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from bot.dutch.span import TextSpan

# "niet op vrijdag", "niet thuis op vrijdag", "behalve vrijdag", "ipv vrijdag"; "kan het niet
# vrijdag?" is a wish.
_REFUSED_BEFORE: Final = re.compile(
    r"\b(?:(?<!kan het )(?<!kan dat )(?<!kunnen jullie )(?<!kunt u )(?<!waarom )(?:niet|geen)\s+"
    r"(?:(?:thuis|aanwezig|er|beschikbaar|meer|juist)\s+)?|ipv\s+|in plaats van\s+"
    r"|(?:behalve|uitgezonderd|buiten|met uitzondering van)\s+)"
    r"(?:op\s+|in\s+)?(?:de\s+|het\s+|'?s\s+)?$",
    re.IGNORECASE,
)
_EXCEPT: Final = re.compile(
    r"\b(?:behalve|uitgezonderd|buiten|met uitzondering van)\s+(?:op\s+)?(?:de\s+|het\s+)?$",
    re.IGNORECASE,
)
# "vrijdag ben ik er niet", "morgen kan helaas niet", "zaterdag ben ik weg"; but not "zaterdag niet
# open?", "vrijdag niet eerder" and "vrijdag, niet in de ochtend".
_REFUSED_AFTER: Final = re.compile(
    r"\W*(?:(?:ben|zijn|kan|kunnen|komt|lukt|past|gaat|heb|hebben|moet|moeten|zit|zitten)\s+)?"
    r"(?:(?:ik|we|wij|het|dat|mij|me|er|ook|dan|helaas|nog|liever|de hele dag)\s+){0,3}"
    r"(?:niet\b(?!\s+(?:open|geopend|bereikbaar|eerder|vroeger|later|alleen|te|voor|na|in|'?s)\b)"
    r"|niet\b(?=\s+na\s*(?:$|[,.!]))"
    r"|(?:weg|afwezig|geen tijd|werken|werk (?:ik|we|wij)|(?:op )?vakantie|in het buitenland)\b)",
    re.IGNORECASE,
)
# "van vrijdag naar zaterdag": the first is given up.
_FROM: Final = re.compile(r"\bvan\s+$", re.IGNORECASE)
_TO: Final = re.compile(r"\s+naar\b", re.IGNORECASE)
# "elke dag op maandag na": all but that one.
_ON: Final = re.compile(r"\bop\s+$", re.IGNORECASE)
_BUT: Final = re.compile(r"\s+na\s*(?:$|[,.!])", re.IGNORECASE)
#: Characters before a date in which the words that refuse it stand; the longest take sixty.
_BEFORE: Final = 80
# Between dates that share their fate: "woensdag en donderdag ben ik er niet".
_JOINED: Final = re.compile(
    r"\s*(?:,|en|of|tot|t/m|tot en met)\s*(?:op\s+)?(?:de\s+)?", re.IGNORECASE
)


def is_refused(text: str, span: TextSpan[Any]) -> bool:
    """Whether the words around a day or part of it refuse it.

    Args:
        text: what the customer wrote.
        span: the words for the day.
    """
    if _is_refused_before(text, span) or _REFUSED_AFTER.match(text, span.end):
        return True
    start = max(0, span.start - _BEFORE)
    given_up = _FROM.search(text, start, span.start) and _TO.match(text, span.end)
    left_out = _ON.search(text, start, span.start) and _BUT.match(text, span.end)
    return bool(given_up or left_out)


def refused_of(text: str, spans: Sequence[TextSpan[Any]]) -> list[bool]:
    """Whether each of the days in a text is refused.

    A refusal in front spreads forward (but "geen vrijdag, zaterdag" corrects, where "behalve
    vrijdag, zaterdag" does not), one that follows spreads back.

    Args:
        text: what the customer wrote.
        spans: the words for days, in order.
    """
    refused = [is_refused(text, span) for span in spans]
    in_front = [_is_refused_before(text, span) for span in spans]
    excepted = [_EXCEPT.search(text, max(0, s.start - _BEFORE), s.start) is not None for s in spans]
    pairs = pairwise(range(len(spans)))
    joined = [(a, b) for a, b in pairs if _JOINED.fullmatch(text, spans[a].end, spans[b].start)]
    for first, second in joined:
        excepted[second] |= excepted[first]
        if excepted[first] or "," not in text[spans[first].end : spans[second].start]:
            in_front[second] |= in_front[first]
            refused[second] |= in_front[first]
    for first, second in reversed(joined):
        refused[first] |= refused[second]
    return refused


def _is_refused_before(text: str, span: TextSpan[Any]) -> bool:
    start = max(0, span.start - _BEFORE)
    return _REFUSED_BEFORE.search(text, start, span.start) is not None
