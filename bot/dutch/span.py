"""A value and where in the text it was read."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class TextSpan(Generic[Value]):
    """Something read in a text.

    Attributes:
        value: what it means, normalised.
        start: index of its first character in the text.
        end: index after its last character.
    """

    value: Value
    start: int
    end: int

    def overlaps(self, other: TextSpan[Any]) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


def without_overlap(spans: Iterable[TextSpan[Value]]) -> tuple[TextSpan[Value], ...]:
    """The spans in order of the text; of two that overlap the one given first stays."""
    kept: list[TextSpan[Value]] = []
    for span in spans:
        # Those kept do not overlap, so that only the neighbours can.
        place = bisect_left(kept, span.end, key=lambda each: each.start)
        if place == 0 or kept[place - 1].end <= span.start:
            kept.insert(place, span)
    return tuple(kept)


def number(digits: str) -> int:
    """The whole number in `12.345`, `12 345` or `12345`; other characters are left out.

    Raises:
        ValueError: there is no digit in it.
    """
    return int(re.sub(r"\D", "", digits))
