"""With TensorFlow and without it the same answers; a component that needs it gets the real one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.ops.train import train_if_needed
from bot.scaffold import Names, create
from bot.settings_loading import load_settings

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.model]

#: Loads a model and prints how it understands the sentences, to the last digit.
UNDERSTAND = """
import asyncio, json, sys
from pathlib import Path
from threadpoolctl import threadpool_info
from bot.core import stand_ins
from bot.core import used_components
from bot.store.sql.database import Database
model = Path(sys.argv[1])
if sys.argv[2] == "without":
    assert stand_ins.keep_tensorflow_out(used_components.of_models([model]))
from bot.core.assistant import RasaAssistant
database = Database(f"sqlite:///{sys.argv[3]}")
database.upgrade()
assistant = asyncio.run(RasaAssistant.load(model, database))
# One message, one thread: more of them wait for each other, at full speed.
assert all(each["num_threads"] == 1 for each in threadpool_info() if each["user_api"] == "blas")
for text in json.loads(sys.stdin.read()):
    parsed = asyncio.run(assistant._agent.parse_message(text))
    print(json.dumps(parsed, default=str), file=sys.stderr)
print(bool(getattr(sys.modules.get("tensorflow"), "__version__", None)))
"""


def sentences() -> list[str]:
    """Those that the shipped assistant is judged by."""
    held = YAML(typ="safe").load((ROOT / "tests" / "nlu" / "heldout.yml").read_text("utf-8"))
    examples = [line for group in held["nlu"] for line in group["examples"].splitlines()]
    return [line.lstrip("- ") for line in examples][::10]


def understand(model: Path, how: str, folder: Path) -> tuple[list[object], bool]:
    """What each sentence is understood as, and whether the real TensorFlow was there."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", UNDERSTAND, model, how, folder / f"{how}.db"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LOKET_LOG_LEVEL": "ERROR"},
        input=json.dumps(sentences()),
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr[-2000:]
    parsed = [json.loads(line) for line in done.stderr.splitlines() if line.startswith('{"text"')]
    for each in parsed:
        each.pop("message_id", None)
    return parsed, done.stdout.splitlines()[-1] == "True"


def test_the_shipped_model_understands_the_same_without_it(tmp_path: Path) -> None:
    """Each intent, confidence and entity of the held-out sentences."""
    model = train_if_needed(load_settings({"LOKET_VAR_DIR": str(tmp_path)}, ROOT))
    without, there = understand(model, "without", tmp_path)
    assert not there
    with_it, there = understand(model, "with", tmp_path)
    assert there
    assert len(without) == len(sentences()) > 15
    assert without == with_it


def loket(project: Path, *command: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bot.cli", *command],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "LOKET_LOG_FORMAT": "json",
            "LOKET_LOG_LEVEL": "INFO",
        },
        cwd=project,
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_assistant_with_diet_gets_the_real_one(tmp_path: Path) -> None:
    """It trains and answers, and a log line says which component is the reason."""
    project = tmp_path / "diet"
    create(project, Names.of(project), date(2026, 11, 2))
    config = YAML(typ="safe").load((project / "config.yml").read_text("utf-8"))
    at = next(i for i, each in enumerate(config["pipeline"]) if "Classifier" in each["name"])
    config["pipeline"][at : at + 1] = [
        {"name": "CountVectorsFeaturizer"},
        {"name": "DIETClassifier", "epochs": 2, "entity_recognition": False},
    ]
    with (project / "config.yml").open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(config, file)
    trained = loket(project, "train")
    assert trained.returncode == 0, trained.stderr[-2000:]
    answered = loket(project, "parse", said="hoe laat zijn jullie open\n")
    assert answered.returncode == 0, answered.stderr[-2000:]
    # After two epochs it has learned little, but it has learned, and it answers.
    known = YAML(typ="safe").load((project / "domain.yml").read_text("utf-8"))["intents"]
    assert json.loads(answered.stdout)["intent"] in known
    for done in (trained, answered):
        (line,) = [each for each in done.stderr.splitlines() if "tensorflow_is_loaded" in each]
        assert json.loads(line)["needed_by"].endswith("DIETClassifier")
