"""Measures how much of a question each passage covers with its words: literally and in meaning."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.knowledge.vocabulary import OwnWords, Vocabulary, words_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Texts to vectors, a row each, of length 1.
Encode = Callable[[Sequence[str]], "NDArray[np.float32]"]

#: Likeness of two words below which they have nothing to do with each other.
_STRANGE: Final = 0.3


def distinct_words(texts: Iterable[str], ignored: Collection[str] = ()) -> list[str]:
    """The words of all texts, each once, in the order of the alphabet."""
    return sorted({word for text in texts for word in words_of(text, ignored)})


class PassageWords:
    """The words of all passages."""

    def __init__(
        self,
        texts: Sequence[str],
        pages: Sequence[str],
        vectors: NDArray[np.float32],
        own: OwnWords,
    ) -> None:
        """Takes the passages.

        Args:
            texts: what each passage says, with its headings.
            pages: the page of each.
            vectors: of `distinct_words(texts, own.ignored)`, a row each.
            own: words of the organisation.
        """
        self._vocabulary = Vocabulary(texts, own)
        self._vectors = vectors
        terms = [frozenset(self._vocabulary.terms(text)) for text in texts]
        counts = Counter(term for held in terms for term in held)
        self._columns = {term: column for column, term in enumerate(sorted(counts))}
        self._rarity = {term: math.log(1 + len(texts) / n) for term, n in counts.items()}
        self._unknown = math.log(1.0 + len(texts))
        self._has = np.zeros((len(texts), len(self._columns)), dtype=bool)
        for row, held in enumerate(terms):
            self._has[row, [self._columns[term] for term in held]] = True
        numbers = {page: number for number, page in enumerate(dict.fromkeys(pages))}
        self._page = np.array([numbers[page] for page in pages])
        self._page_has = np.zeros((len(numbers), len(self._columns)), dtype=bool)
        np.logical_or.at(self._page_has, self._page, self._has)
        self._known = {word: place for place, word in enumerate(distinct_words(texts, own.ignored))}
        lists = [sorted({self._known[word] for word in self.of(text)}) or [0] for text in texts]
        self._places = np.array([place for held in lists for place in held])
        self._starts = np.cumsum([0, *(len(held) for held in lists[:-1])])

    def of(self, text: str) -> list[str]:
        """The words of a text that carry meaning here."""
        return self._vocabulary.words_of(text)

    def terms(self, question: str) -> list[str]:
        """The search terms of a question, as far as any passage has them."""
        terms = dict.fromkeys(self._vocabulary.terms(question, mend=True))
        return [term for term in terms if term in self._columns]

    def covers(self, question: str, encode: Encode) -> tuple[NDArray[np.float64], ...]:
        """Measures how much of a question each passage covers; three columns, all 0 to 1.

        The share of its words that the passage has, the share that its page has, and how near the
        passage's words come to them on the whole.

        Rare words weigh more, and a word that no page has weighs most: "bitcoin" is not answered
        by a page about paying.
        """
        words = list(dict.fromkeys(self.of(question)))
        if not words:
            nothing = np.zeros(len(self._has))
            return nothing, nothing, nothing
        weights, has, page = self._having(words)
        share = weights / weights.sum()
        return share @ has, share @ page, share @ np.maximum(self._near(words, encode), has)

    def page_share(self, text: str) -> NDArray[np.float64]:
        """The share of a text's words, by weight, that the page of each passage has, 0 to 1."""
        words = list(dict.fromkeys(self.of(text)))
        if not words:
            return np.ones(len(self._has))
        weights, _, page = self._having(words)
        share: NDArray[np.float64] = (weights / weights.sum()) @ page
        return share

    def touches(self, question: str, encode: Encode) -> NDArray[np.float64]:
        """How near a word of each passage comes to any word of a question, 0 to 1."""
        words = list(dict.fromkeys(self.of(question)))
        if not words:
            return np.zeros(len(self._has))
        near = np.maximum(self._near(words, encode), self._having(words)[1])
        nearest: NDArray[np.float64] = near.max(axis=0)
        return nearest

    def _having(self, words: Sequence[str]) -> tuple[NDArray[np.float64], ...]:
        """What each word weighs, and whether each passage has it, and its page; a row a word."""
        weights, passage, page = [], [], []
        for word in words:
            terms = [t for t in self._vocabulary.of_word(word, mend=True) if t in self._columns]
            columns = [self._columns[term] for term in terms]
            weights.append(min((self._rarity[term] for term in terms), default=self._unknown))
            passage.append(self._has[:, columns].any(axis=1))
            page.append(self._page_has[:, columns].any(axis=1)[self._page])
        return np.array(weights), np.array(passage), np.array(page)

    def _near(self, words: Sequence[str], encode: Encode) -> NDArray[np.float64]:
        """How near each passage's words come to each word, 0 to 1; a row a word."""
        vectors = self._vectors_of(words, encode)
        near = np.take(vectors @ self._vectors.T, self._places, axis=1)
        near = np.maximum.reduceat(near, self._starts, 1)
        return np.clip((near - _STRANGE) / (1.0 - _STRANGE), 0.0, 1.0)

    def _vectors_of(self, words: Sequence[str], encode: Encode) -> NDArray[np.float32]:
        """Vectors of a question's words; those that a page has were encoded when it was indexed."""
        strange = [word for word in words if word not in self._known]
        encoded = dict(zip(strange, encode(strange), strict=True))
        return np.array(
            [
                encoded[word] if word in encoded else self._vectors[self._known[word]]
                for word in words
            ]
        )
