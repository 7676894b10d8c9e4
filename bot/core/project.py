"""The folder of the project that a graph component works for: Rasa does not tell it."""

from __future__ import annotations

from contextvars import ContextVar
from pathlib import Path

#: Folder of the project that is being trained on; set by `bot.core.training`. None: the current
#: folder, as under Rasa's own commands.
project: ContextVar[Path | None] = ContextVar("project", default=None)


def folder() -> Path:
    """The project's folder."""
    return project.get() or Path.cwd()
