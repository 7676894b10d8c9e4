"""What a search index holds, and the files it is kept in."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import bm25s
import numpy as np

from bot.knowledge.blocks import Block
from bot.knowledge.ranking_model import UNTAUGHT, Model
from bot.knowledge.vocabulary import OwnWords

if TYPE_CHECKING:
    from numpy.typing import NDArray

logging.getLogger("bm25s").setLevel(logging.WARNING)

_INDEX: Final = "index.json"
_VECTORS: Final = "vectors.npz"
_WORDS: Final = "bm25"


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A passage as it was indexed.

    Attributes:
        slug: of its page.
        title: of its page.
        block: the passage.
        first: row of its first sentence's vector.
        number: which passage of its page it is, from 0.
    """

    slug: str
    title: str
    block: Block
    first: int
    number: int = 0

    @property
    def reference(self) -> str:
        """Page and passage in one word, as a button carries them: `lenen#1`."""
        return f"{self.slug}#{self.number}"


@dataclass(frozen=True, slots=True)
class IndexContents:
    """All that an index is made of.

    Attributes:
        entries: the passages.
        vectors: meanings of sentences, headings, contexts and words, and those of the example
            questions (`asked`).
        words: the BM25 index of the passages' terms.
        own: words of the organisation.
        examples: questions, each with the passage that answers it.
        model: how the signs count.
    """

    entries: tuple[IndexEntry, ...]
    vectors: Mapping[str, NDArray[np.float32]]
    words: bm25s.BM25
    own: OwnWords
    examples: tuple[tuple[str, int], ...] = ()
    model: Model = UNTAUGHT


def write(contents: IndexContents, folder: Path) -> None:
    """Writes an index into a folder, without pickle."""
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
                "number": entry.number,
            }
            for entry in contents.entries
        ],
        "same": contents.own.same,
        "ignored": sorted(contents.own.ignored),
        "spellings": dict(contents.own.spellings),
        "examples": contents.examples,
        "model": asdict(contents.model),
    }
    (folder / _INDEX).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    halves = {name: rows.astype(np.float16) for name, rows in contents.vectors.items()}
    np.savez(folder / _VECTORS, **halves)
    contents.words.save(str(folder / _WORDS), show_progress=False)


def read(folder: Path) -> IndexContents:
    """The index that `write` wrote; some tens of milliseconds.

    Raises:
        OSError: a file is missing.
        ValueError: a file is not what `write` writes.
    """
    data = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
    with np.load(folder / _VECTORS, allow_pickle=False) as stored:
        vectors = {name: rows.astype(np.float32) for name, rows in stored.items()}
    words = bm25s.BM25.load(str(folder / _WORDS), show_progress=False)
    stored_model = dict(data["model"])
    for name in ("weights", "gate"):
        stored_model[name] = tuple(stored_model[name])
    entries = tuple(_entry(item) for item in data["entries"])
    examples = tuple((str(ask), int(owner)) for ask, owner in data["examples"])
    model = Model(**stored_model)
    same = tuple(map(tuple, data["same"]))
    own = OwnWords(same, frozenset(data["ignored"]), data["spellings"])
    return IndexContents(entries, vectors, words, own, examples, model)


def _entry(item: Mapping[str, Any]) -> IndexEntry:
    spans = tuple((int(start), int(end)) for start, end in item["spans"])
    block = Block(item["heading"], item["text"], spans, int(item["line"]), int(item["parts"]))
    number = int(item["number"])
    return IndexEntry(item["slug"], item["title"], block, int(item["first"]), number)
