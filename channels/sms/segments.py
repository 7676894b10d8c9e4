"""Counts the segments that a text takes, each of which is paid for.

GSM-7 holds 160 septets, or 153 in each part of a longer message; UCS-2 holds 70 code units, or 67.
Source: 3GPP TS 23.040, section 9.2.3.24.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from channels.sms.alphabet import EXTENDED, is_gsm

Encoding = Literal["GSM-7", "UCS-2"]

#: Units that fit in a message of one segment, and in each segment of a longer one.
_ALONE: Final[dict[Encoding, int]] = {"GSM-7": 160, "UCS-2": 70}
_JOINED: Final[dict[Encoding, int]] = {"GSM-7": 153, "UCS-2": 67}
#: Segments within which a reply stays.
MAX_SEGMENTS: Final = 3
#: The same in septets: the unit of `length`.
MAX_LENGTH: Final = MAX_SEGMENTS * _JOINED["GSM-7"]


@dataclass(frozen=True, slots=True)
class Measure:
    """The size of a text.

    Attributes:
        encoding: how it travels.
        units: septets or UTF-16 code units, with those left open at the end of a segment because
            a character of two does not fit there.
        segments: how many messages the carrier counts.
    """

    encoding: Encoding
    units: int
    segments: int


def measure(text: str) -> Measure:
    """Counts a text as the carrier does; an empty one is one segment."""
    encoding: Encoding = "GSM-7" if is_gsm(text) else "UCS-2"
    sizes = [_size(character, encoding) for character in text]
    if sum(sizes) <= _ALONE[encoding]:
        return Measure(encoding, sum(sizes), 1)
    room = _JOINED[encoding]
    units = _packed(sizes, room)
    return Measure(encoding, units, -(-units // room))


def length(text: str) -> int:
    """Septets a text takes; a UCS-2 unit counts for the 16/7 septets it fills.

    At most `MAX_LENGTH` means: at most `MAX_SEGMENTS` segments, in either encoding.
    """
    size = measure(text)
    return size.units if size.encoding == "GSM-7" else size.units * 16 // 7


def _size(character: str, encoding: Encoding) -> int:
    if encoding == "GSM-7":
        return 2 if character in EXTENDED else 1
    return 2 if ord(character) > 0xFFFF else 1


def _packed(sizes: Iterable[int], room: int) -> int:
    units = 0
    for size in sizes:
        left = room - units % room
        # An escape and its sign, like both halves of a surrogate pair, stay together.
        units += size + (left if size > left else 0)
    return units
