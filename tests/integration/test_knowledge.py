"""The shipped pages with the real encoder: questions find their passage, others find nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

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


def test_questions_find_their_passage(bench: object) -> None:
    """A little below what `make bench-knowledge` prints, so that a small loss is seen."""
    found = bench.pages.read_all(ROOT)
    index = bench.build(ROOT)
    result = bench.judge(index, bench.example_questions.load(bench.TEST, found))
    assert result.answerable >= 100
    assert result.unanswerable >= 40
    assert result.hit_1 >= 0.80, result.misses
    assert result.hit_3 >= 0.91, result.misses
    assert result.fooled <= 0.05, result.misses
    assert result.wrong <= 0.09, result.misses
    assert result.silent <= 0.45
