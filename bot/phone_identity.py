"""One identity for a telephone number, however a gateway spells it: E.164.

One gives `+31612345678`; another what the operator gives, which may be `0031612345678`,
`0612345678` or `31612345678`. All are one customer. Numbering plans are those of `phonenumbers`
(Google's libphonenumber).

Source: https://www.itu.int/rec/T-REC-E.164
"""

from __future__ import annotations

import re
from typing import Final

import phonenumbers
from phonenumbers import CountryCodeSource, NumberParseException, PhoneNumber, PhoneNumberFormat

#: The country whose numbers are written without a country code, unless the setting says another.
DEFAULT_COUNTRY: Final = "NL"
#: Countries that have a numbering plan, by their two letters (ISO 3166-1).
COUNTRIES: Final = frozenset(phonenumbers.SUPPORTED_REGIONS)

_NUMBER: Final = re.compile(r"\+?[0-9]+", re.ASCII)
_SAYS_COUNTRY: Final = (
    CountryCodeSource.FROM_NUMBER_WITH_PLUS_SIGN,
    CountryCodeSource.FROM_NUMBER_WITH_IDD,
)


def e164(sender: str, country: str) -> str:
    """The one spelling of a sender's telephone number, as `+31612345678`; pure, and idempotent.

    What is no telephone number stays as it is: a sender's name (`Bank`), a short code (`3010`). So
    does a number without any prefix that two countries could have: nothing is guessed, as a reply
    to the wrong one would go to a stranger.

    Args:
        sender: as a gateway gives it.
        country: two letters; whose numbers are written without a country code.

    Returns:
        E.164, or the sender.
    """
    if not _NUMBER.fullmatch(sender):
        return sender
    own = _read(sender, country)
    if own is not None and own.country_code_source in _SAYS_COUNTRY:
        return _written(own) if phonenumbers.is_possible_number(own) else sender
    abroad = None if sender.startswith("+") else _read(f"+{sender}", country)
    found = {
        _written(each)
        for each in (own, abroad)
        if each is not None and phonenumbers.is_valid_number(each)
    }
    return found.pop() if len(found) == 1 else sender


def _read(number: str, country: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(number, country, keep_raw_input=True)
    except NumberParseException:
        return None


def _written(number: PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
