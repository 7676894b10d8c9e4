"""Reads how far a day is from another that the text leaves out: "een dag later", "de dag erna"."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from bot.dutch.date_patterns import NUMBER, number_of
from bot.dutch.span import TextSpan

_LATER: Final = re.compile(
    rf"\b(?:(?P<count>{NUMBER})\s+)?(?P<unit>dag(?:en|je)?|week(?:je)?|weken)\s+"
    r"(?P<way>later|eerder|vroeger|verder|daarna|daarvoor|erna|ervoor|erop)\b(?!\s+dan\b)"
    r"|\b(?:de\s+)?(?P<next>volgende|vorige)\s+dag\b",
    re.IGNORECASE,
)
_BACK: Final = frozenset({"eerder", "vroeger", "daarvoor", "ervoor", "vorige"})
#: Further than this is no change of a day but a story.
_FARTHEST: Final = 62


def find(text: str) -> TextSpan[timedelta] | None:
    """The one distance in a text, forward or back; None when there is none, or more than one.

    "Een dag later dan gepland" tells what happened, and is none.

    Args:
        text: what the customer wrote.
    """
    found = [match for match in _LATER.finditer(text) if _days(match)]
    if len(found) != 1:
        return None
    return TextSpan(timedelta(days=_days(found[0])), *found[0].span())


def _days(match: re.Match[str]) -> int:
    count = number_of(match["count"]) if match["count"] else 1
    unit, way = (match["unit"] or "dag").lower(), (match["way"] or match["next"]).lower()
    days = count * (7 if unit.startswith("we") else 1)
    return 0 if days > _FARTHEST else -days if way in _BACK else days
