"""Rasa's own commands work on the project as it is, as designers use them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.ops.train import train_if_needed
from bot.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.model]
ROOT = Path(__file__).parents[2]


def rasa(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Runs a command in the project on its model; `typed` is what comes from the keyboard."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "rasa", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def model() -> str:
    """The model of the present content."""
    return str(train_if_needed(Settings.load()))


def test_rasa_test_core_passes(model: str, tmp_path: Path) -> None:
    """Every action of every story is predicted; the first wrong one is shown.

    The stories name the intents: what a sentence is understood as is `rasa test nlu`'s to judge.
    """
    done = rasa(
        *("test", "core", "--model", model, "--stories", "tests/stories", "--out", str(tmp_path)),
        *("--fail-on-prediction-errors", "--no-plot"),
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    failed = (tmp_path / "failed_test_stories.yml").read_text(encoding="utf-8")
    assert "story:" not in failed
    report = json.loads((tmp_path / "story_report.json").read_text(encoding="utf-8"))
    assert report["conversation_accuracy"]["total"] >= 80


def test_rasa_test_nlu_reports_on_held_out_messages(model: str, tmp_path: Path) -> None:
    """The report has a line for each intent, and the whole is as good as our own test asks."""
    data = ["--nlu", "tests/nlu/heldout.yml", "--out", str(tmp_path)]
    done = rasa("test", "nlu", "--model", model, *data, "--no-plot")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    report = json.loads((tmp_path / "intent_report.json").read_text(encoding="utf-8"))
    assert report["accuracy"] >= 0.92
    assert report["track_order"]["support"] > 0


def test_rasa_shell_nlu_tells_what_it_understood(model: str) -> None:
    """Typed in a terminal: the intent and what was read from the sentence."""
    done = rasa("shell", "nlu", "--model", model, typed="waar is mijn pakket PP-100234\n/stop\n")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    heard, _ = json.JSONDecoder().raw_decode(done.stdout[done.stdout.index("{") :])
    assert heard["intent"]["name"] == "track_order"
    read = {entity["entity"]: entity["value"] for entity in heard["entities"]}
    assert read == {"order_number": "PP-100234"}
