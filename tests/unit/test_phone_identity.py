"""However a telephone number is spelled, it is one customer's; nothing is guessed."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from bot.phone_identity import COUNTRIES, e164

#: Numbers of mobile telephones in the Netherlands, without the 0.
DUTCH = st.from_regex(r"6[1-5][0-9]{7}", fullmatch=True)


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, str]:
    """A country, and a number that its plan has, in E.164."""
    country = draw(st.sampled_from(sorted(COUNTRIES)))
    example = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
    assume(example is not None)
    tail = draw(st.integers(0, 999))
    whole = phonenumbers.format_number(example, PhoneNumberFormat.E164)
    spelled = f"{whole[:-3]}{tail:03d}"
    assume(phonenumbers.is_valid_number(phonenumbers.parse(spelled)))
    return country, spelled


@given(DUTCH)
def test_every_spelling_of_a_number_is_one_customer(number: str) -> None:
    """As Twilio gives it, and as an operator's SMSC does."""
    spellings = (f"+31{number}", f"0031{number}", f"0{number}", f"31{number}")
    assert {e164(each, "NL") for each in spellings} == {f"+31{number}"}


@given(numbers())
def test_in_every_country(drawn: tuple[str, str]) -> None:
    """With a prefix it is that number; without one it is, or it stays as it was."""
    country, number = drawn
    parsed = phonenumbers.parse(number)
    national = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    digits = "".join(filter(str.isdecimal, national))
    one = e164(number, country)
    assert phonenumbers.is_number_match(one, number) >= phonenumbers.MatchType.NSN_MATCH
    for spelling in (number[1:], digits):
        assert e164(spelling, country) in (one, spelling)


@given(st.text(alphabet="+0123456789", max_size=18) | st.text(), st.sampled_from(sorted(COUNTRIES)))
def test_a_second_reading_changes_nothing(sender: str, country: str) -> None:
    """So what is kept can be read again, by a later start or another process."""
    once = e164(sender, country)
    assert e164(once, country) == once


@pytest.mark.parametrize(
    ("sender", "country", "expected"),
    [
        ("+31 6 spaties", "NL", "+31 6 spaties"),
        ("Bank", "NL", "Bank"),
        ("3010", "NL", "3010"),
        ("+3010", "NL", "+3010"),
        ("112", "NL", "112"),
        ("terminal:1", "NL", "terminal:1"),
        ("+310612345678", "NL", "+31612345678"),  # the 0 of the national spelling, left in
        ("32470123456", "NL", "+32470123456"),  # a neighbour's, by an SMSC without a plus
        ("0470123456", "BE", "+32470123456"),
        ("31612345678", "BE", "+31612345678"),
        ("0612345678", "BE", "0612345678"),  # no number there
        ("299221234", "NL", "299221234"),  # Purmerend's or Greenland's
    ],
)
def test_what_is_read_and_what_is_not(sender: str, country: str, expected: str) -> None:
    """Names and short codes stay; what two countries could have is not guessed."""
    assert e164(sender, country) == expected
