"""`loket test` makes sentences of what Rasa reports about the stories."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import commands, story_tests
from bot.cli.story_tests import StoryFailed, play

STORY = "stories:\n- story: {}\n  steps:\n  - intent: greet\n  - action: action_greet\n"
WRONG = """version: "3.1"
stories:
- story: hello leads to a person (tests/stories/test_wrong.yml)
  steps:
  - intent: greet
  - action: action_handover  # predicted: action_greet
  - action: action_bye  # predicted: action_clarify
- story: two sentences (tests/stories/test_wrong.yml)
  steps:
  - intent: greet
  - intent: hours  # predicted: nlu_fallback: hoe laat open
- story: a number (tests/stories/test_wrong.yml)
  steps:
  - intent: track  # predicted: track: waar is 123
    entities: []
"""
#: Plays Rasa's part: writes its reports, and says what it says.
RASA = """
import pathlib, sys
out = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
out.mkdir(parents=True, exist_ok=True)
(out / "story_report.json").write_text("{{}}")
(out / "failed_test_stories.yml").write_text({failed!r})
print({said!r})
sys.exit({code})
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An assistant with two files of stories."""
    folder = tmp_path / "tests" / "stories"
    folder.mkdir(parents=True)
    for name in ("hello", "goodbye"):
        (folder / f"test_{name}.yml").write_text(STORY.format(name))
    return tmp_path


def rasa(patch: pytest.MonkeyPatch, failed: str = "", said: str = "", code: int = 0) -> None:
    program = RASA.format(failed=failed, said=said, code=code)
    patch.setattr(story_tests, "_RASA", (sys.executable, "-c", program))


def test_all_went_well(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of stories."""
    rasa(monkeypatch, failed="# None of the test stories failed - all good!")
    assert play(root, root / "model.tar.gz", root / "out") == 2


def test_a_story_that_went_otherwise_is_shown(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name, what came in place of what was expected, and where the whole report is."""
    rasa(monkeypatch, failed=WRONG)
    with pytest.raises(StoryFailed, match="3 stories went otherwise") as raised:
        play(root, root / "model.tar.gz", root / "out")
    told = str(raised.value)
    assert "hello leads to a person" in told
    assert "expected action_handover, but action_greet came" in told
    assert "action_clarify" not in told, "what follows from the first"
    assert "expected the intent hours, but understood nlu_fallback: hoe laat open" in told
    assert "other entities than expected in: waar is 123" in told
    assert str(root / "out" / "failed_test_stories.yml") in told
    assert raised.value.exit_code == 1


def test_an_old_report_is_no_result(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When Rasa stops, its last words are said, and what it found before counts no more."""
    rasa(monkeypatch)
    play(root, root / "model.tar.gz", root / "out")
    monkeypatch.setattr(
        story_tests, "_RASA", (sys.executable, "-c", "import sys; print('x'); sys.exit('a typo')")
    )
    with pytest.raises(StoryFailed, match="a typo"):
        play(root, root / "model.tar.gz", root / "out")


@pytest.mark.usefixtures("no_assistant")
def test_without_stories_it_says_where_they_belong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing to play is no success."""
    (tmp_path / "config.yml").write_text("language: nl\n")
    monkeypatch.setenv("LOKET_ROOT", str(tmp_path))
    result = CliRunner().invoke(commands.main, ["test"], prog_name="loket")
    assert result.exit_code == 78
    assert "tests/stories holds no file test_*.yml" in result.stderr
