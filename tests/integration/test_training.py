"""`loket train` on a small project: a model appears, or a sentence that names the file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from datetime import date
from pathlib import Path

import pytest

from bot.scaffold import Names, create

pytestmark = [pytest.mark.slow, pytest.mark.model]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What `loket new` makes: the smallest content in which no safeguard is missing."""
    folder = tmp_path / "small"
    create(folder, Names.of(folder), date(2026, 11, 2))
    return folder


def train(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", "train", *options],
        env={**os.environ, "LOKET_ROOT": str(project), "LOKET_LOG_FORMAT": "json"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_model_is_trained_once(project: Path) -> None:
    """Standard output holds its path alone; the second time there is nothing to do."""
    first = train(project)
    assert first.returncode == 0, first.stderr
    model = Path(first.stdout.strip())
    assert first.stdout == f"{model}\n"
    assert "Training: step 1 of " in first.stderr
    assert first.stderr.splitlines()[-1].startswith("Training: done in ")
    assert "Traceback" not in first.stderr
    with tarfile.open(model) as archive:
        held = {each.name: each.size for each in archive}
    # To unpack it is to copy it, and its domain is there in a form that is read in a moment.
    assert model.stat().st_size > sum(held.values())
    assert "components/domain_provider/domain.json" in held
    assert json.loads(model.with_name(f"{model.name[:-7]}.json").read_text())["fingerprint"]
    assert sorted(path.suffix for path in model.parent.iterdir()) == [".gz", ".json"]

    second = train(project)
    assert (second.returncode, second.stdout, second.stderr) == (0, first.stdout, "")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("data/rules/small_talk.yml", "action: utter_thank", "action: utter_than", "line "),
        ("data/rules/small_talk.yml", "      - action: utter_th", "       - action: utter_th", ""),
        ("domain.yml", "\nresponses:", "\nresponses:\n  - x:", ""),
        ("config.yml", "name: RulePolicy", "name: RulePolice", "line "),
        ("config.yml", "tokenizer.DutchTokenizer", "tokenizer.DutchTokeniser", "line "),
        ("config.yml", "\n    wrong_rate", "\n   wrong_rate", "line "),
    ],
)
def test_an_error_in_the_content_is_a_sentence(
    project: Path, file: str, old: str, new: str, said: str
) -> None:
    """A designer sees where to look, and no half model is left behind."""
    path = project / file
    written = path.read_text()
    assert old in written
    path.write_text(written.replace(old, new))
    done = train(project)
    assert (done.returncode, done.stdout) == (78, "")
    complaint = done.stderr.splitlines()[-1]
    assert complaint.startswith(("loket: No model was trained", f"loket: {file}"))
    assert f"{file} {said}" in complaint if said else file in complaint
    assert "Traceback" not in done.stderr
    assert not list(project.glob("models/*"))
