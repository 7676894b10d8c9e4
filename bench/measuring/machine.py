"""Where a figure was measured, and on which code; nothing that says whose machine it is."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Final

import psutil

ROOT: Final = Path(__file__).parents[2]
#: What a run writes or is written from it: no code that could be measured.
_NO_CODE: Final = (":!bench/results", ":!README.md")


def machine() -> dict[str, str | int]:
    """Processor model, cores, memory in MB (of a million bytes), Python and Rasa."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "memory_mb": round(psutil.virtual_memory().total / 1e6),
        "python": platform.python_version(),
        "rasa": version("rasa"),
    }


def _processor() -> str:
    """The model's name as Linux gives it; elsewhere the architecture."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def commit(root: Path = ROOT) -> tuple[str, bool]:
    """The commit that is checked out (empty outside git), and whether the files differ from it."""
    found = _git(root, "rev-parse", "HEAD")
    return found, bool(found and _git(root, "status", "--porcelain", "--", ".", *_NO_CODE))


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments],  # noqa: S607 - whichever git the developer uses
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
