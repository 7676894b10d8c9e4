"""`loket train` on a small project: a model appears, or a sentence that names the file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.model]

FILES = {
    "config.yml": """
recipe: default.v1
assistant_id: small
language: nl
pipeline: [{name: WhitespaceTokenizer}, {name: KeywordIntentClassifier}]
policies: [{name: RulePolicy}]
""",
    "domain.yml": """
version: "3.1"
intents: [greet]
responses:
  utter_greet: [{text: hoi}]
""",
    "data/nlu.yml": """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hoi
    - hallo
""",
    "data/rules.yml": """
version: "3.1"
rules:
- rule: greet
  steps:
  - intent: greet
  - action: utter_greet
""",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that trains in a moment."""
    (tmp_path / "data").mkdir()
    for name, content in FILES.items():
        (tmp_path / name).write_text(content.lstrip())
    return tmp_path


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
    assert tarfile.is_tarfile(model)
    assert json.loads(model.with_name(f"{model.name[:-7]}.json").read_text())["fingerprint"]
    assert sorted(path.suffix for path in model.parent.iterdir()) == [".gz", ".json"]

    second = train(project)
    assert (second.returncode, second.stdout, second.stderr) == (0, first.stdout, "")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("data/rules.yml", "action: utter_greet", "action: utter_gret", "data/rules.yml line 6"),
        ("data/rules.yml", "  - action", "   - action", "data/rules.yml"),
        ("domain.yml", "responses:", "responses:\n  - x:", "domain.yml"),
        ("config.yml", "RulePolicy", "RulePolice", "config.yml line 5"),
    ],
)
def test_an_error_in_the_content_is_a_sentence(
    project: Path, file: str, old: str, new: str, said: str
) -> None:
    """A designer sees where to look, and no half model is left behind."""
    path = project / file
    path.write_text(path.read_text().replace(old, new))
    done = train(project)
    assert (done.returncode, done.stdout) == (78, "")
    complaint = done.stderr.splitlines()[-1]
    assert complaint.startswith("loket: No model was trained, because the content has an error.")
    assert said in complaint
    assert "Traceback" not in done.stderr
    assert list((project / "models").iterdir()) == []
