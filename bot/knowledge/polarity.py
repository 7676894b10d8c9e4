"""Tells whether the "Ja," or "Nee," that a passage begins with answers a question. Pure.

A writer answers the heading above the passage with it. To a question in other words, which may be
the opposite one, the same word would say what nobody meant.
"""

from __future__ import annotations

import re
from typing import Final

from bot.knowledge.vocabulary import OwnWords
from bot.knowledge.written_questions import bare, meaning

_LEAD: Final = re.compile(r"(?:ja|nee|jawel)\b(?: hoor)?[,.!;:]\s+(?=\S)", re.IGNORECASE)
#: "Moet ik ...?" and "kan ik ...?" get opposite answers.
_OBLIGES: Final = frozenset("moet moeten hoef hoeft hoeven".split())


def lead(text: str) -> int:
    """How many characters of a text are a "Ja," or "Nee," in front of what it says."""
    found = _LEAD.match(text)
    return found.end() if found else 0


def without_lead(text: str) -> str:
    """A text from behind that word on, with a capital."""
    at = lead(text)
    return f"{text[at].upper()}{text[at + 1 :]}" if at else text


def asks_same(question: str, heading: str, own: OwnWords) -> bool:
    """Whether a question is that of a heading: in the same words that carry meaning.

    Args:
        question: as it was typed.
        heading: of a passage.
        own: words of the organisation.
    """
    asked, written = own.plain(question), own.plain(heading)
    if bare(asked) == bare(written):
        return True
    if _obliges(asked) != _obliges(written):
        return False
    return meaning(asked, own) == meaning(written, own)


def _obliges(plain: str) -> bool:
    return not _OBLIGES.isdisjoint(plain.split())
