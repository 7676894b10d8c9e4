"""Mends slips of the finger in the names of days, parts of it, months: "woensdga".

A word is mended when one slip makes a name of it: a letter left out, one too many, one other, or
two that changed places. The first letter is right, as it nearly always is: "mondag" is no Sunday.
Only names are mended that no other Dutch word is so near to ("zorgen" is not "morgen").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.dutch.calendar import MONTHS, WEEKDAYS
from bot.dutch.date_patterns import DAY_PART

#: Names shorter than this are near to too many words.
_SHORTEST: Final = 6
_NAMES: Final = (
    *WEEKDAYS,
    *(name for name in MONTHS if len(name) >= _SHORTEST),
    "overmorgen",
    "voormiddag",
    "ochtend",
    "namiddag",
    "middag",
)
#: Near to other words, so that only letters that changed places are mended in them.
_SWAPPED_ONLY: Final = ("morgen", "vandaag", "weekend")
#: How a sound at the end is written too.
_BY_SOUND: Final = ((re.compile(r"dach$"), "dag"), (re.compile(r"^ogtend"), "ochtend"))
_WORD: Final = re.compile(r"[^\W\d_]{5,}")
_ENDING: Final = re.compile(rf"(?P<ending>{DAY_PART}s?|s)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mended:
    """A text with its names of days spelled right.

    Attributes:
        text: the text.
        origins: for each mended word, in order: where it begins and ends in `text`, and where it
            began and ended in what the customer wrote.
    """

    text: str
    origins: tuple[tuple[int, int, int, int], ...] = ()

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The place in what the customer wrote of a place in `text`.

        Args:
            start: index of the first character.
            end: index after the last character.
        """
        return self._back(start, first=True), self._back(end, first=False)

    def _back(self, place: int, *, first: bool) -> int:
        moved = 0
        for begin, end, was_begin, was_end in self.origins:
            if place <= begin if first else place < begin:
                break
            if place < end or (not first and place == end):
                # Within a mended word: nobody can say which letter was which.
                return was_begin if first else was_end
            moved = was_end - end
        return place + moved


def mended(text: str) -> Mended:
    """A text with slips of the finger in names of days and months mended.

    Args:
        text: what the customer wrote.
    """
    parts: list[str] = []
    origins: list[tuple[int, int, int, int]] = []
    length = last = 0
    for match in _WORD.finditer(text):
        right = _right(match[0].lower())
        if right is None:
            continue
        parts += [text[last : match.start()], right]
        length += match.start() - last
        origins.append((length, length + len(right), *match.span()))
        length += len(right)
        last = match.end()
    return Mended("".join([*parts, text[last:]]), tuple(origins)) if origins else Mended(text)


@lru_cache(maxsize=4096)
def _right(word: str) -> str | None:
    """The word as it was meant; None when it is right, or none of the names."""
    longest = 28
    if len(word) > longest:
        return None
    ending = _ENDING.search(word)
    stem = word[: ending.start()] if ending and ending.start() else ""
    if stem in _NAMES:
        return None
    if (right := _name(word)) is not None:
        return None if right == word else right
    right = _name(stem) if ending and stem else None
    return None if right is None or ending is None else right + ending["ending"]


def _name(word: str) -> str | None:
    for sound, spelled in _BY_SOUND:
        word = sound.sub(spelled, word)
    if word in _NAMES or word in _SWAPPED_ONLY:
        return word
    near = (name for name in _NAMES if word[:1] == name[0] and _one_slip(word, name))
    return next(near, None) or next((n for n in _SWAPPED_ONLY if _swapped(word, n)), None)


def _one_slip(word: str, name: str) -> bool:
    if abs(len(word) - len(name)) > 1:
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(word, name, strict=False)) if a != b),
        min(len(word), len(name)),
    )
    rest, own = word[start:], name[start:]
    if len(word) == len(name):
        return rest[1:] == own[1:] or _swapped(word, name)
    return rest[1:] == own if len(word) > len(name) else rest == own[1:]


def _swapped(word: str, name: str) -> bool:
    if len(word) != len(name) or word == name or word[:1] != name[0]:
        return False
    start = next(i for i, (a, b) in enumerate(zip(word, name, strict=True)) if a != b)
    two = slice(start, start + 2)
    return word[two] == name[two][::-1] and word[start + 2 :] == name[start + 2 :]
