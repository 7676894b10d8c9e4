"""Phone Dutch is brought back to plain words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dutch.spelling import plain, without_numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wnr komt mn pakketje?!!", "wanneer komt mijn pakket?"),
        ("  HALLOOOO  daar ", "halloo daar"),
        ("m'n ww vergeten", "mijn wachtwoord vergeten"),
        ("één geïnteresseerde", "een geinteresseerde"),
        ("👍👍", ""),
        ("привет", ""),
    ],
)
def test_plain(text: str, expected: str) -> None:
    """Abbreviations are written out, repetition and accents go, what is no Dutch is dropped."""
    assert plain(text) == expected


@given(st.text(max_size=60))
def test_plain_is_stable(text: str) -> None:
    """What is plain stays as it is in letters and spaces."""
    once = plain(text)
    assert once.isascii()
    assert once == once.strip()


def test_without_numbers() -> None:
    """Every digit is a zero and every postcode the same."""
    assert without_numbers("pp-100234 1234 ab") == "pp-000000 0000 xx"
