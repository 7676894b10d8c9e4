"""A name is told from talk by the words that only bind others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dutch.names import is_like_name, only_binds, without_lead


@pytest.mark.parametrize(
    "text",
    [
        "Jansen", "de vries", "J. van der Berg", "fatima el idrissi", "Op den Camp",
        "In 't Veld", "Wil de Boer", "Jan Goed", "Jan en Piet", "mevrouw de Wit",
    ],
)  # fmt: skip
def test_a_name_is_one(text: str) -> None:
    """Also one that is made of a word that binds, where it is written as a name."""
    assert is_like_name(text)


@pytest.mark.parametrize(
    "text",
    ["hmm ja zal wel", "weet ik niet", "doe maar", "Doe maar", "ja graag", "dat zal wel lukken",
     "maakt niet uit", "hoezo dat dan", "wil niet", "", "12"],
)  # fmt: skip
def test_talk_is_none(text: str) -> None:
    """However it is written at its beginning."""
    assert not is_like_name(text)


def test_what_leads_to_a_name_is_none_of_it() -> None:
    """Where nothing follows it is all there is."""
    assert without_lead("doe maar Jansen") == "Jansen"
    assert without_lead("nou, zet er maar De Boer") == "De Boer"
    assert without_lead("doe maar") == "doe maar"


@given(st.lists(st.sampled_from("ja zal wel dat niet ik doe maar hmm weet van de".split())))
def test_words_that_bind_make_no_name_however_many(words: list[str]) -> None:
    """Nor with words of surnames among them."""
    text = " ".join(words)
    assert not is_like_name(text)
    assert only_binds(text) is (bool(words) and not {"van", "de"} & {*words})
