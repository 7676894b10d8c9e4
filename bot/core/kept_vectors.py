"""Vectors that earlier trainings made, in a file of the user's cache.

A training encodes every example, and most of them were there at the training before: to encode
14,000 takes two thirds of a minute of processor time, to read their vectors a fraction of a second.
The file lies beside the encoder's arrays (`bot.core.encoder_files`) and holds no text: a digest of
each, and its vector. Where it cannot be written, or is damaged, everything is encoded anew.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.core import cache_folder, encoder_files

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

#: Most texts in the file, those of the last training first; each takes 2 KB.
MOST: Final = 40_000
#: Bytes of a digest: two texts never have the same one.
_DIGEST: Final = 16


class KeptVectors:
    """What earlier trainings encoded, and what this one does.

    Args:
        dimensions: length of a vector.
    """

    def __init__(self, dimensions: int) -> None:
        folder = encoder_files.folder()
        self._path = None if folder is None else folder.with_name(f"{folder.name}-vectors.npy")
        self._row = np.dtype([("digest", f"V{_DIGEST}"), ("vector", "<f4", (dimensions,))])
        self._before = self._read()
        digests = self._before["digest"].tobytes()
        self._rows = {
            digests[at * _DIGEST : (at + 1) * _DIGEST]: at for at in range(len(self._before))
        }
        self._used: dict[bytes, Floats] = {}
        self._new = False

    def get(self, text: str) -> Floats | None:
        """The vector of a cleaned text; None: it was never encoded."""
        digest = _digest(text)
        if digest not in self._used:
            at = self._rows.get(digest)
            if at is None:
                return None
            self._used[digest] = np.array(self._before["vector"][at])
        return self._used[digest]

    def add(self, text: str, vector: Floats) -> None:
        """Takes in what was encoded now."""
        self._used[_digest(text)] = vector
        self._new = True

    def save(self) -> None:
        """Writes the file anew: whole or not at all; nothing when there was nothing new."""
        if self._path is None or not self._new:
            return
        older = (digest for digest in self._rows if digest not in self._used)
        kept = [*self._used, *islice(older, max(0, MOST - len(self._used)))][:MOST]
        rows = np.empty(len(kept), dtype=self._row)
        for at, digest in enumerate(kept):
            made = self._used.get(digest)
            vector = self._before["vector"][self._rows[digest]] if made is None else made
            rows[at] = (np.void(digest), vector)
        with suppress(OSError):  # no place, or no right to write there
            _write(self._path, rows)

    def _read(self) -> NDArray[np.void]:
        none: NDArray[np.void] = np.empty(0, dtype=self._row)
        if self._path is None:
            return none
        try:
            kept: NDArray[np.void] = np.load(self._path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError):  # not there yet, or damaged
            return none
        return kept if kept.dtype == self._row and kept.ndim == 1 else none


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()


def _write(path: Path, rows: NDArray[np.void]) -> None:
    with cache_folder.being_written(path.parent) as partial:
        cache_folder.write_array(partial / path.name, rows)
        (partial / path.name).replace(path)
