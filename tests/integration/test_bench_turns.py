"""`make bench-turns` works: a bench that nobody runs between releases rots."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.measuring import results

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.model
def test_tiny(tmp_path: Path) -> None:
    """A tiny run measures every figure of Loket's and records it where it is told to."""
    arguments = "--without-rasa --rounds 2 --conversations 1 --long 20 --results".split()
    done = subprocess.run(
        [sys.executable, "-m", "bench.turns", *arguments, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 2, done.stderr  # two rounds prove nothing
    assert "| a turn, processor time, median |" in done.stdout
    assert "was measured in fewer than 3 rounds" in done.stdout
    (result,) = results.read("turns", tmp_path)
    assert not result.trusted
    assert not result.whole
    assert len(result.load["others"]) == 2
    for name, values in result.rounds.items():
        assert len(values) == 2, name
        assert all(value > 0 for value in values), name
    assert result.medians["loket.cpu_p50"] <= result.medians["loket.cpu_p95"]
    assert not any(name.startswith("rasa.") for name in result.rounds)
