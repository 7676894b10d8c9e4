"""Finds a telephone number or e-mail address in a customer's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

import phonenumbers
from phonenumbers import PhoneNumberType

#: A number without a country is Dutch.
_REGION: Final = "NL"
#: Longest address. Source: RFC 5321, section 4.5.3.1.3 (a path of 256 with its brackets).
_LONGEST_EMAIL: Final = 254
#: The atoms of RFC 5322 without quoting, and a domain of at least two labels. Looks first whether
#: an @ is near enough (64 characters: RFC 5321, 4.5.3.1.1), so that none is looked for far away.
_EMAIL: Final = re.compile(
    r"(?<![\w.+-])(?=[^\s@]{1,64}@)(?P<local>[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*)"
    r"@(?P<domain>(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})(?![\w@-]|\.\w)",
    re.IGNORECASE,
)
#: Nobody is called back on these: they cost money, or nobody answers.
_NOT_CALLED: Final = frozenset(
    {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.TOLL_FREE}
)


@dataclass(frozen=True, slots=True)
class Contact:
    """A way to reach somebody.

    Attributes:
        kind: telephone or e-mail.
        value: `+31 6 12345678`, or the address with its domain in lower case.
        start: index of its first character in the text.
        end: index after its last character.
    """

    kind: Literal["phone", "email"]
    value: str
    start: int = 0
    end: int = 0


def contact_in(text: str) -> Contact | None:
    """The first e-mail address in a text, else the first telephone number that exists; or None."""
    return _email_in(text) or _phone_in(text)


def kind_of(value: str) -> Literal["phone", "email"]:
    """Which of the two a contact's value is."""
    return "email" if "@" in value else "phone"


def own_number(address: str) -> str:
    """The telephone number that a customer's address is, or empty: it is none.

    Args:
        address: on a channel of telephone numbers, such as `31612345678` or `+31612345678`.
    """
    digits = re.fullmatch(r"\+?(\d{8,15})", address)
    if digits is None:
        return ""
    try:
        number = phonenumbers.parse(f"+{digits[1]}")
    except phonenumbers.NumberParseException:
        return ""
    return _written(number) if phonenumbers.is_valid_number(number) else ""


def _email_in(text: str) -> Contact | None:
    found = _EMAIL.search(text)
    if found is None or len(found[0]) > _LONGEST_EMAIL or len(found["local"]) > 64:
        return None
    value = f"{found['local']}@{found['domain'].lower()}"
    return Contact("email", value, found.start(), found.end())


def _phone_in(text: str) -> Contact | None:
    for match in phonenumbers.PhoneNumberMatcher(text, _REGION):
        if phonenumbers.number_type(match.number) not in _NOT_CALLED:
            return Contact("phone", _written(match.number), match.start, match.end)
    return None


def _written(number: phonenumbers.PhoneNumber) -> str:
    form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(number, form))
