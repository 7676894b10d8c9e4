"""A BSN or a bank account that nobody asked for is not kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dutch import private_numbers


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mijn bsn is 111222333", "mijn bsn is [bsn]"),
        ("111222333", "[bsn]"),
        ("111 222 333", "[bsn]"),
        ("1112.22.333", "[bsn]"),
        # With a slip in it, but said to be one.
        ("bsn: 111222334", "bsn: [bsn]"),
        ("burgerservicenummer 12345678", "burgerservicenummer [bsn]"),
        ("NL91ABNA0417164300 graag", "[rekeningnummer] graag"),
        ("op nl91 abna 0417 1643 00.", "op [rekeningnummer]."),
        ("iban NL92ABNA0417164300", "iban [rekeningnummer]"),
        ("BE68 5390 0754 7034", "[rekeningnummer]"),
        ("DE89370400440532013000", "[rekeningnummer]"),
        ("kaart 4111 1111 1111 1111", "kaart [kaartnummer]"),
        ("5555555555554444", "[kaartnummer]"),
        ("3782-822463-10005", "[kaartnummer]"),
        # Something else.
        ("4111 1111 1111 1112", "4111 1111 1111 1112"),
        ("barcode 4111111111111111", "barcode 4111111111111111"),
        ("123456789", "123456789"),
        ("klantnummer 111222333", "klantnummer 111222333"),
        ("bel 0612345678", "bel 0612345678"),
        ("PP-100234 1234AB", "PP-100234 1234AB"),
        ("meterstand 51234", "meterstand 51234"),
        ("+31612345678", "+31612345678"),
        ("DE00370400440532013000", "DE00370400440532013000"),
        ("", ""),
    ],
)
def test_mask(text: str, masked: str) -> None:
    """By check digits, by the shape of a Dutch account, or by what the customer calls it."""
    assert private_numbers.mask(text) == masked


def test_what_was_masked_is_found_again() -> None:
    """So that entities tell of it."""
    found = private_numbers.find("mijn bsn is [bsn] en [rekeningnummer], [kaartnummer]")
    assert [(kind, span.value) for kind, span in found] == [
        ("bsn", "[bsn]"),
        ("iban", "[rekeningnummer]"),
        ("card", "[kaartnummer]"),
    ]


@given(st.text(st.sampled_from("NLnlABN0123456789 -.[]bsn"), max_size=60))
def test_masking_twice_is_masking_once(text: str) -> None:
    """And never fails."""
    masked = private_numbers.mask(text)
    assert private_numbers.mask(masked) == masked


def test_the_number_that_was_asked_for_stays() -> None:
    """The first of its kind, and no other."""
    text = "bsn 111222333, rekening NL91ABNA0417164300 of BE68 5390 0754 7034"
    assert private_numbers.mask_but_first(text, {"iban"}) == (
        "bsn [bsn], rekening NL91ABNA0417164300 of [rekeningnummer]",
        "iban",
    )
    assert private_numbers.mask_but_first(text, ()) == (private_numbers.mask(text), None)
    assert private_numbers.mask_but_first("al weg: [rekeningnummer]", {"iban"})[1] is None


@pytest.mark.parametrize(
    ("before", "text", "both"),
    [
        ("NL91 ABNA", "0417 1643 00", ("[rekeningnummer]", "[rekeningnummer]")),
        ("op NL91ABNA04", "17164300 graag", ("op [rekeningnummer]", "[rekeningnummer] graag")),
        ("4111 1111", "1111 1111", ("[kaartnummer]", "[kaartnummer]")),
        ("NL91ABNA0417164300", "dank u", None),
        ("hallo", "NL91ABNA0417164300", None),
        # A BSN is too short to be told from other digits.
        ("111 222", "333", None),
        ("", "", None),
    ],
)
def test_a_number_in_two_messages(before: str, text: str, both: tuple[str, str] | None) -> None:
    """Found where the two together hold one that neither holds."""
    assert private_numbers.mask_split(private_numbers.mask(before), text) == both
