"""The story tests in tests/stories hold for a model trained on the present content."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.ops.train import train_if_needed
from bot.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.model]
ROOT = Path(__file__).parents[2]


def test_rasa_test_core_passes(tmp_path: Path) -> None:
    """`rasa test core` predicts every action of every story; the first wrong one is shown."""
    model = train_if_needed(Settings.load())
    command = ["-W", "ignore", "-m", "rasa", "test", "core", "--fail-on-prediction-errors"]
    folders = ["--model", str(model), "--stories", "tests/stories", "--out", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, *command, *folders],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    assert not (tmp_path / "failed_test_stories.yml").exists() or "story:" not in (
        tmp_path / "failed_test_stories.yml"
    ).read_text(encoding="utf-8")
