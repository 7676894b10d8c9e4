"""Which tasks and actions an assistant's package declares; only those of its own folder count."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.core.assistant_tasks import own_code
from bot.core.form_rules import FormTask
from bot.errors import ConfigurationError

ROOT = Path(__file__).parents[3]
LEND = """
from bot.dialogue.questions import Question
from bot.dialogue.task import TaskForm
from bot.topics.topic import Topic
from rasa_sdk import Action

class LendBookForm(TaskForm):
    topic = Topic("lend_book", slots={"title": ""})

    def questions(self, answers):
        return (Question("title"),)

class ActionLendBook(Action):
    def name(self):
        return "action_lend_book"
"""
ASK = """
import sys
from pathlib import Path
from bot.core.assistant_tasks import own_code
print(own_code(Path(sys.argv[1])))
"""


def test_the_tasks_of_this_assistant() -> None:
    """Each with the slots that it needs, those of its proof among them."""
    code = own_code(ROOT)
    complaint = FormTask("complaint", "complaint_form", ("complaint_text",))
    assert complaint in code.tasks
    tracked = next(task for task in code.tasks if task.name == "track_order")
    assert tracked.slots == ("order_number", "postcode", "parcel_missing")
    assert "verified_orders" in tracked.notes
    assert {"action_track_order", "validate_track_order_form"} <= set(code.actions)


def test_no_package_is_no_task(tmp_path: Path) -> None:
    """An assistant of YAML alone; what else this process has imported does not count."""
    assert own_code(tmp_path).tasks == own_code(tmp_path).actions == ()


def test_another_assistants_code_does_not_stand_in(tmp_path: Path) -> None:
    """One that was imported before is told, not taken."""
    own_code(ROOT)
    (tmp_path / "actions").mkdir()
    with pytest.raises(ConfigurationError, match="already runs the code in"):
        own_code(tmp_path)


def asked(root: Path) -> subprocess.CompletedProcess[str]:
    """The declarations of a folder, asked in a process that sits in another assistant's."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK, str(root)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_folders_own_code_goes_before_one_that_is_installed(tmp_path: Path) -> None:
    """Whatever stands earlier on the path, and also without `__init__.py`."""
    (tmp_path / "actions").mkdir()
    (tmp_path / "actions" / "lend_book.py").write_text(LEND)
    done = asked(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "FormTask(name='lend_book'" in done.stdout
    assert "actions=('action_lend_book', 'validate_lend_book_form')" in done.stdout


def test_code_that_cannot_be_imported_is_a_sentence(tmp_path: Path) -> None:
    """It names the folder, the line, and what Python said."""
    (tmp_path / "actions").mkdir()
    (tmp_path / "actions" / "lend_book.py").write_text("x = 1 / 0")
    done = asked(tmp_path)
    assert f"ConfigurationError: actions in {tmp_path} cannot be imported: " in done.stderr
    assert "actions/lend_book.py line 1: ZeroDivisionError: division by zero." in done.stderr


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def of(x)\n    return x\n", "actions/lend_book.py line 1: expected ':'."),
        ("\nfrom bot.nothing import there\n", "actions/lend_book.py line 2: No module named"),
        ("\n\nnot_a_name\n", "actions/lend_book.py line 3: NameError: name 'not_a_name'"),
    ],
    ids=["syntax", "import", "name"],
)
def test_a_mistake_in_the_code_is_told_at_its_line(tmp_path: Path, code: str, said: str) -> None:
    """By every command, as a fault of the assistant's code and not of Loket's."""
    (tmp_path / "config.yml").write_text("language: nl\n")
    (tmp_path / "actions").mkdir()
    (tmp_path / "actions" / "__init__.py").touch()
    (tmp_path / "actions" / "lend_book.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bot.cli", "train"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LOKET_ROOT": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 78
    assert said in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
