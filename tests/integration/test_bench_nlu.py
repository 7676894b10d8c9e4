"""`make bench-nlu` works: a bench that nobody runs between releases rots."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

EXAMPLES = {
    "alarm_set": ["zet de wekker op zeven uur", "maak me wakker om acht uur", "wekker om zes uur"],
    "weather_query": ["regent het morgen", "wat voor weer wordt het", "schijnt de zon vandaag"],
    "play_music": ["speel wat jazz", "zet muziek aan", "draai mijn afspeellijst"],
}


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs it."""
    return subprocess.run(
        [sys.executable, str(ROOT / "bench" / "nlu"), *arguments],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


@pytest.mark.slow
def test_quick(tmp_path: Path) -> None:
    """The quick form trains by Rasa's own training, asks, prints the table and draws."""
    rows = [{"utt": text, "intent": name} for name, texts in EXAMPLES.items() for text in texts]
    for part in ("train", "dev", "test"):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (tmp_path / f"{part}.jsonl").write_text(lines, encoding="utf-8")
    results = tmp_path / "results"
    done = bench("--data", str(tmp_path), "--part", "dev", "--quick", "--results", str(results))
    assert done.returncode == 0, done.stderr
    assert "| right | >= 88.0 % | 100.00 % |" in done.stdout
    assert {path.name for path in results.iterdir()} == {
        "confusion.png",
        "reliability.png",
        "table.md",
    }


@pytest.mark.parametrize("arguments", [(), ("--data", "nowhere")])
def test_without_data(arguments: tuple[str, ...]) -> None:
    """Without the data the bench says what it needs and where that comes from."""
    done = bench(*arguments)
    assert done.returncode == 1
    assert "make bench-nlu DATA=" in done.stderr
    assert "Traceback" not in done.stderr


def test_data_in_another_form(tmp_path: Path) -> None:
    """A file that is not MASSIVE is told by its name."""
    (tmp_path / "train.jsonl").write_text("utt,intent\n", encoding="utf-8")
    done = bench("--data", str(tmp_path))
    assert done.returncode == 1
    assert "train.jsonl is not in the expected form" in done.stderr
