"""Reads telephone numbers, Dutch ones unless a country code says otherwise, as E.164."""

from __future__ import annotations

import re

from phonenumbers import PhoneNumberFormat, PhoneNumberMatcher, format_number

from bot.dutch.span import TextSpan

#: Country whose numbers are written without a country code.
REGION = "NL"
# What may be a number: it begins with 0 or a plus, and has 9 digits or more. The library then looks
# at these few characters only, so that its work does not grow with the length of a message.
_CANDIDATE = re.compile(r"(?<![\w.,/-])(?:\+|\(?0)(?:[ ().\-/]{0,3}\d){8,14}(?!\w)")


def find(text: str) -> tuple[TextSpan[str], ...]:
    """The telephone numbers in a text that exist in their country's numbering plan."""
    return tuple(
        TextSpan(
            format_number(match.number, PhoneNumberFormat.E164),
            candidate.start() + match.start,
            candidate.start() + match.end,
        )
        for candidate in _CANDIDATE.finditer(text)
        for match in PhoneNumberMatcher(candidate[0], REGION)
    )
