"""Runs suites on another assistant than the shop, in a process that runs its code."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.support.chat_process import HERE, environment

OTHER = HERE / "tests" / "other_assistant"
_COUNT = re.compile(r"(\d+) (passed|skipped)")


def passes(folder: Path, suites: Sequence[str], *more: str, root: Path = OTHER) -> dict[str, int]:
    """Runs suites, which must pass; a process runs the code of one assistant.

    Args:
        folder: where the assistant writes.
        suites: files with tests. By file: of a folder and a file in it pytest collects the file
            alone.
        more: arguments of pytest, such as `-m` and markers.
        root: the assistant's folder.

    Returns:
        How many tests passed, and how many were skipped.
    """
    options = ("-q", "-n", "0", "-p", "no:cacheprovider", *more)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *suites],
        cwd=HERE,
        env=environment(root, folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    summary = done.stdout.strip().splitlines()[-1]
    return {"skipped": 0} | {what: int(count) for count, what in _COUNT.findall(summary)}
