"""The lock that gives threads and processes their turn to write to a SQLite file."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class WriteLock:
    """A lock that wakes the next in line at once.

    SQLite lets one transaction write at a time, and one that finds it busy sleeps a while (1 to 100
    ms) and tries again: under load some wait for seconds while others overtake. Writers that wait
    here first never find it busy. SQLite's own lock still stands between Loket and other programs.
    """

    def __init__(self, file: Path, patience: float) -> None:
        """Keeps its parts; no file is made before the first turn.

        Args:
            file: the lock file; made when it is not there, and never removed.
            patience: seconds to wait at most for other threads.
        """
        self._file = file
        self._patience = patience
        self._threads = threading.Lock()
        self._descriptor: int | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for this writer's turn, and keeps it while the context is open.

        Raises:
            TimeoutError: a thread of this process has kept its turn for longer than `patience`,
                or this thread has a turn already: turns do not nest.
        """
        if not self._threads.acquire(timeout=self._patience):
            raise TimeoutError(f"no turn to write to the database within {self._patience:.0f} s")
        try:
            descriptor = self._open()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(descriptor, fcntl.LOCK_UN)
        finally:
            self._threads.release()

    def _open(self) -> int:
        if self._descriptor is None:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
            self._descriptor = os.open(self._file, flags, 0o600)
        return self._descriptor

    def close(self) -> None:
        """Closes the lock file."""
        with self._threads:
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None
