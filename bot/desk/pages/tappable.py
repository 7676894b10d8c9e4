"""Finds addresses and telephone numbers in a text, so that an agent can tap them. Pure.

What comes of it is text and an address; only the schemes here ever become a link, whatever a
customer writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import phonenumbers

_WEB: Final = re.compile(
    r"(?P<web>(?:https?://|www\.)[^\s<>\"]+)|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)", re.IGNORECASE
)
#: What ends a sentence rather than an address.
_AFTER: Final = ".,;:!?'\u2019\u201d\u00bb*_"
_PAIRS: Final = {")": "(", "]": "["}
#: Fewer digits are no telephone number anywhere that is worth calling from a desk.
_FEWEST: Final = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text.

    Attributes:
        text: as it was written.
        href: where it leads (`http:`, `https:`, `tel:` or `mailto:`), or empty.
    """

    text: str
    href: str = ""


def pieces(text: str, country: str) -> tuple[Piece, ...]:
    """A text in pieces; joined they are the text.

    Args:
        text: what somebody wrote.
        country: where numbers without a country code are from (ISO 3166).
    """
    return tuple(each for each in _pieces(text, country) if each.text)


def _pieces(text: str, country: str) -> Iterator[Piece]:
    done = 0
    for match in _WEB.finditer(text):
        shown = _trimmed(match[0])
        if len(shown) < 5:
            continue
        yield from _numbers(text[done : match.start()], country)
        yield Piece(shown, _href(shown, is_mail=match["mail"] is not None))
        done = match.start() + len(shown)
    yield from _numbers(text[done:], country)


def _href(shown: str, *, is_mail: bool) -> str:
    if is_mail:
        return f"mailto:{shown}"
    return shown if shown.lower().startswith("http") else f"https://{shown}"


def _trimmed(address: str) -> str:
    while address:
        last = address[-1]
        opens = _PAIRS.get(last)
        if last not in _AFTER and (opens is None or address.count(last) <= address.count(opens)):
            break
        address = address[:-1]
    return address


def _numbers(text: str, country: str) -> Iterator[Piece]:
    if sum(each.isdecimal() for each in text) < _FEWEST:
        yield Piece(text)
        return
    done = 0
    for match in phonenumbers.PhoneNumberMatcher(text, country):
        form = phonenumbers.PhoneNumberFormat.E164
        yield Piece(text[done : match.start])
        yield Piece(match.raw_string, f"tel:{phonenumbers.format_number(match.number, form)}")
        done = match.end
    yield Piece(text[done:])
