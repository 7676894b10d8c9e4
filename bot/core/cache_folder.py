"""Files of the user's cache that processes share: written whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Begins the name of a folder that is being written.
_PARTIAL: Final = "partial-"
#: Seconds after which such a folder is what a process left behind that was killed.
_ABANDONED: Final = 3600.0


def root() -> Path | None:
    """`$XDG_CACHE_HOME/loket`, else `~/.cache/loket`; None where a user has none."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        found = Path(base) if base else Path.home() / ".cache"
    except RuntimeError:
        return None
    return found / "loket" if found.is_absolute() else None


@contextmanager
def being_written(place: Path) -> Iterator[Path]:
    """A folder to write in, gone at the end of the block but for what was moved out of it.

    Args:
        place: the folder in which it is made, and where what is written is meant to stand.

    Raises:
        OSError: nothing can be written there.
    """
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(place)
    partial = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=place))
    try:
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Writes an array so that it can be mapped.

    Raises:
        OSError: it cannot be written.
    """
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)
        file.flush()
        # After a power cut what has its last name must hold what it should.
        os.fsync(file.fileno())


def _sweep(place: Path) -> None:
    """Removes what processes left behind that were killed."""
    for partial in place.glob(f"{_PARTIAL}*"):
        with suppress(OSError):
            if time.time() - partial.stat().st_mtime > _ABANDONED:
                shutil.rmtree(partial, ignore_errors=True)
