"""Features of a sentence as written: its words, pairs of words and groups of letters, weighed.

The weighing is TF-IDF with logarithmic counts, as scikit-learn does it for whole collections. Here
it is done for one sentence at a time, where scikit-learn's own checks take longer than the
arithmetic.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix, hstack

from bot.dutch.spelling import plain, without_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Shortest and longest group of letters; groups do not cross the border of a word.
SHORTEST, LONGEST = 2, 4

#: Terms that more examples have than this are left out. They tell intents apart least, and looking
#: up where they occur takes half of the time of a comparison.
MOST_COMMON = 2000

#: Words and letters count for half of the likeness each; likeness is a product of two such halves.
_HALF = np.float32(np.sqrt(0.5))

_WORD = re.compile(r"[a-z0-9]+")


def clean(text: str) -> str:
    """Reduces a text to what a model sees of it: plain words, every digit a zero."""
    return without_numbers(plain(text))


@dataclass(frozen=True, slots=True)
class ReadTerms:
    """The known terms of one text, each once.

    Attributes:
        rows: of the terms, as in `Terms.rows`.
        values: what each weighs in this text.
    """

    rows: NDArray[np.int32]
    values: NDArray[np.float32]


@dataclass(frozen=True)
class Terms:
    """The terms of a collection of sentences, and where they occur.

    Attributes:
        rows: term to its row.
        weights: inverse document frequency of each term, a number a row.
        places: the examples: a row a term, a column an example, weighed.
    """

    rows: dict[str, int]
    weights: NDArray[np.float32]
    places: csr_matrix

    @classmethod
    def of(cls, texts: Sequence[str]) -> Terms:
        """The terms of texts that were cleaned."""
        parts = [_collect(texts, _words), _collect(texts, _letters)]
        names = [name for part, _, _ in parts for name in part]
        weights = np.concatenate([weights for _, weights, _ in parts])
        places = hstack([matrix for _, _, matrix in parts], format="csc", dtype=np.float32)
        kept = np.flatnonzero(np.diff(places.indptr) <= MOST_COMMON)
        return cls(
            {names[old]: new for new, old in enumerate(kept)},
            weights[kept],
            places[:, kept].T.tocsr(),
        )

    def parts(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Takes the terms apart: what JSON can hold, and the arrays."""
        settings = {"terms": list(self.rows)}
        arrays = {
            "term_weights": self.weights,
            "places": self.places.data,
            "columns": self.places.indices,
            "ends": self.places.indptr,
        }
        return settings, arrays

    @classmethod
    def of_parts(cls, settings: Mapping[str, Any], arrays: Mapping[str, Any], count: int) -> Terms:
        """Puts together the terms of so many examples that `parts` took apart."""
        rows = {term: row for row, term in enumerate(settings["terms"])}
        places = csr_matrix(
            (arrays["places"], arrays["columns"], arrays["ends"]), shape=(len(rows), count)
        )
        return cls(rows, arrays["term_weights"], places)

    def among(self, chosen: NDArray[np.int64]) -> Terms:
        """The same terms, with no examples but those of the chosen columns of `places`."""
        return replace(self, places=self.places[:, chosen])

    def read(self, text: str) -> ReadTerms:
        """The known terms of a cleaned text, weighed."""
        parts = [self._weighed(terms) for terms in (_words(text), _letters(text))]
        rows, values = zip(*parts, strict=True)
        return ReadTerms(np.concatenate(rows), np.concatenate(values))

    def _weighed(self, terms: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The rows of terms of one kind, and what each weighs in this text."""
        get = self.rows.get
        found = [row for term in terms if (row := get(term)) is not None]
        counts = Counter(found)
        rows = np.array(list(counts), dtype=np.int32)
        weights: NDArray[np.float32] = self.weights[rows]
        if len(counts) < len(found):  # else each weighs as much as if it stood alone
            weights = _weigh(np.fromiter(counts.values(), np.float32, len(counts))) * weights
        return rows, weights / (np.sqrt(weights.dot(weights)) or np.float32(1.0)) * _HALF

    def likeness(self, read: ReadTerms) -> NDArray[np.float32]:
        """How much a text has in common with each example: 0 nothing, 1 everything."""
        held = self.places
        starts, ends = held.indptr[read.rows], held.indptr[read.rows + 1]
        spans = [slice(*span) for span in zip(starts.tolist(), ends.tolist(), strict=True)]
        if not spans:
            return np.zeros(held.shape[1], dtype=np.float32)
        # Only the rows of these terms, a column each. SciPy's constructor would look the arrays
        # through, which takes longer than the arithmetic of one sentence.
        of_terms = csc_matrix((held.shape[1], len(spans)), dtype=np.float32)
        of_terms.data = np.concatenate([held.data[span] for span in spans])
        of_terms.indices = np.concatenate([held.indices[span] for span in spans])
        of_terms.indptr = np.append(0, np.cumsum(ends - starts)).astype(np.int32)
        result: NDArray[np.float32] = of_terms @ read.values
        return result

    def between(self, start: int, end: int) -> NDArray[np.float32]:
        """The likeness of the examples from `start` up to `end` to those before `end`."""
        likeness: NDArray[np.float32] = (self.examples[start:end] @ self.examples[:end].T).toarray()
        return likeness

    @cached_property
    def examples(self) -> csr_matrix:
        """The same as `places`, a row an example."""
        return self.places.T.tocsr()


def _words(text: str) -> list[str]:
    words = _WORD.findall(text)
    return [*words, *(f"{first} {second}" for first, second in pairwise(words))]


def _letters(text: str) -> list[str]:
    groups: list[str] = []
    for word in text.split():
        # Signs that no word has mark its borders, so that no group looks like a word's own term.
        bounded = f"<{word}>"
        for size in range(SHORTEST, LONGEST + 1):
            if len(bounded) <= size:
                groups.append(f"{bounded}#")
                break
            groups += [f"{bounded[at : at + size]}#" for at in range(len(bounded) - size + 1)]
    return groups


def _weigh(counts: NDArray[np.float32]) -> NDArray[np.float32]:
    result: NDArray[np.float32] = np.log(counts) + 1.0
    return result


def _collect(
    texts: Sequence[str], terms_of: Callable[[str], Sequence[str]]
) -> tuple[list[str], NDArray[np.float32], csr_matrix]:
    """The terms of one kind, the weight of each, and the weighed examples, a row an example."""
    rows: dict[str, int] = {}
    columns: list[int] = []
    counts: list[int] = []
    ends = [0]
    for text in texts:
        found = Counter(rows.setdefault(term, len(rows)) for term in terms_of(text))
        columns.extend(found)
        counts.extend(found.values())
        ends.append(len(columns))
    places = csr_matrix(
        (_weigh(np.array(counts, dtype=np.float32)), columns, ends), shape=(len(texts), len(rows))
    )
    # Smoothed as if one more text held every term, as scikit-learn does.
    held_by = np.bincount(columns, minlength=len(rows))
    weights = (np.log((1 + len(texts)) / (1 + held_by)) + 1.0).astype(np.float32)
    places.data *= weights[places.indices]
    lengths = np.sqrt(np.asarray(places.multiply(places).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1.0
    places.data *= np.repeat(_HALF / lengths, np.diff(places.indptr)).astype(np.float32)
    return list(rows), weights, places
