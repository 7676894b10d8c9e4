"""Finds the passage that answers a question: words (BM25) and meaning (embeddings) together.

Knows no encoder: the caller hands one over, so that this stays small and the weights are loaded
once a process (`bot.core.encoder`).
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import bm25s
import numpy as np

from bot.knowledge.blocks import Block
from bot.knowledge.pages import Page
from bot.knowledge.spelling_similarity import SpellingSimilarity
from bot.knowledge.vocabulary import OwnWords, Vocabulary
from bot.knowledge.word_coverage import Encode, PassageWords, distinct_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Features that speak for a passage, in the order of `Model.weights`; each about 0 to 1.
SIGNS: Final = (
    "asked",  # likeness of meaning to the heading, or to an example question
    "sentence",  # to the sentence that is nearest
    "context",  # to heading and first sentence together
    "bm25",  # words in common
    "likeness",  # how near each word of the question comes to a word of the passage
    "letters_heading",  # groups of letters in common with the heading
    "letters_text",  # with the whole passage
    "letters_asked",  # with the heading or an example question
    "cover",  # share of the question's words that the passage has
    "page_cover",  # that its page has
)
#: Features that speak for answering at all, in the order of `Model.gate`: those of the best
#: passage, and how far the best passage of another page stays behind.
GATE: Final = (*SIGNS, "score", "lead")
logging.getLogger("bm25s").setLevel(logging.WARNING)

_INDEX: Final = "index.json"
_VECTORS: Final = "vectors.npz"
_WORDS: Final = "bm25"
#: The BM25 score that counts for half: that of two rare words.
_HALF: Final = 6.0


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A passage as it was indexed.

    Attributes:
        slug: of its page.
        title: of its page.
        block: the passage.
        first: row of its first sentence's vector.
    """

    slug: str
    title: str
    block: Block
    first: int


@dataclass(frozen=True, slots=True)
class Model:
    """The weights and thresholds learned from the example questions.

    Attributes:
        weights: how much each of `SIGNS` counts in comparing passages.
        gate: how much each of `GATE` counts in deciding whether the best one is the answer.
        bias: added to the latter; the outcome goes through the logistic function.
        threshold: from this outcome on (0 to 1) the best passage is the answer.
        near: from this outcome on the best pages are worth a look.
    """

    weights: tuple[float, ...]
    gate: tuple[float, ...]
    bias: float
    threshold: float
    near: float


