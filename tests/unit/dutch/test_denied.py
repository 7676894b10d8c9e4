"""What a message denies beside what it wants is left out, and never all of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dutch.denied import without_denied


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("nee, de fiets en niet de step", "nee, de fiets"),
        ("de fiets, niet de oude step", "de fiets"),
        ("niet de step, de fiets", "de fiets"),
        ("niet de step maar de fiets", "de fiets"),
        ("de step niet, de fiets", "de fiets"),
        ("hij is lek eigenlijk, niet te klein", "hij is lek eigenlijk"),
        ("zaterdag en niet in de avond", "zaterdag"),
        # Something to do, with or without a mark; a thing or a verb of mood is none.
        ("ik wil de les opzeggen niet pauzeren", "ik wil de les opzeggen"),
        ("ik bedoel opzeggen en niet pauzeren", "ik bedoel opzeggen"),
        ("opzeggen, niet te pauzeren", "opzeggen"),
        ("pauzeren bedoel ik niet opzeggen", "pauzeren bedoel ik"),
        ("ik wil de lessen niet missen", "ik wil de lessen niet missen"),
        ("wij willen niet pauzeren", "wij willen niet pauzeren"),
        ("ik wil niet opzeggen", "ik wil niet opzeggen"),
        ("ja, niet doen", "ja, niet doen"),
        ("nee, niet pauzeren", "nee, niet pauzeren"),
        # An answer that is said with a no, and one that only denies.
        ("hij remt niet", "hij remt niet"),
        ("niet meer nodig", "niet meer nodig"),
        ("te klein en niet meer nodig", "te klein en niet meer nodig"),
        ("nee niet de step", "nee niet de step"),
        ("niet voor mij", "niet voor mij"),
    ],
)
def test_what_is_denied_is_left_out(text: str, left: str) -> None:
    """A thing beside another; a no that is the answer itself stays."""
    assert without_denied(text) == left


@given(
    st.lists(
        st.sampled_from("de het niet geen en maar , . fiets step nee ik wil huren lenen".split())
    )
)
def test_something_is_left_and_nothing_is_added(words: list[str]) -> None:
    """Its words are those of the text, in their order."""
    text = " ".join(words)
    left = without_denied(text)
    assert bool(left.strip(" ,.")) or left == text
    rest = iter(text.split())
    assert all(any(word.strip(",.") == each.strip(",.") for each in rest) for word in left.split())
