"""The assistant that a suite for any assistant runs on: the one in `LOKET_ROOT`, else the shop."""

from __future__ import annotations

import inspect
import os
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot import assistant_code
from bot.dialogue import runtime
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


def forget() -> None:
    """Closes what actions keep open for a process, and lets them read the environment anew."""
    modules = [runtime, *(each for name, each in sys.modules.items() if _is_its_own(name))]
    for module in modules:
        for value in vars(module).values():
            if hasattr(value, "cache_clear") and hasattr(value, "cache_info"):
                _close(value)
                value.cache_clear()


def _close(cached: Any) -> None:
    """Closes the database that a cached function opened, if that is what it gives."""
    if not cached.cache_info().currsize or inspect.signature(cached).parameters:
        return
    kept = cached()
    for each in (kept, getattr(kept, "_database", None)):
        if hasattr(each, "dispose"):
            each.dispose()


def _is_its_own(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] == assistant_code.PACKAGE
