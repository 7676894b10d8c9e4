"""Shows how far a long task is: a live line on a terminal, elsewhere a plain line a step."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from types import TracebackType
from typing import Self, TextIO


class Progress:
    """A task in steps, as a context manager. Without a step it shows nothing.

    Args:
        task: what is done, such as "Training".
        stream: where it is shown; standard error by default.
    """

    _EVERY = 0.5  # seconds between two drawings of the live line

    def __init__(self, task: str, stream: TextIO | None = None) -> None:
        self._task = task
        # Fixed now: while the task runs, sys.stderr may be redirected.
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._now = ""
        self._began = time.monotonic()
        self._over = threading.Event()
        self._clock = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        if self._clock.is_alive():
            self._clock.join()
            self._stream.write("\r\x1b[K")
        if error is None and self._now:
            self._stream.write(f"{self._task}: done in {self.seconds:.0f} s\n")
        self._stream.flush()

    @property
    def seconds(self) -> float:
        """Time since the task began."""
        return time.monotonic() - self._began

    def step(self, number: int, total: int, what: str) -> None:
        """Says which step begins.

        Args:
            number: its number, from 1; 0 for what comes before the first.
            total: number of steps, or 0 when that is not known yet.
            what: what the step does.
        """
        count = f"step {number} of {total}, " if total else ""
        self._now = f"{self._task}: {count}{what}"
        if self._live:
            self._draw()
            if not self._clock.ident:
                self._clock.start()
        else:
            self._stream.write(f"{self._now} ({self.seconds:.0f} s)\n")
            self._stream.flush()

    def warn(self, sentence: str) -> None:
        """Says something that whoever wrote the content should know; the task goes on.

        Args:
            sentence: what, and the way out.
        """
        clear = "\r\x1b[K" if self._live else ""
        self._stream.write(f"{clear}{self._task}: warning: {sentence}\n")
        self._stream.flush()

    def _tick(self) -> None:
        while not self._over.wait(self._EVERY):
            self._draw()

    def _draw(self) -> None:
        width = shutil.get_terminal_size().columns - 1
        line = f"{self._now} ({self.seconds:.0f} s)"[:width]
        self._stream.write(f"\r\x1b[K{line}")
        self._stream.flush()
