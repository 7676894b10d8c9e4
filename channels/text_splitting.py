"""Cuts a long text into pieces: between paragraphs, else sentences, else lines, else words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

#: Where to cut, best first; the cut is at the end of the match.
_ENDS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"[.!?…][\"'’”)\]]*\s+"),
    re.compile(r"\n"),
    re.compile(r"\s+"),
)
#: A cut in the first part of a piece wastes a message; then a worse place further on is better.
_LEAST = 0.4
#: Signs that belong to the one before them: joiner, variation selectors, skin tones.
_JOINED = re.compile("[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\u20e3]")


def cut(text: str, limit: int, length: Callable[[str], int]) -> list[str]:
    """The pieces of a text, none empty and none longer than `limit`.

    Args:
        text: any text.
        limit: longest piece, in the units of `length`; at least 4.
        length: counts as the provider does; a longer text never counts less.
    """
    pieces = []
    rest = text.strip()
    while length(rest) > limit:
        end = _end(rest, _most(rest, limit, length))
        pieces.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    if rest:
        pieces.append(rest)
    return pieces


def _most(text: str, limit: int, length: Callable[[str], int]) -> int:
    """The number of characters from the start that fit."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if length(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _end(text: str, most: int) -> int:
    """The best place to cut, at `most` or before it."""
    # One sign more, so that an end exactly at the limit is seen.
    window = text[: most + 1]
    for pattern in _ENDS:
        last = max(pattern.finditer(window), key=re.Match.start, default=None)
        if last and last.start() >= most * _LEAST:
            return min(last.end(), most)
    end = most
    while end > 1 and _belongs(text, end):
        end -= 1
    return end if end > 1 else most


def _belongs(text: str, index: int) -> bool:
    """Whether the sign at an index is part of what stands before it."""
    joined = _JOINED.match(text[index]) or text[index - 1] == "\u200d"
    return bool(joined) or unicodedata.combining(text[index]) > 0
