"""Closes the settings and databases that actions keep for a process, which tests must not share."""

from __future__ import annotations

import inspect
import sys
from typing import Any

from bot import assistant_code
from bot.dialogue import runtime


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
