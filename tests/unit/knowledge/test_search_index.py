"""The search with a small encoder of its own, its words, and what is made of what it finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bot.knowledge.answering import answer, passage_of
from bot.knowledge.blocks import Block
from bot.knowledge.index_files import IndexEntry
from bot.knowledge.pages import read
from bot.knowledge.ranking_model import UNTAUGHT
from bot.knowledge.search_index import Hit, Index
from bot.knowledge.vocabulary import OwnWords, Vocabulary, stem
from bot.messages import Quote, decode, encode
from channels.webchat import WebChat

if TYPE_CHECKING:
    from numpy.typing import NDArray

FRONT = "---\ntitle: {0}\nurl: /kennis/{0}\ndate: 2026-09-01\nowner: Team\n---\n"


def letters(texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors of letter pairs: no meaning, but alike for what is spelt alike."""
    rows = np.zeros((len(texts), 512), dtype=np.float32)
    for at, text in enumerate(texts):
        for pair in zip(text.lower(), text.lower()[1:], strict=False):
            rows[at, (ord(pair[0]) * 31 + ord(pair[1])) % 512] += 1.0
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1.0)


@pytest.fixture(scope="module")
def index() -> Index:
    """Two pages."""
    texts = {
        "retour": "## Hoe lang kan ik terugsturen?\nU kunt terugsturen tot 30 dagen na bezorging.",
        "betalen": "## Waarmee kan ik betalen?\nU betaalt met iDEAL of een creditcard.",
    }
    found = {slug: read(f"{slug}.md", FRONT.format(slug) + text) for slug, text in texts.items()}
    return Index.build(found, letters, OwnWords((("terugsturen", "retourneren", "omruilen"),)))


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("hoe lang kan ik terugsturen", "retour"),
        ("terugstuurtermijn", "retour"),
        ("hoelang mag ik omruilen", "retour"),
        ("kan ik met creditkard betalen", "betalen"),
    ],
)
def test_it_finds(index: Index, question: str, slug: str) -> None:
    """By words, parts of words, meaning and in spite of typing errors."""
    assert index.search(question, letters).hits[0].entry.slug == slug


@pytest.mark.parametrize("question", ["", "???", "hoe wat wie", "x" * 5000, "qwrtp zxcv", "👍"])
def test_nothing_to_go_by_is_no_error(index: Index, question: str) -> None:
    """An answer needs a passage."""
    found = index.search(question, letters)
    assert 0.0 <= found.confidence <= 1.0


def test_it_is_the_same_after_a_restart(index: Index, tmp_path: Path) -> None:
    """Saved and loaded, without pickle."""
    index.save(tmp_path)
    again = Index.load(tmp_path)
    for question in ("hoe lang kan ik terugsturen", "betalen"):
        before, after = index.search(question, letters), again.search(question, letters)
        assert [hit.entry for hit in before.hits] == [hit.entry for hit in after.hits]
        assert before.confidence == pytest.approx(after.confidence, abs=0.01)
    assert not list(tmp_path.rglob("*.pkl"))


def test_a_question_that_was_written_down_has_its_answer(index: Index) -> None:
    """A heading or an example, whatever other passages resemble it."""
    at = len(index.entries) - 1
    taught = index.asked([("wat is dat voor ding", at)], letters)
    found = taught.search("Wat is dat, voor ding?", letters)
    assert found.hits[0].entry == index.entries[at]
    assert found.confidence > 0.9
    for entry in index.entries:
        if entry.block.heading:
            assert index.search(entry.block.heading, letters).hits[0].entry.slug == entry.slug


def test_below_the_threshold_pages_are_offered(index: Index) -> None:
    """And below the other one nothing is."""
    found = index.search("terugsturen", letters)
    strict = index.taught(replace(UNTAUGHT, threshold=1.1, near=0.0))
    assert answer(strict, found).passage is None
    assert answer(strict, found).near[0].startswith("retour#")
    assert answer(index.taught(replace(UNTAUGHT, threshold=1.1, near=1.1)), found).near == ()
    sure = answer(index.taught(replace(UNTAUGHT, threshold=0.0)), found)
    assert sure.passage is not None
    assert sure.passage.answer in sure.passage.text


def test_the_answering_sentence_is_marked() -> None:
    """With the one that leans on it; the passage is verbatim."""
    text = "Terugsturen kan altijd. De bus rijdt. Een label kost niets. Dat krijgt u bij de balie."
    block = Block("Kop", text, ((0, 23), (24, 37), (38, 59), (60, 86)), 0)
    passage = passage_of(Hit(IndexEntry("a", "A", block, 0), 1.0, (0.1, 0.1, 0.9, 0.2)))
    assert passage.text == text
    assert passage.answer == "Een label kost niets. Dat krijgt u bij de balie."


@pytest.mark.parametrize(
    ("one", "other"),
    [("stuurt", "sturen"), ("bezorging", "bezorgen"), ("maten", "maat")],
)
def test_forms_of_a_word_are_one(one: str, other: str) -> None:
    """Endings do not count."""
    assert stem(one) == stem(other)


def test_compounds_and_errors() -> None:
    """Parts that are known words; an error or two in a long word."""
    vocabulary = Vocabulary(["de termijn van een retour", "verzendkosten"])
    assert {"retour", "termijn"} <= set(vocabulary.of_word("retourtermijn"))
    assert vocabulary.of_word("verzendkstn", mend=True)[0] == stem("verzendkosten")
    assert vocabulary.of_word("bitcoin", mend=True) == ("bitcoin",)


@pytest.mark.parametrize("marks", [((0, 99),), ((5, 2),), ((0, 4), (2, 6)), ((3, 3),)])
def test_marks_must_fit(marks: tuple[tuple[int, int], ...]) -> None:
    """Within the passage, in order and apart."""
    with pytest.raises(ValueError, match="marks"):
        Quote("a", "binnen 30 dagen", "R", "/r", marks=marks)


def test_the_browser_gets_parts() -> None:
    """So that it need not count characters: an emoji is one to Python and two to JavaScript."""
    quote = Quote("30", "📦 tot 30 dagen", "R", "/r", marks=((6, 8),), note="Oud.")
    assert decode(encode(quote)) == quote
    (shown,) = WebChat().render(quote)
    assert [(part["text"], part["marked"]) for part in shown["parts"]] == [
        ("📦 tot ", False), ("30", True), (" dagen", False),
    ]  # fmt: skip
    assert shown["text"] == ""
    assert shown["note"] == "Oud."
