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
        # Something else.
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
    found = private_numbers.find("mijn bsn is [bsn] en [rekeningnummer]")
    assert [(kind, span.value) for kind, span in found] == [
        ("bsn", "[bsn]"),
        ("iban", "[rekeningnummer]"),
    ]


@given(st.text(st.sampled_from("NLnlABN0123456789 -.[]bsn"), max_size=60))
def test_masking_twice_is_masking_once(text: str) -> None:
    """And never fails."""
    masked = private_numbers.mask(text)
    assert private_numbers.mask(masked) == masked
