"""A second organisation on the same framework: a library, in `tests/other_assistant`.

It was made by `loket new` and changed as its owner would, without a change of `bot` or `channels`.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.chat_process import HERE, environment, loket

pytestmark = [pytest.mark.slow, pytest.mark.model]

OTHER = HERE / "tests" / "other_assistant"
#: By file: of a folder and a file in it pytest collects the file alone. The last is what only the
#: library says.
_SUITES = [
    f"tests/any_assistant/{name}.py"
    for name in ("test_safeguards", "test_texts", "library_conversations")
]


def test_the_suites_for_any_assistant_pass_on_it(tmp_path: Path) -> None:
    """In a process of its own: a process runs the code of one assistant."""
    options = ("-q", "-n", "0", "-m", "not long", "-p", "no:cacheprovider")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *_SUITES],
        cwd=HERE,
        env=environment(OTHER, tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) > 300
    assert "skipped" not in done.stdout


def test_its_stories_go_as_they_say(tmp_path: Path) -> None:
    """Understood and decided as they say."""
    done = loket(OTHER, tmp_path, "test")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.splitlines()[-1] == "loket: 13 stories went as they say."
