"""Reads the examples of acts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import yaml

from bot.acts.acts import ACTS, Act

_FILE: Final = Path(__file__).with_name("examples") / "nl.yml"


def load() -> Iterator[tuple[Act, str]]:
    """Each example with its act, in the order of the file."""
    held = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for act in ACTS:
        for line in held[act].splitlines():
            if text := line.strip():
                yield act, text
