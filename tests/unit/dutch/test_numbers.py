"""Numbers in digits and in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dutch.numbers import WORDS, find, parse


@given(st.sampled_from(sorted(WORDS)), st.sampled_from(["{}", "doe maar {}", "het zijn er {}."]))
def test_every_word_is_read(word: str, around: str) -> None:
    """Alone and at the end of a sentence, in any capitals."""
    assert parse(around.format(word)) == WORDS[word]
    assert parse(around.format(word.upper())) == WORDS[word]


@given(st.integers(0, 999))
def test_there_is_a_word_for_every_number_below_a_thousand(number: int) -> None:
    """Made by the rules of the language: "driehonderdvijfentwintig"."""
    assert number in WORDS.values()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("drie", 3),
        ("we zijn met z'n drieën", 3),
        ("met ons vieren", 4),
        ("één", 1),
        ("een", 1),
        ("met een persoon", 1),
        ("een stuk of vijf", 5),
        ("een tafel voor drie", 3),
        ("drieëntwintig", 23),
        ("anderhalf", 1.5),
        ("twee en een half", 2.5),
        ("2 en een half uur", 2.5),
        ("12,5", 12.5),
        ("10.000", 10000),
        ("1.234,50", 1234.5),
        ("-3", -3),
        ("4personen", 4),
    ],
)
def test_one_number(text: str, number: float) -> None:
    """However it is written."""
    assert parse(text) == number


@pytest.mark.parametrize(
    "text", ["een paar", "een tafel", "we vieren feest", "veel", "3 of 4", "drie of vier", "", "-"]
)
def test_no_number_or_not_one(text: str) -> None:
    """What names no quantity, or two, has to be asked again."""
    assert parse(text) is None


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    """Numbers in the order of the text, or none."""
    assert all(isinstance(number, float) for number in find(text))
