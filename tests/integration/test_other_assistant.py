"""A second organisation on the same framework: a library, in `tests/other_assistant`.

It was made by `loket new` and changed as its owner would, without a change of `bot` or `channels`.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.chat_process import HERE, ChatProcess, environment, loket

pytestmark = [pytest.mark.slow, pytest.mark.model]

OTHER = HERE / "tests" / "other_assistant"


def test_the_suites_for_any_assistant_pass_on_it(tmp_path: Path) -> None:
    """In a process of its own: a process runs the code of one assistant."""
    options = ("-q", "-n", "0", "-m", "not long", "-p", "no:cacheprovider")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "tests/any_assistant"],
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


def test_its_own_formats_proof_and_voice(tmp_path: Path) -> None:
    """Cards of ten digits, a year of birth, loans of its own database, and "je"."""
    with ChatProcess(OTHER, tmp_path) as chat:
        assert "AI-assistent van Bibliotheek Voorbeeldstad" in chat.say(
            "ik wil mijn boeken verlengen"
        )
        assert "nummer van je bibliotheekpas" in chat.replies[-1]["text"]
        assert "geen pasnummer" in chat.say("PP-100234")
        assert "welk jaar ben je geboren" in chat.say("27 0000 1234")
        assert "horen niet bij elkaar" in chat.say("1985")
        assert "Het diner" in chat.say("1984")
        assert "Breng alles uiterlijk" in chat.say("ja")
        chat.say("kan ik iemand spreken")
        assert chat.owner == "queued"
