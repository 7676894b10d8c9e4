"""Cuts what a customer wrote into the parts between marks. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

#: A mark between digits belongs to a number, a full stop between letters to an address.
#: Nor does it end anything behind an initial or a title: "mevr. J. de Boer".
_CLAUSE: Final = re.compile(
    r"(?:[^.!?,;:\n]|(?<=\d)[,:](?=\d)|(?<=\w)\.(?=\w)|(?<=\b[A-Z])\.(?= )"
    r"|(?:(?<=\b[Mm]evr)|(?<=\b[MmDdIi]r)|(?<=\b[Mm]w)|(?<=\b[Dd]hr)|(?<=\b[Dd]rs)|(?<=\b[Ii]ng))"
    r"\.(?= ))+"
)
_MARKS: Final = re.compile(r"[.!?,;:\n\s]*")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a message between two marks.

    Attributes:
        text: as it was typed, without the marks.
        start: index of its first character in the message.
        end: index after the marks that follow it.
        asks: whether a question mark follows.
    """

    text: str
    start: int
    end: int
    asks: bool


def cut(text: str) -> tuple[Clause, ...]:
    """The clauses of a text in order; those of nothing but spaces are left out.

    Args:
        text: what the customer typed.
    """
    found = []
    for match in _CLAUSE.finditer(text):
        if words := match[0].strip():
            marks = _MARKS.match(text, match.end())
            end = marks.end() if marks else match.end()
            start = match.start() + match[0].index(words)
            found.append(Clause(words, start, end, "?" in text[match.end() : end]))
    return tuple(found)
