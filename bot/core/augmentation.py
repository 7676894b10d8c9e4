"""Augmentation: typing errors made on purpose, so that a model copes with those of customers.

On a phone a thumb leaves a letter out, adds one, hits another, or two change places. Each happens
as often here, in one of five words: a hurried customer's rate, not the average one.
"""

from __future__ import annotations

import random
import string
from collections.abc import Sequence

#: Share of the words that get one wrong letter.
WRONG = 0.2


def with_typing_errors(texts: Sequence[str], seed: int = 0) -> list[str]:
    """The texts with one wrong letter in one of five words; the same for the same seed.

    Spaces stay where they are but for their number, and no word disappears.
    """
    drawn = random.Random(seed)  # noqa: S311 - nothing secret: the same each time
    return [
        " ".join(
            _mistyped(word, drawn) if drawn.random() < WRONG else word for word in text.split()
        )
        for text in texts
    ]


def _mistyped(word: str, drawn: random.Random) -> str:
    at, letter = drawn.randrange(len(word)), drawn.choice(string.ascii_lowercase)
    before, after = word[:at], word[at:]
    ways = (
        before + after[1:],
        before + letter + after,
        before + letter + after[1:],
        before + after[1:2] + after[:1] + after[2:],
    )
    return drawn.choice(ways) or word
