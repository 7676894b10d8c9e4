"""A packed system gives what the whole matrix would."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import packed_system
from bot.core.packed_system import PackedSystem


def _matrix(count: int) -> np.ndarray:
    values = np.random.default_rng(count).random((count, count))
    return (values @ values.T + count * np.eye(count)).astype(np.float32)


@given(count=st.integers(1, 40), block=st.integers(1, 12), last=st.integers(1, 40))
def test_it_solves_what_the_matrix_would(count: int, block: int, last: int) -> None:
    """Odd and even ones, in blocks of any size, and any part of the inverse."""
    matrix, last = _matrix(count), min(last, count)
    wanted = np.linspace(-1, 1, 3 * count, dtype=np.float32).reshape(count, 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed_system, "_BLOCK", block)
        bare = matrix - np.eye(count, dtype=np.float32)
        system = PackedSystem(np.ones(count), lambda start, end: bare[start:end, :end])
    assert system.solve(wanted) == pytest.approx(np.linalg.solve(matrix, wanted), abs=1e-4)
    inverse = np.linalg.inv(matrix.astype(float))
    assert system.inverse_diagonal(last) == pytest.approx(np.diag(inverse)[-last:], rel=1e-3)


def test_a_matrix_that_tells_nothing_apart() -> None:
    """Equal examples without smoothing."""
    with pytest.raises(ValueError, match="positive definite"):
        PackedSystem(np.zeros(4), lambda start, end: np.ones((end - start, end), dtype=np.float32))
