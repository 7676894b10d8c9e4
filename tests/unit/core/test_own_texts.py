"""A response that code says and the domain has not is told in training, with file and line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.core import own_texts
from bot.core.assistant_tasks import own_code
from bot.core.generated_content import make, read
from bot.core.own_texts import SaidText
from bot.errors import ConfigurationError
from tests.support.own_code import none_imported

ROOT = Path(__file__).parents[3]
FORM = """
from bot.dialogue.questions import Prompt, Question
from bot.dialogue.task import CONFIRM, TaskForm
from bot.topics.topic import Topic

STREET = Question("street")


class ReportForm(TaskForm):
    topic = Topic("report", slots={"street": ""})

    def questions(self, answers):
        return (STREET, CONFIRM)

    async def prompt(self, question, answers):
        return Prompt("utter_confirm_report") if question is CONFIRM else Prompt()


def say(replies, kind):
    replies.say("utter_reported")
    replies.say(f"utter_report_{kind}")
    if replies.knows("utter_report_extra"):
        replies.say("utter_report_extra")
"""
ALL = (
    "utter_question_street",
    "utter_refusal_street",
    "utter_refusal_confirmed",
    "utter_edit_report",
    "utter_confirm_report",
    "utter_reported",
    "utter_report_new",
)
#: An assistant's folder; prints what its domain, with these responses, lacks.
LACKS = """
import sys
from pathlib import Path
from bot.core import own_texts
from bot.core.assistant_tasks import own_code
texts = own_code(Path(sys.argv[1])).texts
for problem in own_texts.problems({"responses": dict.fromkeys(sys.argv[2:])}, texts):
    print(problem)
"""


def lacks(folder: Path, *responses: str) -> list[str]:
    """The problems of an assistant with this form and these responses."""
    (folder / "actions").mkdir(exist_ok=True)
    (folder / "actions" / "__init__.py").touch()
    (folder / "actions" / "report.py").write_text(FORM)
    (folder / "config.yml").touch()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LACKS, folder, *responses],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr
    return done.stdout.splitlines()


def test_a_domain_with_every_text_lacks_none(tmp_path: Path) -> None:
    """Nor does one without a text that the code asks for first."""
    assert lacks(tmp_path, *ALL) == []


@pytest.mark.parametrize(
    ("missing", "line"),
    [
        ("utter_question_street", "actions/report.py line 9"),
        ("utter_refusal_street", "actions/report.py line 9"),
        ("utter_refusal_confirmed", "actions/report.py line 9"),
        ("utter_edit_report", "actions/report.py line 9"),
        ("utter_confirm_report", "actions/report.py line 16"),
        ("utter_reported", "actions/report.py line 20"),
        ("utter_report_new", "actions/report.py line 21"),
    ],
)
def test_a_missing_text_is_told(tmp_path: Path, missing: str, line: str) -> None:
    """By its place in the code, its name, and the way out."""
    (problem,) = lacks(tmp_path, *(each for each in ALL if each != missing))
    assert problem.startswith(f"{line}: the code ")
    assert missing.removesuffix("new") in problem
    assert "Add it under `responses:`, or mend its spelling." in problem


def test_what_is_said_the_second_time_stands_in_for_nothing() -> None:
    """A refusal of which only `_again` is left."""
    said = [
        SaidText("utter_refusal_street", "actions/report.py line 1", whole=False, why="refuses")
    ]
    held = {"responses": {"utter_refusal_street_again": [{"text": "Nee."}]}}
    assert len(list(own_texts.problems(held, said))) == 1
    held["responses"]["utter_refusal_street_far"] = [{"text": "Te ver."}]
    assert not list(own_texts.problems(held, said))


def test_each_name_is_told_once() -> None:
    """However often it is said."""
    said = [SaidText("utter_x", f"actions/a.py line {line}", True, "says x") for line in (1, 2)]
    assert len(list(own_texts.problems({}, said))) == 1


def shipped() -> dict[str, Any]:
    domain: dict[str, Any] = YAML(typ="safe").load((ROOT / "domain.yml").read_text("utf-8"))
    return domain


def test_the_shop_lacks_nothing() -> None:
    """Its own code, the engine and Loket's actions have all that they say."""
    _, made = read(ROOT)
    assert made.problems == ()


@pytest.mark.parametrize(
    "name",
    ["utter_refusal_stuck", "utter_first_question", "utter_clarify_one", "utter_take_your_time"],
)
def test_a_text_of_lokets_own_actions(name: str) -> None:
    """Rasa's validation calls them unused, which tempts a designer to take them out."""
    domain = shipped()
    domain["responses"].pop(name)
    problems = make(domain, own_code(ROOT), ()).problems
    assert any(name in each and each.startswith("bot/dialogue/") for each in problems)


def test_an_action_that_is_not_used_needs_no_text() -> None:
    """An assistant without forms, and without Loket's actions, needs none of their texts."""
    assert list(own_texts.of_loket(MappingProxyType({"actions": []}), forms=False)) == []


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("class Own(Action):\n    pass\n", "actions/own.py line 2: the action Own does not tell"),
        (
            "class Own(Action):\n    def name(self):\n        raise SystemExit(1)\n",
            "actions/own.py line 2: the action Own does not tell",
        ),
        ("import sys\nsys.exit(3)\n", "actions/own.py line 3: it ends the program"),
    ],
)
def test_code_that_is_no_action(tmp_path: Path, code: str, told: str) -> None:
    """It is told by its place, and does not end Loket."""
    (tmp_path / "config.yml").touch()
    (tmp_path / "actions").mkdir()
    (tmp_path / "actions" / "__init__.py").touch()
    (tmp_path / "actions" / "own.py").write_text(f"from rasa_sdk import Action\n{code}")
    with none_imported(), pytest.raises(ConfigurationError, match=re.escape(told)):
        own_code(tmp_path)