#: The model that holds until one is learned from questions.
UNTAUGHT: Final = Model(
    weights=(2.0, 3.0, 4.0, 2.0, 4.0, 1.0, 3.0, 3.0, 0.5, 0.5),
    gate=(*([0.0] * len(SIGNS)), 1.0, 1.0),
    bias=-8.0,
    threshold=0.5,
    near=0.05,
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage and how well it answers.

    Attributes:
        entry: the passage.
        score: higher is better; comparable within one search.
        sentences: likeness of each sentence to the question, for choosing among them.
    """

    entry: IndexEntry
    score: float
    sentences: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The outcome of a search.

    Attributes:
        hits: the best passages, best first.
        confidence: that the first of them is the answer, 0 to 1.
    """

    hits: tuple[Hit, ...]
    confidence: float


class Index:
    """The passages of all pages, ready to be searched."""

    def __init__(
        self,
        entries: Sequence[IndexEntry],
        vectors: Mapping[str, NDArray[np.float32]],
        words: bm25s.BM25,
        own: OwnWords,
        examples: Sequence[tuple[str, int]] = (),
        model: Model = UNTAUGHT,
    ) -> None:
        """Use `build` or `load`.

        Args:
            entries: the passages.
            vectors: those that `build` makes, and those of the example questions (`asked`).
            words: the BM25 index of the passages' terms.
            own: words of the organisation.
            examples: questions, each with the passage that answers it.
            model: how the signs count.
        """
        self.entries = tuple(entries)
        self.examples = tuple(examples)
        self.own = own
        self.model = model
        self._vectors = vectors
        self._bm25 = words
        self._starts = np.array([entry.first for entry in self.entries], dtype=np.intp)
        self._owners = np.array([owner for _, owner in self.examples], dtype=np.intp)
        texts = [_text(entry) for entry in self.entries]
        pages = [entry.slug for entry in self.entries]
        headings = [f"{entry.title} {entry.block.heading}" for entry in self.entries]
        self._words = PassageWords(texts, pages, vectors["words"], own)
        self._letters = SpellingSimilarity(headings, texts, [ask for ask, _ in self.examples])

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
            for block in page.blocks:
                entries.append(IndexEntry(page.slug, page.title, block, len(sentences)))
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
        return cls(entries, vectors, words, own)

    def save(self, folder: Path) -> None:
        """Writes the index into a folder, without pickle."""
        data = {
            "entries": [
                {
                    "slug": entry.slug,
                    "title": entry.title,
                    "heading": entry.block.heading,
                    "text": entry.block.text,
                    "spans": entry.block.spans,
                    "line": entry.block.line,
                    "parts": entry.block.parts,
                    "first": entry.first,
                }
                for entry in self.entries
            ],
            "same": self.own.same,
            "ignored": sorted(self.own.ignored),
            "spellings": dict(self.own.spellings),
            "examples": self.examples,
            "model": asdict(self.model),
        }
        (folder / _INDEX).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        halves = {name: rows.astype(np.float16) for name, rows in self._vectors.items()}
        np.savez(folder / _VECTORS, **halves)
        self._bm25.save(str(folder / _WORDS), show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> Index:
        """The index that `save` wrote; some tens of milliseconds.

        Raises:
            OSError: a file is missing.
            ValueError: a file is not what `save` writes.
        """
        data = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
        with np.load(folder / _VECTORS, allow_pickle=False) as stored:
            vectors = {name: rows.astype(np.float32) for name, rows in stored.items()}
        words = bm25s.BM25.load(str(folder / _WORDS), show_progress=False)
        stored_model = dict(data["model"])
        for name in ("weights", "gate"):
            stored_model[name] = tuple(stored_model[name])
        entries = [_entry(item) for item in data["entries"]]
        examples = [(str(ask), int(owner)) for ask, owner in data["examples"]]
        model = Model(**stored_model)
        same = tuple(map(tuple, data["same"]))
        own = OwnWords(same, frozenset(data["ignored"]), data["spellings"])
        return cls(entries, vectors, words, own, examples, model)

    def asked(self, examples: Sequence[tuple[str, int]], encode: Encode) -> Index:
        """This index with example questions added.

        Args:
            examples: questions in plain words (`OwnWords.plain`), each with the index in `entries`
                of the passage that answers it.
            encode: the encoder.
        """
        known = {**self._vectors, "asked": encode([ask for ask, _ in examples])}
        return Index(self.entries, known, self._bm25, self.own, examples, self.model)

    def taught(self, model: Model) -> Index:
        """This index with another model."""
        return Index(self.entries, self._vectors, self._bm25, self.own, self.examples, model)

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
        question = self.own.plain(question)
        signs = self.signs(question, encode)
        scores = signs @ np.array(self.model.weights)
        gate = float(self.gate(signs, scores) @ np.array(self.model.gate) + self.model.bias)
        sentences = self._vectors["sentences"] @ encode([question])[0]
        hits = []
        for at in np.argsort(-scores, kind="stable")[:count]:
            entry = self.entries[at]
            own = sentences[entry.first : entry.first + len(entry.block.spans)]
            hits.append(Hit(entry, float(scores[at]), tuple(map(float, own))))
        return SearchResult(tuple(hits), 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, gate)))))

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


def _text(entry: IndexEntry) -> str:
    return f"{entry.title}\n{entry.block.heading}\n{entry.block.text}"


def _weighted(entry: IndexEntry) -> str:
    """The text of a passage for BM25, its heading twice: that says what the passage is about."""
    return f"{entry.title}\n{entry.block.heading}\n{entry.block.heading}\n{entry.block.text}"


def _context(entry: IndexEntry) -> str:
    return f"{entry.block.heading or entry.title} {entry.block.sentences[0]}"


def _entry(item: Mapping[str, Any]) -> IndexEntry:
    spans = tuple((int(start), int(end)) for start, end in item["spans"])
    block = Block(item["heading"], item["text"], spans, int(item["line"]), int(item["parts"]))
    return IndexEntry(item["slug"], item["title"], block, int(item["first"]))
