"""Questions and texts are compared by groups of letters exactly as scikit-learn would."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.dutch.spelling import plain
from bot.knowledge.spelling_similarity import SpellingSimilarity

HEADINGS = ["Retour sturen", "Bezorgen en ophalen"]
TEXTS = ["U stuurt het terug binnen 30 dagen.", "Wij bezorgen in de avond en op zaterdag."]


@given(st.one_of(st.text(max_size=30), st.text("retourbzgn ", max_size=30)))
def test_a_question_is_compared_as_scikit_learn_does(question: str) -> None:
    """Known groups, unknown ones, repeated ones, none at all."""
    vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, lowercase=False
    )
    known = vectorizer.fit_transform([plain(text) for text in (*HEADINGS, *TEXTS)])
    expected = (known @ vectorizer.transform([plain(question)]).T).toarray().ravel()
    found = SpellingSimilarity(HEADINGS, TEXTS, []).compare(question)
    assert [len(kind) for kind in found] == [2, 2, 0]
    assert np.concatenate(found) == pytest.approx(expected)


def test_a_misspelt_word_is_near() -> None:
    """Nearer to the text that has it than to the other."""
    right, other = SpellingSimilarity(HEADINGS, TEXTS).compare("retoru sturne")[0]
    assert right > 0.2 > other
