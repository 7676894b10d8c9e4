"""Leaves out of a message what it denies beside what it wants: "de jas en niet de trui". Pure."""

from __future__ import annotations

import re
from typing import Final

_NOT: Final = r"(?:niet|nie|geen|gin)"
#: Where what is denied ends: with the clause, or before what is wanted in its place.
_ENDS: Final = r"(?=\s*(?:$|[.,;:!?\n]|\b(?:en|maar|wel)\b))"
#: Denied behind "niet": a few words at most, of which none makes a clause of its own.
_THING: Final = r"(?:(?!(?:en|maar|wel|ik|hij|het is|meer|goed|nodig)\b)[\w'-]+\s+){0,3}?[\w'-]+"
_BEFORE: Final = re.compile(
    rf"(?P<lead>^|[.,;:!?\n]|\s\b(?:en|maar|dus)\b)\s*(?:(?:en|maar|dus|nee|neen)\s+)*{_NOT}\s+"
    rf"(?:de|het|die|dat|deze|dit|mijn|m'n|mn|te|voor|op|in|naar|van)\s+{_THING}{_ENDS}",
    re.IGNORECASE,
)
#: "De jas niet, de trui wel": denied by the word behind it.
_BEHIND: Final = re.compile(
    rf"(?P<lead>^|[.,;:!?\n])\s*(?:(?:nee|neen|en|maar)\s+)*(?:de|die|deze|dat|dit)\s+"
    rf"(?:[\w'-]+\s+){{0,1}}[\w'-]+\s+{_NOT}{_ENDS}",
    re.IGNORECASE,
)
#: What links the rest to what was left out.
_LINK: Final = re.compile(r"^\W*(?:(?:en|maar|wel)\b\W*)+", re.IGNORECASE)


def without_denied(text: str) -> str:
    """A text without the things that it denies; the whole text where nothing else would be left.

    Only what stands beside something else is left out: a thing that is denied alone may be an
    answer of its own.

    Args:
        text: as it was typed.
    """
    kept = text
    for pattern in (_BEFORE, _BEHIND):
        kept = pattern.sub(_mark, kept)
    if kept == text:
        return text
    kept = _LINK.sub("", kept).strip(" ,.;:")
    return kept if any(map(str.isalnum, kept)) else text


def _mark(found: re.Match[str]) -> str:
    """The mark in front of what is left out; a word that links it goes along."""
    lead = found["lead"].strip()
    return "" if lead.isalpha() else lead
