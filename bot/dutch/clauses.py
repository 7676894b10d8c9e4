"""Cuts what a customer wrote into clauses: the one place that knows where one ends. Pure.

`cut` parts at every mark that ends anything, for words that mean something only when a clause is
nothing else. `sentences` and `parts` keep the marks, and what stands before a comma with what
follows it or apart. `contrasted` parts before "maar" and "ik wil" as well, where nobody writes a
mark. Where one request ends and another begins is another matter (`bot.dutch.two_requests`).
"""

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
_SENTENCE: Final = re.compile(r"(?<=[.!?;])\s+|\n+")
_PART: Final = re.compile(r"(?<=[.!?;])\s+|,\s+|\s-\s|\n+")
_CONTRAST: Final = re.compile(
    r"[.,;:!?\n]+\s*|\s+(?=(?:maar|ik (?:wil|bedoel|zoek|vraag|moet)) )", re.IGNORECASE
)
_MARKS: Final = re.compile(r"[.!?,;:\n\s]*")


#: Denies one thing for another, which follows: "niet morgen maar woensdag".
NOT_BUT: Final = r"\b(?:niet|geen)\b[^.,;:!?\n]{1,40}?,?\s+maar\s+(?:wel\s+)?"
#: Leads to what is not wanted any more: "woensdag in plaats van morgen".
IN_PLACE_OF: Final = r"(?:ipv|i\.p\.v\.|in plaats van)"


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

    @property
    def said(self) -> str:
        """As it was typed, with its question mark."""
        return f"{self.text}?" if self.asks else self.text


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


def sentences(text: str) -> list[str]:
    """The sentences of a text in order, with their marks."""
    return [each.strip() for each in _SENTENCE.split(text) if each.strip()]


def parts(text: str) -> list[str]:
    """The sentences of a text and what is parted by commas or dashes in them, in order."""
    return _PART.split(text)


def contrasted(text: str) -> list[tuple[str, str]]:
    """The parts of a text with what parts each from the next, so that they make up the text again.

    Args:
        text: as it was typed; "dat wil ik niet maar ik zoek een tas" has two parts.
    """
    found, start = [], 0
    for border in _CONTRAST.finditer(text):
        found.append((text[start : border.start()], border[0]))
        start = border.end()
    return [*found, (text[start:], "")]
