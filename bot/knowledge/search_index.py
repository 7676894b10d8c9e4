"""Finds the passage that answers a question: words (BM25) and meaning (embeddings) together.

Knows no encoder: the caller hands one over, so that this stays small and the weights are loaded
once a process (`bot.core.encoder`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import bm25s
import numpy as np

from bot.knowledge import index_files
from bot.knowledge.index_files import IndexContents, IndexEntry
from bot.knowledge.pages import Page
from bot.knowledge.polarity import asks_same, lead
from bot.knowledge.ranking_model import SIGNS, Model
from bot.knowledge.spelling_similarity import SpellingSimilarity
from bot.knowledge.vocabulary import OwnWords, Vocabulary
from bot.knowledge.word_coverage import Encode, PassageWords, distinct_words
from bot.knowledge.written_questions import WrittenQuestions

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The BM25 score that counts for half: that of two rare words.
_HALF: Final = 6.0
#: How near the words of a passage must come to those of a question for its page to be worth a look:
#: "verkopen jullie fietsen" has a word of the page about selling data.
_ALIKE: Final = 0.44
#: How sure to be (0 to 1) of the passage that an example question, or a heading, names.
WRITTEN: Final = 0.97


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage and how well it answers.

    Attributes:
        entry: the passage.
        score: higher is better; comparable within one search.
        sentences: likeness of each sentence to the question, for choosing among them.
        asked: whether a "Ja" or "Nee" in front answers the question: it is that of the heading.
    """

    entry: IndexEntry
    score: float
    sentences: tuple[float, ...]
    asked: bool = False


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The outcome of a search.

    Attributes:
        hits: the best passages, best first.
        confidence: that the first of them is the answer, 0 to 1.
        alike: whether its words come near to those of the question on the whole.
    """

    hits: tuple[Hit, ...]
    confidence: float
    alike: bool = True


class Index:
    """The passages of all pages, ready to be searched."""

    def __init__(self, contents: IndexContents) -> None:
        """Use `build` or `load`."""
        self._contents = contents
        self.entries = contents.entries
        self.examples = contents.examples
        self.own = contents.own
        self.model = contents.model
        self._vectors = contents.vectors
        self._bm25 = contents.words
        self._starts = np.array([entry.first for entry in self.entries], dtype=np.intp)
        self._owners = np.array([owner for _, owner in self.examples], dtype=np.intp)
        texts = [_text(entry) for entry in self.entries]
        pages = [entry.slug for entry in self.entries]
        headings = [f"{entry.title} {entry.block.heading}" for entry in self.entries]
        self._words = PassageWords(texts, pages, self._vectors["words"], self.own)
        self._letters = SpellingSimilarity(headings, texts, [ask for ask, _ in self.examples])
        asked = ((self.own.plain(each.block.heading), at) for at, each in enumerate(self.entries))
        self.written = WrittenQuestions([*asked, *self.examples], self.own)

    @classmethod
    def build(
        cls,
        pages: Mapping[str, Page],
        encode: Encode,
        own: OwnWords | None = None,
    ) -> Index:
        """An index of the pages; some seconds for a thousand sentences.

        Args:
            pages: at least one.
            encode: the encoder.
            own: words of the organisation.
        """
        own = own or OwnWords()
        entries: list[IndexEntry] = []
        sentences: list[str] = []
        for page in pages.values():
            for number, block in enumerate(page.blocks):
                entries.append(IndexEntry(page.slug, page.title, block, len(sentences), number))
                sentences += block.sentences
        texts = [_text(entry) for entry in entries]
        vectors = {
            "sentences": encode(sentences),
            "headings": encode([entry.block.heading or entry.title for entry in entries]),
            "contexts": encode([_context(entry) for entry in entries]),
            "words": encode(distinct_words(texts, own.ignored)),
            "asked": encode([]),
        }
        words = bm25s.BM25()
        vocabulary = Vocabulary(texts, own)
        terms = [vocabulary.terms(_weighted(entry)) for entry in entries]
        words.index(terms, create_empty_token=False, show_progress=False)
        return cls(IndexContents(tuple(entries), vectors, words, own))

    def save(self, folder: Path) -> None:
        """Writes the index into a folder."""
        index_files.write(self._contents, folder)

    @classmethod
    def load(cls, folder: Path) -> Index:
        """The index that `save` wrote.

        Raises:
            OSError: a file is missing.
            ValueError: a file is not what `save` writes.
        """
        return cls(index_files.read(folder))

    def asked(self, examples: Sequence[tuple[str, int]], encode: Encode) -> Index:
        """This index with example questions added.

        Args:
            examples: questions in plain words (`OwnWords.plain`), each with the index in `entries`
                of the passage that answers it.
            encode: the encoder.
        """
        known = {**self._vectors, "asked": encode([ask for ask, _ in examples])}
        return Index(replace(self._contents, vectors=known, examples=tuple(examples)))

    def taught(self, model: Model) -> Index:
        """This index with another model."""
        return Index(replace(self._contents, model=model))

    def words_of(self, question: str) -> list[str]:
        """The words of a question that carry meaning here."""
        return self._words.of(question)

    def signs(
        self, question: str, encode: Encode, forget: int | None = None
    ) -> NDArray[np.float64]:
        """Computes the features of each passage: a row a passage, a column each of `SIGNS`.

        Args:
            question: the customer's words.
            encode: the encoder.
            forget: which of the example questions to leave out, because it is the question.
        """
        question = self.own.plain(question)
        vector = encode([question])[0]
        keep = np.arange(len(self.examples)) != (-1 if forget is None else forget)
        owners = self._owners[keep]
        asked = self._vectors["headings"] @ vector
        np.maximum.at(asked, owners, (self._vectors["asked"] @ vector)[keep])
        heading, text, examples = self._letters.compare(question)
        letters_asked = heading.copy()
        np.maximum.at(letters_asked, owners, examples[keep])
        cover, page_cover, likeness = self._words.covers(question, encode)
        columns = [
            asked,
            np.maximum.reduceat(self._vectors["sentences"] @ vector, self._starts),
            self._vectors["contexts"] @ vector,
            self._matched(question),
            likeness,
            heading,
            text,
            letters_asked,
            cover,
            page_cover,
        ]
        return np.column_stack(columns).astype(np.float64)

    def search(self, question: str, encode: Encode, count: int = 5) -> SearchResult:
        """The best passages, and whether the first of them is the answer.

        Args:
            question: the customer's words.
            encode: the encoder that built the index.
            count: passages at most.
        """
        signs = self.signs(question, encode)
        scores = signs @ np.array(self.model.weights)
        sentences = self.sentences(question, encode)
        order = [int(at) for at in np.argsort(-scores, kind="stable")]
        sure = self.confidence(signs, scores)
        known = self.written.passage_of(question)
        if known is not None:
            # Somebody wrote down what answers this very question.
            order, sure = [known, *(at for at in order if at != known)], max(sure, WRITTEN)
        hits = tuple(self.hit(question, at, float(scores[at]), sentences) for at in order[:count])
        alike = bool(signs[order[0], SIGNS.index("likeness")] >= _ALIKE)
        return SearchResult(hits, sure, alike)

    def sentences(self, question: str, encode: Encode) -> Callable[[IndexEntry], tuple[float, ...]]:
        """How like a question each sentence of a passage is."""
        alike = self._vectors["sentences"] @ encode([self.own.plain(question)])[0]

        def of(entry: IndexEntry) -> tuple[float, ...]:
            return tuple(map(float, alike[entry.first : entry.first + len(entry.block.spans)]))

        return of

    def hit(
        self,
        question: str,
        at: int,
        score: float,
        sentences: Callable[[IndexEntry], tuple[float, ...]],
    ) -> Hit:
        """A passage as it was found.

        Args:
            question: the customer's words.
            at: its index in `entries`.
            score: how well it answers.
            sentences: of `sentences`, for the same question.
        """
        entry = self.entries[at]
        begins = lead(entry.block.text) > 0
        asked = begins and asks_same(question, entry.block.heading, self.own)
        return Hit(entry, score, sentences(entry), asked)

    def page_share(self, words: str) -> NDArray[np.float64]:
        """The share of some words, by weight, that the page of each passage has, 0 to 1."""
        return self._words.page_share(self.own.plain(words))

    def touches(self, question: str, entry: IndexEntry, encode: Encode) -> float:
        """How near any word of a question comes to one of a passage, 0 to 1.

        Args:
            question: the customer's words.
            entry: the passage.
            encode: the encoder.
        """
        near = self._words.touches(self.own.plain(question), encode)
        return float(near[self.entries.index(entry)])

    def confidence(self, signs: NDArray[np.float64], scores: NDArray[np.float64]) -> float:
        """That the best passage is the answer, 0 to 1."""
        gate = float(self.gate(signs, scores) @ np.array(self.model.gate) + self.model.bias)
        return logistic(gate)

    def gate(self, signs: NDArray[np.float64], scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """The features of answering with the best passage, in the order of `GATE`."""
        best = int(scores.argmax())
        slug = self.entries[best].slug
        others = [
            score for score, entry in zip(scores, self.entries, strict=True) if entry.slug != slug
        ]
        lead = scores[best] - max(others, default=0.0)
        return np.concatenate([signs[best], [scores[best], lead]])

    def _matched(self, question: str) -> NDArray[np.float64]:
        """BM25, 0 to 1: half is a good match of two rare words."""
        terms = self._words.terms(question)
        if not terms:
            return np.zeros(len(self.entries))
        scores: NDArray[np.float64] = np.asarray(self._bm25.get_scores(terms), dtype=np.float64)
        return scores / (scores + _HALF)


def logistic(value: float) -> float:
    """A score as a probability, 0 to 1."""
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, value))))


def _text(entry: IndexEntry) -> str:
    return f"{entry.title}\n{entry.block.heading}\n{entry.block.text}"


def _weighted(entry: IndexEntry) -> str:
    """The text of a passage for BM25, its heading twice: that says what the passage is about."""
    return f"{entry.title}\n{entry.block.heading}\n{entry.block.heading}\n{entry.block.text}"


def _context(entry: IndexEntry) -> str:
    return f"{entry.block.heading or entry.title} {entry.block.sentences[0]}"
