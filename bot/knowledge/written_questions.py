"""Finds a question among those that somebody wrote down: headings, and example questions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from bot.knowledge.vocabulary import OwnWords, stem, words_of

#: They turn a question round: "kan ik betalen" is not "ik kan niet betalen".
_DENIALS: Final = frozenset({"niet", "geen", "nooit", "zonder"})
#: One word in common may be asked about in many ways.
_LEAST_WORDS: Final = 2


class WrittenQuestions:
    """Questions with the number of the passage that answers each.

    A question is found by its words, or by those that carry meaning when there are two or more:
    "kan ik met pin betalen" is "Kan ik met de pin betalen?".
    """

    def __init__(self, written: Iterable[tuple[str, int]], own: OwnWords) -> None:
        """Takes the questions in plain words (`OwnWords.plain`); of two alike the last counts."""
        self._own = own
        self._exact: dict[str, int] = {}
        self._near: dict[frozenset[str], int | None] = {}
        for question, passage in written:
            self._exact[bare(question)] = passage
            words = meaning(question, own)
            # What two passages answer is asked in these words of neither.
            known = self._near.get(words, passage)
            self._near[words] = passage if known == passage else None
        self._exact.pop("", None)

    def passage_of(self, question: str) -> int | None:
        """The passage that answers these very words; None when nobody wrote them down.

        Args:
            question: as it was typed.
        """
        plain = self._own.plain(question)
        exact = self._exact.get(bare(plain))
        if exact is not None:
            return exact
        words = meaning(plain, self._own)
        return self._near.get(words) if len(words - _DENIALS) >= _LEAST_WORDS else None


def meaning(plain: str, own: OwnWords) -> frozenset[str]:
    """The words of a question that carry meaning, and those that turn it round.

    Args:
        plain: the question in plain words (`OwnWords.plain`).
        own: words of the organisation.
    """
    words = {stem(word) for word in words_of(plain, own.ignored)}
    return frozenset(words | _DENIALS.intersection(re.findall(r"\w+", plain)))


def bare(question: str) -> str:
    """The words of a question alone."""
    return " ".join(re.findall(r"\w+", question))
