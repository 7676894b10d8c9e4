"""A question that somebody wrote down is found by its words, and no other is."""

from __future__ import annotations

import pytest

from bot.knowledge.vocabulary import OwnWords
from bot.knowledge.written_questions import WrittenQuestions

WRITTEN = WrittenQuestions(
    [
        ("kan ik met de pin betalen?", 0),
        ("hoe betaal ik mijn rekening?", 1),
        ("parkeren", 2),
        ("wat kost de les?", 3),
        ("wat kosten lessen?", 4),
    ],
    OwnWords(),
)


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("Kan ik met de pin betalen", 0),
        ("mag ik met pin betalen", 0),
        ("betaal ik met de pin?", 0),
        ("hoe moet ik de rekening betalen", 1),
        ("ik kan mijn rekening niet betalen", None),
        ("kan ik betalen", None),
        ("parkeren?", 2),
        ("waar mag ik parkeren", None),
        ("wat kost de les", 3),
        ("wat kost een les", None),
        ("", None),
        ("???", None),
    ],
)
def test_it_is_found(question: str, passage: int | None) -> None:
    """In other order and with other small words; a denial, and words of two passages, are not."""
    assert WRITTEN.passage_of(question) == passage
