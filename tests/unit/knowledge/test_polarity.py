"""A "Ja" or "Nee" in front of a passage answers its heading, and no other question."""

from __future__ import annotations

import pytest

from bot.knowledge.answering import opening, passage_of
from bot.knowledge.blocks import Block, sentences_of
from bot.knowledge.index_files import IndexEntry
from bot.knowledge.polarity import asks_same, without_lead
from bot.knowledge.search_index import Hit
from bot.knowledge.vocabulary import OwnWords

HEADING = "Mag ik een boek meenemen naar huis?"


def block(text: str) -> Block:
    return Block(HEADING, text, sentences_of(text), 0)


@pytest.mark.parametrize(
    ("question", "same"),
    [
        ("mag ik een boek meenemen naar huis", True),
        ("Kan ik bij jullie boeken mee naar huis meenemen?", True),
        ("moet ik een boek meenemen naar huis?", False),
        ("mag ik geen boek meenemen naar huis?", False),
        ("is mijn boek thuis?", False),
    ],
)
def test_what_a_heading_asks(question: str, same: bool) -> None:
    """In the words that carry meaning; to have to is not to be allowed to."""
    assert asks_same(question, HEADING, OwnWords()) is same


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Ja, u mag twee boeken mee.", "U mag twee boeken mee."),
        ("Nee. Boeken blijven hier.", "Boeken blijven hier."),
        ("Nee", "Nee"),
        ("Jaarlijks kan dat.", "Jaarlijks kan dat."),
    ],
)
def test_it_is_left_out(text: str, rest: str) -> None:
    """When something is said behind it."""
    assert without_lead(text) == rest


@pytest.mark.parametrize("text", ["Ja, u mag twee boeken mee.", "Nee. Boeken blijven hier."])
@pytest.mark.parametrize("asked", [True, False])
def test_a_quote_keeps_it_for_the_question_of_the_heading(text: str, asked: bool) -> None:
    """Else it begins with the next word of the page, and so do the marked words."""
    whole = block(text)
    likeness = tuple(0.5 for _ in whole.spans)
    passage = passage_of(Hit(IndexEntry("lenen", "Lenen", whole, 0), 1.0, likeness, asked))
    assert passage.text == (text if asked else without_lead(text))
    assert passage.answer == passage.text


def test_who_taps_a_page_asked_something_else() -> None:
    """The heading is not shown."""
    assert opening("lenen", block("Ja, u mag twee boeken mee.")).answer == "U mag twee boeken mee."
