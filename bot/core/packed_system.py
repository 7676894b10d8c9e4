"""A large symmetric system of equations in half the memory of its matrix.

LAPACK's rectangular full packed format keeps one half of a symmetric matrix in a rectangle, and
works on it as fast as on the whole (Gustavson et al., 2010, doi.org/10.1145/1731022.1731028). The
kernel of a classifier's examples is what a training needs memory for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.linalg import lapack

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float32]

#: Rows that are made at once: bounds the memory beside the matrix itself.
_BLOCK: Final = 1024


class PackedSystem:
    """A symmetric, positive definite matrix, taken apart as L times L transposed.

    In single precision, and in place.
    """

    def __init__(self, diagonal: ArrayLike, rows: Callable[[int, int], Floats]) -> None:
        """Makes the matrix and takes it apart.

        Args:
            diagonal: what is added to its diagonal, a number a row; at least one.
            rows: gives rows from and up to a number, each up to the column of the last of them.

        Raises:
            ValueError: it is not positive definite.
        """
        # The format is simple for an even number; an odd one gets an equation of its own before it.
        added = np.asarray(diagonal)
        self._odd = len(added) % 2
        self._count = len(added) + self._odd
        self._half = self._count // 2
        self._packed = np.zeros((self._count + 1, self._half), dtype=np.float32, order="F")
        if self._odd:
            self._packed[1, 0] = 1.0
        for start, end in self._blocks():
            block = np.zeros((end - start, end), dtype=np.float32)
            first, last = start - self._odd, end - self._odd
            block[:, self._odd :] = rows(first, last)
            block[np.arange(end - start), np.arange(start, end)] += added[first:last]
            self._put(start, end, block)
        flat = self._packed.reshape(-1, order="F")
        root, failed = lapack.spftrf(self._count, flat, transr="N", uplo="L", overwrite_a=1)
        if failed:
            raise ValueError("the matrix is not positive definite")
        self._packed = root.reshape(self._packed.shape, order="F")

    def solve(self, wanted: Floats) -> Floats:
        """What the matrix is to be multiplied by to get what is wanted; a column each."""
        padded = np.concatenate([np.zeros((self._odd, wanted.shape[1]), np.float32), wanted])
        flat = self._packed.reshape(-1, order="F")
        found, _ = lapack.spftrs(self._count, flat, padded, transr="N", uplo="L")
        result: Floats = np.ascontiguousarray(found[self._odd :])
        return result

    def inverse_diagonal(self, last: int) -> Floats:
        """So many numbers of the diagonal of the inverse, the last ones.

        Those need only the last rows and columns of L.
        """
        if last <= self._half:
            start = self._half - last
            corner = self._packed[start : self._half, start:].T
        else:
            flat = self._packed.reshape(-1, order="F")
            whole, _ = lapack.stfttr(self._count, flat, transr="N", uplo="L")
            corner = whole[self._count - last :, self._count - last :]
        inverse, _ = lapack.strtri(np.asfortranarray(np.tril(corner)), lower=1, overwrite_c=1)
        result: Floats = np.einsum("ij,ij->j", inverse, inverse)
        return result

    def _blocks(self) -> Iterator[tuple[int, int]]:
        """Rows from and up to, none in both halves."""
        for first, last in ((0, self._half), (self._half, self._count)):
            for start in range(max(first, self._odd), last, _BLOCK):
                yield start, min(start + _BLOCK, last)

    def _put(self, start: int, end: int, block: Floats) -> None:
        """Keeps rows of one half, each up to its diagonal."""
        packed, half = self._packed, self._half
        left = min(start, half)
        packed[start + 1 : end + 1, :left] = block[:, :left]
        if start < half:
            lower = np.tril_indices(end - start)
            packed[start + 1 : end + 1, start:end][lower] = block[:, start:end][lower]
        else:
            upper = np.triu_indices(end - start)
            first, last = start - half, end - half
            packed[:first, first:last] = block[:, half:start].T
            packed[first:last, first:last][upper] = block[:, start:end].T[upper]
