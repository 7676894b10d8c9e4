"""`loket test`: plays the stories in `tests/stories` with the model of the present content.

Rasa's own `rasa test core` judges them: whether each sentence is understood as the story says, and
whether every action is the one that follows. It needs no database and changes nothing.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import click
from ruamel.yaml import YAML

from bot.errors import ConfigurationError, LoketError
from bot.logs import logging_setup
from bot.ops.train import train_if_needed
from bot.settings_loading import load_settings

STORIES: Final = Path("tests") / "stories"
_STORY: Final = re.compile(r"\s*- (story: .*)")
_STEP: Final = re.compile(
    r"\s*- (?P<kind>intent|action): (?P<expected>\S+)\s+# predicted: (?P<came>.*)"
)
#: Lines shown of what went wrong.
_MOST: Final = 40
_RASA: Final = (sys.executable, "-W", "ignore", "-m", "bot.core.rasa_command", "test", "core")


class StoryFailed(LoketError):
    """A story went otherwise than it says, or could not be played. Mend story or content."""


@click.command()
def test() -> None:
    """Play the stories in tests/stories; trains a model first if the content changed."""
    settings = load_settings(otherwise={"LOKET_LOG_LEVEL": "WARNING"})
    logging_setup.configure(settings.log_level, settings.log_format)
    if not any((settings.root / STORIES).glob("test_*.yml")):
        raise ConfigurationError(
            f"There are no stories to play: {settings.root / STORIES} holds no file test_*.yml."
        )
    model = train_if_needed(settings)
    count = play(settings.root, model, settings.var_dir / "story-tests")
    click.echo(f"loket: {count} stories went as they say.", err=True)


def play(root: Path, model: Path, out: Path) -> int:
    """Plays every story of an assistant.

    Args:
        root: the assistant's folder.
        model: its trained model.
        out: folder for Rasa's reports.

    Returns:
        How many stories there were.

    Raises:
        StoryFailed: one went otherwise; the message shows it.
    """
    arguments = ["--model", str(model), "--stories", str(STORIES), "--out", str(out), "--e2e"]
    failed, report = out / "failed_test_stories.yml", out / "story_report.json"
    for old in (failed, report):
        old.unlink(missing_ok=True)
    done = subprocess.run(  # noqa: S603 - this Python's own Rasa
        [*_RASA, *arguments, "--no-plot", "--no-warnings"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or not report.is_file():
        raise StoryFailed(f"Rasa could not play the stories: {_reason(done.stdout + done.stderr)}")
    if wrong := _stories_in(failed):
        went = "story went" if wrong == 1 else "stories went"
        raise StoryFailed(f"{wrong} {went} otherwise than told; see {failed}\n{_shown(failed)}")
    return sum(_stories_in(path) for path in (root / STORIES).glob("test_*.yml"))


def _stories_in(path: Path) -> int:
    """How many stories a file holds; 0 when it is not there."""
    if not path.is_file():
        return 0
    read = YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}
    return len(read.get("stories") or ())


def _shown(path: Path) -> str:
    """Each story that went wrong, with its first step that did: the others follow from that one."""
    told: list[str] = []
    wrong = True
    for line in path.read_text(encoding="utf-8").splitlines():
        if story := _STORY.match(line):
            told.append(f"- {story[1]}")
            wrong = False
        elif "# predicted:" in line and not wrong:
            told.append(f"  {_difference(line)}")
            wrong = True
    return "\n".join(told[:_MOST])


def _difference(line: str) -> str:
    """A step as Rasa notes it: the expected one, and behind `#` what came."""
    found = _STEP.match(line)
    if found is None:
        return line.strip()
    if found["kind"] == "action":
        return f"expected {found['expected']}, but {found['came']} came"
    understood, _, text = found["came"].partition(": ")
    if understood == found["expected"]:
        return f"other entities than expected in: {text}"
    return f"expected the intent {found['expected']}, but understood {understood}: {text}"


def _reason(output: str) -> str:
    """What Rasa wrote last, in one line."""
    written = re.sub(r"\x1b\[[0-9;]*m", "", output).strip().splitlines()
    return written[-1].strip() if written else "it says nothing."
