"""A form that leads nowhere and a question that nothing answers are told before they are met."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.core.form_needs import FormNeeds, problems
from bot.core.form_rules import FormTask

ROOT = Path(__file__).parents[3]
TASK = FormTask("lend_book", "lend_book_form", ("title",))
DOMAIN: dict[str, Any] = {"entities": ["card_number"]}
CODE = """
from bot.dialogue.questions import CONFIRM, Question, {imported}
from bot.dialogue.task import TaskForm
from rasa_sdk import Action

class LendBookForm(TaskForm):
    task = "lend_book"

    def questions(self, answers):
        return (
            Question("day", entity="date"),
        {asked})
"""
ASK = """
import sys
from pathlib import Path
from bot.core.assistant_tasks import own_code
(needs,) = own_code(Path(sys.argv[1])).needs
print(needs.closes, needs.where)
"""


def needs(*entities: str, closes: bool = True) -> FormNeeds:
    """Of a form for a book."""
    found = tuple((each, "actions/lend.py line 4") for each in entities)
    return FormNeeds(TASK, "actions/lend.py line 9", closes, found)


def told(*given: FormNeeds, actions: tuple[str, ...] = ("action_lend_book",)) -> list[str]:
    """What is wrong with these forms."""
    return list(problems(given, DOMAIN, actions, []))


def test_a_closing_action_of_another_name() -> None:
    """The customer's yes would lead nowhere."""
    (problem,) = told(needs(), actions=("action_land_book",))
    assert problem.startswith("actions/lend.py line 9: the task lend_book ends with the action")
    assert 'Is "action_land_book" meant?' in problem
    assert "meant?" not in told(needs(), actions=("validate_lend_book_form",))[0]


def test_what_has_an_end() -> None:
    """An action, a rule for all answers, or a form that its own code ends."""
    assert told(needs()) == []
    assert told(needs(closes=False), actions=()) == []
    steps = [{"action": TASK.form}, {"active_loop": None}, {"action": "utter_done"}]
    assert list(problems([needs()], DOMAIN, (), [{"rule": "end", "steps": steps}])) == []


def test_an_entity_that_is_none() -> None:
    """Told once, with its line; of the domain or of Loket's readers each is one."""
    assert told(needs("card_number", "date")) == []
    (problem,) = told(needs("dat"), needs("dat"))
    assert problem.startswith("actions/lend.py line 4: a question is answered by the entity dat,")
    assert 'Is "date" meant?' in problem


@pytest.mark.parametrize(
    ("imported", "asked", "closes"),
    [("Answers", "", True), ("ToPerson", "", False), ("ToPerson", "CONFIRM", True)],
    ids=["nothing else ends it", "may end with a person", "a summary"],
)
def test_which_forms_need_an_action(
    tmp_path: Path, imported: str, asked: str, closes: bool
) -> None:
    """All but those that can end otherwise and ask for no yes."""
    (tmp_path / "actions").mkdir()
    (tmp_path / "actions" / "__init__.py").touch()
    (tmp_path / "actions" / "books.py").write_text(CODE.format(imported=imported, asked=asked))
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == [str(closes), "actions/books.py", "line", "6"]
