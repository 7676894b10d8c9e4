"""Built-in actions are there without copying, and give way to the assistant's own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
_LIST = """
from bot.dialogue.registration import Executor
executor = Executor()
executor.register_package("actions")
for name, run in executor.actions.items():
    print(name, type(run.__self__).__module__)
"""
_OWN = """
from rasa_sdk import Action
from bot.dialogue.actions.rating import ActionGoodbye

class Goodbye(ActionGoodbye):
    pass

class Handover(Action):
    def name(self):
        return "action_handover"
    async def run(self, dispatcher, tracker, domain):
        return []
"""


def registered(assistant: Path) -> dict[str, str]:
    """The module of each action that an assistant in this folder has."""
    paths = {"PYTHONPATH": f"{assistant}:{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-c", _LIST],
        cwd=assistant, env=paths, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return dict(line.split() for line in done.stdout.splitlines())


@pytest.fixture
def assistant(tmp_path: Path) -> Path:
    """An assistant with an empty package of actions."""
    (tmp_path / "actions").mkdir()
    (tmp_path / "actions" / "__init__.py").touch()
    return tmp_path


def test_every_assistant_has_the_built_in_actions(assistant: Path) -> None:
    """Also one that wrote none."""
    found = registered(assistant)
    assert found["action_handover"] == "bot.dialogue.actions.handover"
    assert found["action_break_loop"] == "bot.dialogue.actions.break_loop"
    assert found["action_session_start"] == "bot.dialogue.actions.session_start"
    assert found["action_rate"] == "bot.dialogue.actions.rating"


def test_an_action_of_the_assistant_wins(assistant: Path) -> None:
    """A subclass, and one of its own with the same name; all others stay."""
    (assistant / "actions" / "safeguards.py").write_text(_OWN, encoding="utf-8")
    found = registered(assistant)
    assert found["action_goodbye"] == "actions.safeguards"
    assert found["action_handover"] == "actions.safeguards"
    assert found["action_rate"] == "bot.dialogue.actions.rating"


def test_the_page_names_the_action_that_runs() -> None:
    """`actions/safeguards.py` imports what provides each safeguard."""
    from actions import safeguards

    listed = (
        *safeguards.ESCAPE_WORD, *safeguards.LOOP_DETECTION, *safeguards.AI_DISCLOSURE,
        *safeguards.RATING,
    )  # fmt: skip
    from bot.dialogue.registration import Executor

    executor = Executor()
    executor.register_package("actions")
    for action in listed:
        assert isinstance(executor.actions[action().name()].__self__, action)
