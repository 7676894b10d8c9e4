"""Postcodes and house numbers are read however they are typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dutch import postcode


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234ab", "1234 AB"),
        ("1234 AB", "1234 AB"),
        ("1234 a b", "1234 AB"),
        ("mijn postcode is 2514 gh", "2514 GH"),
        ("postcode 3511 de", "3511 DE"),
        ("3511 de 12", "3511 DE"),
        ("3511 de", "3511 DE"),
        ("PP100999 en 7311KL", "7311 KL"),
        ("0123 AB", None),
        ("1234 SS", None),
        ("sinds 2025 de hele tijd", None),
        ("ik verbruik 2000 kw per jaar", None),
        ("12345 ab", None),
        ("1234", None),
        ("PP-1001234 ab", None),
    ],
)
def test_postcode(text: str, expected: str | None) -> None:
    """Normalised, and not taken for something else."""
    assert postcode.parse(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234 AB 12", "12"),
        ("1234ab, nr 12a", "12A"),
        ("1017 AB 12-3", "12-3"),
        ("1017 AB huisnummer 7 bis", "7BIS"),
        ("huisnummer 45", "45"),
        ("huisnr: 3 b", "3B"),
        ("mijn huis nummer is 77", "77"),
        ("Kerkstraat 12", "12"),
        ("nummer 14", "14"),
        ("14a", "14A"),
        ("ik heb 3 pakketten", None),
        ("100234", None),
    ],
)
def test_house_number(text: str, expected: str | None) -> None:
    """After a postcode, a street or the word; or the whole message."""
    assert postcode.parse_house_number(text) == expected


@given(st.text(max_size=60))
def test_never_fails(text: str) -> None:
    """No text makes one of them fail."""
    postcode.find(text)
    postcode.find_house_numbers(text)
