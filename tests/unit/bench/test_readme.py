"""README's figures of turns and starts are what `make figures` writes from bench/results."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench import readme
from bench.measuring import results
from bench.measuring.machine import ROOT
from bench.measuring.results import Result
from bench.start import __main__ as start
from bench.turns import __main__ as turns

EMPTY = f"# Loket\n\n{readme.BEGIN}\nold\n{readme.END}\n\nMore.\n"
GOOD = Result(
    date="2026-12-01T20:00:00+00:00",
    commit="0123456789abcdef",
    dirty=False,
    machine={"processor": "Some CPU", "cores": 2, "memory_mb": 16123},
    options={"long": 300, "rasa_long": 100},
    whole=True,
    rounds={
        "loket.cpu_p50": [7.0, 8.0, 7.5],
        "loket.wall_p50": [9.0, 9.0, 9.0],
        "rasa.wall_p50": [150.0, 160.0, 155.0],
    },
    medians={},
    load={"others_median": 0.021},
    trusted=True,
    why=[],
)


def test_readme_is_what_was_measured() -> None:
    """Nobody changed README's figures by hand, and none is older than the last run."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.written(text) == text, "run `make figures`"


def test_nothing_measured(tmp_path: Path) -> None:
    """Without a run to be trusted each row says so; what is around stays, and so does a second."""
    text = readme.written(EMPTY, tmp_path)
    assert text.startswith("# Loket\n")
    assert text.endswith(f"{readme.END}\n\nMore.\n")
    assert "\nold\n" not in text
    rows = [line for line in text.splitlines() if line.startswith("| ")][2:]
    assert rows
    assert all(readme.NOT_MEASURED in line for line in rows)
    assert "turn 300 / turn 10" in text
    assert readme.written(text, tmp_path) == text


def test_measured(tmp_path: Path) -> None:
    """The last run that is to be trusted is shown with its date and commit, beside Rasa's."""
    results.record("turns", GOOD, tmp_path)
    worse = replace(GOOD, rounds={"loket.cpu_p50": [99.0]}, trusted=False, why=["noise"])
    results.record("turns", worse, tmp_path)
    text = readme.written(EMPTY, tmp_path)
    assert "| a turn, wall time, median | 9.0 ms (9.0 to 9.0) | 155.0 ms (150.0 to 160.0) |" in text
    assert "| 7.5 ms (7.0 to 8.0) |  | at most 8 ms: met | the same |" in text
    assert "| a parse, wall time, median | not measured |" in text
    assert "`make bench-turns`: 2026-12-01, commit 0123456789, on Some CPU, 2 cores, 16 GB" in text
    assert f"`make bench-start`: {readme.NOT_MEASURED}." in text
    assert "99" not in text


@pytest.mark.parametrize(("bench", "program"), [("turns", turns), ("start", start)])
def test_names_before_a_run(bench: str, program: Any) -> None:
    """The rows of a bench that never ran have the names that its usual run gives them."""
    parser = program._parser()
    usual = readme.BENCHES[bench][1]
    assert usual == {name: parser.get_default(name) for name in usual}


@pytest.mark.parametrize("comment", [readme.BEGIN, readme.END], ids=["begin", "end"])
def test_without_a_comment(comment: str, tmp_path: Path) -> None:
    """A README without one of the comments is left alone, and the comment named."""
    with pytest.raises(ValueError, match="README"):
        readme.written(EMPTY.replace(comment, ""), tmp_path)
