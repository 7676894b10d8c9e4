"""`loket test` tells a designer where a story goes otherwise: line, sentence, expected, came."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import commands, story_lines, story_tests
from bot.cli.story_tests import told_of
from bot.core.story_player import Difference, Played
from bot.errors import ConfigurationError

FILE = "tests/stories/test_wrong.yml"
STORIES = """version: "3.1"
stories:
  # Said first.
  - story: hello leads to a person
    metadata: {customer: []}
    steps:
      - user: |
          hoi
        intent: greet
      - slot_was_set:
          - topic: null
      - action: action_handover
      - action: action_listen
      - or:
          - intent: bye
          - intent: hours
      - action: action_bye
  - story: two sentences
    steps:
      - intent: hours
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_assistant: None) -> Path:
    """An assistant with two stories, and a model."""
    (tmp_path / FILE).parent.mkdir(parents=True)
    (tmp_path / FILE).write_text(STORIES)
    (tmp_path / "config.yml").write_text("language: nl\n")
    monkeypatch.setenv("LOKET_ROOT", str(tmp_path))
    monkeypatch.setattr(story_tests, "train_if_needed", lambda _: tmp_path / "model.tar.gz")
    return tmp_path


def loket_test(monkeypatch: pytest.MonkeyPatch, *played: Played) -> Result:
    """What the command says when the stories go like this."""
    monkeypatch.setattr(story_tests, "_play", lambda *_: list(played))
    return CliRunner().invoke(commands.main, ["test"], prog_name="loket")


def test_each_step_has_a_line(root: Path) -> None:
    """Sentences and actions are counted, listening is not: it is implied elsewhere."""
    first, second = story_lines.read(root, root / FILE)
    assert (first.name, first.line, first.steps) == ("hello leads to a person", 4, (7, 12, 14, 17))
    assert [first.place(step) for step in (0, 3, 4)] == [f"{FILE}:{at}" for at in (7, 17, 4)]
    assert second.steps == (20,)


def test_a_file_that_is_no_yaml_is_named_with_its_line(root: Path) -> None:
    """In plain words."""
    (root / FILE).write_text("stories:\n  - story: a\n\tsteps: []\n")
    with pytest.raises(
        ConfigurationError, match=r"test_wrong\.yml line 3 is not valid YAML: a tab"
    ):
        list(story_lines.read(root, root / FILE))


@pytest.mark.parametrize("text", ["", "a", "stories:\n", "stories:\n  - rule: a\n", "stories: a\n"])
def test_what_is_no_story_is_left_to_rasa(root: Path, text: str) -> None:
    """Rasa says what is wrong with it."""
    (root / FILE).write_text(text)
    assert not list(story_lines.read(root, root / FILE))


def test_all_went_well(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of stories."""
    result = loket_test(monkeypatch, Played("a", FILE, ()), Played("b", FILE, ()))
    assert result.exit_code == 0
    assert result.stderr == "loket: 2 stories went as they say.\n"


def test_a_story_that_goes_otherwise_is_shown(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that differs, with the lines, in the order of the file; stories that pass are not."""
    result = loket_test(
        monkeypatch,
        Played(
            "two sentences", FILE, (Difference(0, "hoe laat open", "intent", "hours", "x", 0.4),)
        ),
        Played(
            "hello leads to a person",
            FILE,
            (
                Difference(0, "hoi", "entity", "[hoi](day)", None),
                Difference(1, "hoi", "action", "action_handover", "action_greet"),
            ),
        ),
        Played("good", FILE, ()),
    )
    assert result.exit_code == 1
    assert result.stderr.rstrip().endswith(f"""2 of 3 stories go otherwise than written.

{FILE}:7 (hello leads to a person)
  customer says:    hoi
  expected entity:  [hoi](day)
  found entities:   none

{FILE}:12 (hello leads to a person)
  customer says:    hoi
  expected action:  action_handover
  action that came: action_greet

{FILE}:20 (two sentences)
  customer says:    hoe laat open
  expected intent:  hours
  understood as:    x (40% sure)""")


def test_listening_is_told_in_words() -> None:
    """Of either side; a story that Rasa joined of several has a file, and no line."""
    played = [
        Played("a > b", FILE, (Difference(0, "hoi", "action", None, "action_greet"),)),
        Played("a > c", FILE, (Difference(0, "hoi", "action", "action_greet", None),)),
    ]
    first, second = told_of(played, [])
    assert first.startswith(f"{FILE} (a > b)\n")
    assert "expected action:  none: the bot waits for the customer" in first
    assert "action that came: none: the bot waits for the customer" in second


def test_without_stories_it_says_where_they_belong(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing to play is no success."""
    (root / FILE).unlink()
    result = loket_test(monkeypatch)
    assert result.exit_code == 78
    assert "tests/stories holds no file test_*.yml" in result.stderr
