"""A site of three pages with the real encoder: what it answers is right, and else it says so.

The organisation is a music school that was made up for this. Nothing is learned from its questions
(`asked.yml`): they guard what was reached, and judge nothing. The model is that without examples.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.core.page_search import vectors
from bot.knowledge import example_questions, pages
from bot.knowledge.search_index import Index

ROOT = Path(__file__).parents[2]
SCHOOL = ROOT / "tests" / "assistants" / "music_school"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bench() -> object:
    """The program of `make bench-knowledge`."""
    sys.path.insert(0, str(ROOT / "bench"))
    try:
        import knowledge
    finally:
        sys.path.remove(str(ROOT / "bench"))
    return knowledge


def test_a_few_pages_answer_what_they_know(bench: object) -> None:
    """A little below what is measured, so that a small loss is seen."""
    found = pages.read_all(SCHOOL)
    index = Index.build(found, vectors)
    result = bench.judge(index, example_questions.load(SCHOOL / "asked.yml", found))
    assert result.answerable >= 20
    assert result.unanswerable >= 20
    assert result.fooled <= 0.08, result.misses
    assert result.wrong <= 0.08, result.misses
    assert result.silent <= 0.5, result.misses
    assert result.offered >= 0.9, result.misses
    assert result.hit_1 >= 0.75, result.misses
