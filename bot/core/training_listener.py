"""What is told of a training while it runs. Imports no Rasa."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, TextIO

from bot.core.content_errors import located
from bot.logs.logging_setup import NO_CONCERN


class TrainingListener(Protocol):
    """Is told how a training goes (`bot.ops.progress`)."""

    def step(self, number: int, total: int, what: str) -> None:
        """A step begins: its number, of how many (0: not known yet), and what is done."""

    def warn(self, sentence: str) -> None:
        """The content holds something that its writer should know."""


@contextlib.contextmanager
def content_warnings(listener: TrainingListener, root: Path) -> Iterator[None]:
    """Tells a listener what Rasa warns of, each thing once.

    A log may not hold a library's words, and the content is its writer's own: so this goes to the
    terminal. A warning of any other library goes where it always goes.

    Args:
        listener: is told.
        root: the assistant's folder.
    """
    with warnings.catch_warnings():
        elsewhere, told = warnings.showwarning, set[str]()

        def show(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if NO_CONCERN.search(f"{category.__name__}: {message}"):
                return
            if category is not UserWarning or "rasa" not in Path(filename).parts:
                elsewhere(message, category, filename, lineno, file, line)
                return
            sentence = located(str(message), root)
            if sentence not in told:
                told.add(sentence)
                listener.warn(sentence)

        warnings.showwarning = show
        warnings.simplefilter("always", UserWarning)
        yield
