"""Leaves out of a message what it denies beside what it wants: "de jas en niet de trui". Pure.

What is denied is a thing, or something to do: "ik wil opzeggen en niet pauzeren".
"""

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
#: Something to do. That nothing need be done is not among it: it denies all of the message.
_TO_DO: Final = r"(?:te\s+)?(?!(?:doen|hoeven|willen|worden|kunnen|mogen|moeten)\b)[\w'-]{2,}en"
#: Denied behind "en" or a mark: "opzeggen, niet pauzeren".
_NOR_DO: Final = re.compile(
    rf"(?P<lead>[.,;:!?\n]|\s\b(?:en|maar|dus)\b)\s*(?:(?:en|maar|dus)\s+)*{_NOT}\s+{_TO_DO}{_ENDS}",
    re.IGNORECASE,
)
#: Denied right behind what is to be done, without any mark: "de les opzeggen niet pauzeren".
#: Behind a thing it is what cannot or must not be done: "ik wil de lessen niet missen".
_DO_NOT_DO: Final = re.compile(
    r"(?<![\w'-])(?P<before>[\w'-]+\s+)?(?P<verb>(?!(?:willen|kunnen|mogen|moeten|zullen|hoeven"
    r"|gaan|zouden|hebben|zijn|worden|morgen|even|binnen|buiten)\b)[\w'-]{2,}en"
    rf"(?:\s+bedoel(?:de)?\s+ik)?)\s+{_NOT}\s+{_TO_DO}{_ENDS}",
    re.IGNORECASE,
)
#: Stands before a thing, and never before something to do.
_ARTICLE: Final = re.compile(
    r"(?:de|het|een|die|dat|deze|dit|mijn|m'n|mn|onze|uw|alle|geen|\d+)\s+", re.IGNORECASE
)
#: What is left says nothing by itself.
_SAYS_NOTHING: Final = re.compile(r"\W*(?:(?:nee+n?|ja|nou|sorry|ok[eé]?)\b\W*)*", re.IGNORECASE)
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
    for pattern in (_BEFORE, _BEHIND, _NOR_DO):
        kept = pattern.sub(_mark, kept)
    kept = _DO_NOT_DO.sub(_done, kept)
    if kept == text:
        return text
    kept = _LINK.sub("", kept).strip(" ,.;:")
    return text if _SAYS_NOTHING.fullmatch(kept) else kept


def _mark(found: re.Match[str]) -> str:
    """The mark in front of what is left out; a word that links it goes along."""
    lead = found["lead"].strip()
    return "" if lead.isalpha() else lead


def _done(found: re.Match[str]) -> str:
    """What is to be done, without what is not; all of it where it is a thing."""
    before = found["before"] or ""
    return found[0] if _ARTICLE.fullmatch(before) else f"{before}{found['verb']}"
