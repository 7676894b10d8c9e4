"""The assistant that a suite for any assistant runs on: the one in `LOKET_ROOT`, else the shop."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot import assistant_code
from bot.dialogue.buttons import Button, topics
from bot.topics import declared

ROOT = Path(os.environ.get("LOKET_ROOT") or Path(__file__).parents[2]).resolve()
DOMAIN: dict[str, Any] = YAML(typ="safe").load((ROOT / "domain.yml").read_text(encoding="utf-8"))
RESPONSES: dict[str, list[dict[str, Any]]] = DOMAIN["responses"]
#: What it can help with, by intent.
TOPICS: dict[str, Button] = topics(DOMAIN)
#: The topics that are forms.
assistant_code.use(ROOT)
TASKS = [
    topic.name for topic in declared.load(ROOT) if topic.kind == "task" and topic.name in TOPICS
]


def examples_of(intent: str) -> list[str]:
    """The examples of an intent in the assistant's `data/nlu`, without marks of entities."""
    found: list[str] = []
    for file in sorted(ROOT.glob("data/nlu/**/*.yml")):
        for held in YAML(typ="safe").load(file.read_text(encoding="utf-8")).get("nlu") or ():
            if held.get("intent") == intent:
                found += (line.removeprefix("- ") for line in held["examples"].splitlines())
    return found
