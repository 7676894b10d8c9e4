"""Likeness of spelling: groups of letters in common, which survive typing errors and compounds."""

from __future__ import annotations

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
        self._ends = np.cumsum([len(kind) for kind in kinds])[:-1]

    def compare(self, question: str) -> list[NDArray[np.float64]]:
        """For each kind the cosine of each text with the question, 0 to 1."""
        # As a dense vector: for one question SciPy looks sparse matrices through for longer than it
        # multiplies them.
        asked = self._vectorizer.transform([plain(question)]).toarray()[0]
        return np.split(self._texts @ asked, self._ends)
