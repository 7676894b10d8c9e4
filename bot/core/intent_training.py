"""Fits the classifier: one linear system, and the calibration of what it says.

The mathematics of a prediction stands in `bot.core.intent_model`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import lapack
from scipy.optimize import minimize_scalar

from bot.core import calibration, rejection
from bot.core.encoder import encode_all
from bot.core.intent_model import IntentModel, Weights, kernel, softmax
from bot.core.rejection import FEWEST
from bot.core.term_features import Terms, clean

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Share of the messages acted upon that may be misunderstood, unless `config.yml` says otherwise.
WRONG_RATE = 0.05

#: Rows of the kernel that are made at once: bounds the memory beside the kernel itself.
_BLOCK = 1024
#: Examples of which it is worked out how they would be seen without being there, about: enough for
#: a threshold in hundredths, and all would take as long as the fit itself.
_LEFT_OUT = 3000


def train(
    texts: Sequence[str],
    intents: Sequence[str],
    weights: Weights,
    wrong_rate: float = WRONG_RATE,
    refusals: Sequence[str] = (),
) -> IntentModel:
    """Fits a model.

    Args:
        texts: the examples.
        intents: the intent of each; at least two different ones.
        weights: see `Weights`.
        wrong_rate: see `bot.core.rejection.fit`.
        refusals: intents that mean "not understood"; see there.

    Raises:
        ValueError: there are fewer than two intents, or the smoothing is too small.
    """
    names, labels, counts = np.unique(np.array(intents), return_inverse=True, return_counts=True)
    if len(names) < 2:
        raise ValueError("a classifier needs examples of at least two intents")
    cleaned = [clean(text) for text in texts]
    kept = _some_of_each(labels, weights.compared)
    labels, terms = labels[kept], Terms.of(cleaned).among(kept)
    examples, axes = _shorten(encode_all([cleaned[row] for row in kept]), weights.dimensions)
    targets = np.where(labels[:, None] == np.arange(len(names)), 1.0, -1.0).astype(np.float32)
    # Rare intents weigh more, by the square root: enough not to be drowned by the common ones.
    rarity = np.sqrt(counts[labels] / np.median(counts))
    dual, some, left_out = _solve(terms, examples, targets, weights, weights.smoothing * rarity)
    factor = _factor(left_out, labels[some])
    probabilities = softmax(factor * left_out)
    belief = calibration.fit(probabilities, labels[some])
    doubt = rejection.fit(
        belief.correct(probabilities),
        labels[some],
        [index for index, name in enumerate(names) if name in refusals],
        wrong_rate,
    )
    return IntentModel(
        intents=tuple(str(name) for name in names),
        terms=terms,
        axes=axes,
        examples=examples,
        dual=dual,
        weights=weights,
        factor=factor,
        belief=belief,
        doubt=doubt,
    )


def _some_of_each(labels: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Rows of at most so many examples, in order: the common intents lose most.

    Each intent keeps as many as there is room for when all are treated alike.
    """
    order = np.lexsort((np.random.default_rng(0).random(len(labels)), labels))
    starts = np.r_[0, np.flatnonzero(np.diff(labels[order])) + 1]
    nth = np.arange(len(labels)) - np.repeat(starts, np.diff(np.r_[starts, len(labels)]))
    return np.sort(order[np.argsort(nth, kind="stable")[:most]])


def _shorten(
    vectors: NDArray[np.float32], dimensions: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The vectors along the axes on which they are longest, and those axes."""
    _, axes = np.linalg.eigh((vectors.T @ vectors).astype(float))
    kept = np.ascontiguousarray(axes[:, ::-1][:, :dimensions]).astype(np.float32)
    return vectors @ kept, kept


def _solve(
    terms: Terms,
    examples: NDArray[np.float32],
    targets: NDArray[np.float32],
    weights: Weights,
    smoothing: NDArray[np.float64],
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.float64]]:
    """Fits the weights of the examples, and tells how some would be seen without being among them.

    In single precision, in place and by the lower half alone: the kernel is what training needs
    memory for.

    Returns:
        The weights; rows of examples, evenly chosen; and the scores of each of these as if it had
        not been there.
    """
    count = len(examples)
    between = np.zeros((count, count), dtype=np.float32, order="F")
    for start in range(0, count, _BLOCK):
        end = min(start + _BLOCK, count)
        near = examples[start:end] @ examples[:end].T
        between[start:end, :end] = kernel(terms.between(start, end), near, weights)
    between[np.diag_indices(count)] += smoothing.astype(np.float32)
    root, failed = lapack.spotrf(between, lower=1, overwrite_a=1)
    if failed:
        raise ValueError("the smoothing is too small: the examples cannot be told apart")
    dual, _ = lapack.spotrs(root, targets, lower=1)
    some = np.arange(0, count, max(1, -(-count // _LEFT_OUT)))
    single = np.zeros((count, len(some)), dtype=np.float32, order="F")
    single[some, np.arange(len(some))] = 1.0
    single, _ = lapack.strtrs(root, single, lower=1, overwrite_b=1)
    # The diagonal of the inverse: the length of each column, squared.
    own = np.einsum("ij,ij->j", single, single)
    left_out = targets[some].astype(float) - dual[some] / own[:, None]
    return np.ascontiguousarray(dual), some, left_out


def _factor(scores: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """The factor before the softmax that makes the right intents likeliest."""
    if len(labels) < FEWEST:
        return 3.0

    def loss(logarithm: float) -> float:
        right = softmax(np.exp(logarithm) * scores)[np.arange(len(labels)), labels]
        return float(-np.log(np.clip(right, 1e-12, None)).mean())

    # Where every factor is right, it does not run away.
    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 3.0), method="bounded").x))
