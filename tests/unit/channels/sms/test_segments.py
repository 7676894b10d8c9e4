"""Segments are counted as the carrier counts them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.alphabet import BASIC, EXTENDED, is_gsm, simplified
from channels.sms.segments import MAX_LENGTH, Measure, length, measure


def test_the_alphabet_has_127_characters_and_an_escape() -> None:
    """The tables of 3GPP TS 23.038."""
    assert (len(BASIC), len(EXTENDED)) == (127, 10)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Measure("GSM-7", 0, 1)),
        ("a" * 160, Measure("GSM-7", 160, 1)),
        ("a" * 161, Measure("GSM-7", 161, 2)),
        ("a" * 306, Measure("GSM-7", 306, 2)),
        ("a" * 307, Measure("GSM-7", 307, 3)),
        ("a" * 459, Measure("GSM-7", 459, 3)),
        ("a" * 460, Measure("GSM-7", 460, 4)),
        ("€" * 80, Measure("GSM-7", 160, 1)),
        ("€" * 81, Measure("GSM-7", 163, 2)),
        ("a" + "€" * 80, Measure("GSM-7", 161, 2)),
        ("ë" * 70, Measure("UCS-2", 70, 1)),
        ("ë" * 71, Measure("UCS-2", 71, 2)),
        ("ë" * 134, Measure("UCS-2", 134, 2)),
        ("ë" * 135, Measure("UCS-2", 135, 3)),
        ("😀" * 35, Measure("UCS-2", 70, 1)),
        # 33 pairs fill 66 of 67 units: the pair that does not fit goes to the next segment.
        ("😀" * 36, Measure("UCS-2", 73, 2)),
    ],
)
def test_measure(text: str, expected: Measure) -> None:
    """160 and 153 septets, 70 and 67 units; neither an escape nor a surrogate pair is cut."""
    assert measure(text) == expected


@given(st.text(max_size=700))
def test_length_decides_over_segments(text: str) -> None:
    """A text within the limit takes at most three segments, in either encoding, and vice versa."""
    assert (length(text) <= MAX_LENGTH) == (measure(text).segments <= 3)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Typ ‘medewerker’…", "Typ 'medewerker'..."),
        ("“Ja” – of\u00a0nee", '"Ja" - of nee'),
        ("België, geïnteresseerd", "Belgie, geinteresseerd"),
        ("één café à € 3", "één café à € 3"),
        ("cafe\u0301", "café"),
        ("België 😀 ‘x’", "België 😀 ‘x’"),
        ("日本", "日本"),
    ],
)
def test_simplified(text: str, plain: str) -> None:
    """Typography and accents give way only where that makes the whole text GSM-7."""
    assert simplified(text) == plain


@given(st.text())
def test_simplified_twice(text: str) -> None:
    """What has been simplified stays as it is, and never becomes dearer."""
    once = simplified(text)
    assert simplified(once) == once
    if is_gsm(text):
        assert is_gsm(once)
