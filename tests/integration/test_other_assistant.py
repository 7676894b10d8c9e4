"""A second organisation on the same framework: a library, in `tests/other_assistant`.

It was made by `loket new` and changed as its owner would, without a change of `bot` or `channels`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.chat_process import HERE, loket
from tests.support.other_assistant import OTHER, passes

pytestmark = [pytest.mark.slow, pytest.mark.model]

#: What any assistant must do, and what only the library says.
_SUITES = [
    *sorted(
        path.relative_to(HERE).as_posix() for path in HERE.glob("tests/any_assistant/test_*.py")
    ),
    "tests/any_assistant/library_conversations.py",
]


def test_the_suites_for_any_assistant_pass_on_it(tmp_path: Path) -> None:
    """Safeguards, texts, random walks, memory, bad input and turns that are cut off."""
    count = passes(tmp_path, _SUITES, "-m", "not long and not slow")
    assert count["passed"] > 400
    assert not count["skipped"]


def test_its_stories_go_as_they_say(tmp_path: Path) -> None:
    """Understood and decided as they say."""
    done = loket(OTHER, tmp_path, "test")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.splitlines()[-1] == "loket: 16 stories went as they say."
