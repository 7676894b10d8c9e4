"""Likeness of spelling: groups of letters in common, which survive typing errors and compounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.dutch.spelling import plain

if TYPE_CHECKING:
    from numpy.typing import NDArray


class SpellingSimilarity:
    """Texts of three kinds, compared with a question by their groups of three to five letters."""

    def __init__(self, *kinds: Sequence[str]) -> None:
        """Takes lists of texts; the last ones may be empty, the first may not."""
        self._vectorizer = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, lowercase=False
        )
        texts = [plain(text) for kind in kinds for text in kind]
        # Not in one call: that leaves the terms in another order, and sums with other last digits.
        self._texts = self._vectorizer.fit(texts).transform(texts)
        self._groups = self._vectorizer.build_analyzer()
        self._places: dict[str, int] = self._vectorizer.vocabulary_
        self._weights = np.asarray(self._vectorizer.idf_)
        self._ends = np.cumsum([len(kind) for kind in kinds])[:-1]

    def compare(self, question: str) -> list[NDArray[np.float64]]:
        """For each kind the cosine of each text with the question, 0 to 1."""
        asked = np.zeros(len(self._weights))
        # Its own `transform` takes five times as long, nearly all of it for checks.
        found = Counter(
            place
            for group in self._groups(plain(question))
            if (place := self._places.get(group)) is not None
        )
        if found:
            places = list(found)
            values = (1.0 + np.log(list(found.values()))) * self._weights[places]
            asked[places] = values / np.sqrt(values @ values)
        return np.split(self._texts @ asked, self._ends)
