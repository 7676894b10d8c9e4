"""Fits the classifier: one linear system, and the calibration of what it says.

The mathematics of a prediction stands in `bot.core.intent_model`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar

from bot.core import calibration, rejection
from bot.core.encoder import encode_all, shorten
from bot.core.intent_model import IntentModel, Weights, kernel, softmax
from bot.core.packed_system import PackedSystem
from bot.core.rejection import FEWEST
from bot.core.term_features import Terms, clean

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Share of the messages acted upon that may be misunderstood, unless `config.yml` says otherwise.
WRONG_RATE = 0.05

#: Examples of which it is worked out how they would be seen without being there, at most: enough
#: for a threshold in hundredths.
_LEFT_OUT = 5000


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
    kept = _left_out_last(_some_of_each(labels, weights.compared))
    labels, terms = labels[kept], Terms.of(cleaned).among(kept)
    examples, axes = shorten(encode_all([cleaned[row] for row in kept]), weights.dimensions)
    targets = np.where(labels[:, None] == np.arange(len(names)), 1.0, -1.0).astype(np.float32)
    # Rare intents weigh more, by the square root: enough not to be drowned by the common ones.
    rarity = np.sqrt(counts[labels] / np.median(counts))
    dual, left_out = _solve(terms, examples, targets, weights, weights.smoothing * rarity)
    judged = labels[-len(left_out) :]
    factor = _factor(left_out, judged)
    probabilities = softmax(factor * left_out)
    belief = calibration.fit(probabilities, judged)
    doubt = rejection.fit(
        belief.correct(probabilities),
        judged,
        [index for index, name in enumerate(names) if name in refusals],
        wrong_rate,
    )
    return IntentModel(
        intents=tuple(str(name) for name in names),
        terms=terms,
        axes=axes,
        examples=examples,
        dual=np.ascontiguousarray(dual.T),
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


def _left_out_last(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows with about `_LEFT_OUT` of them, evenly chosen, at the end."""
    chosen = np.zeros(len(rows), dtype=bool)
    chosen[np.linspace(0, len(rows) - 1, min(_LEFT_OUT, len(rows))).astype(int)] = True
    return np.concatenate([rows[~chosen], rows[chosen]])


def _solve(
    terms: Terms,
    examples: NDArray[np.float32],
    targets: NDArray[np.float32],
    weights: Weights,
    smoothing: NDArray[np.float64],
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Fits the weights of the examples, and tells how some would be seen without being among them.

    Returns:
        The weights; and the scores of the last `_LEFT_OUT` examples, each as if it had not been
        there.
    """

    def rows(start: int, end: int) -> NDArray[np.float32]:
        near = examples[start:end] @ examples[:end].T
        return kernel(terms.between(start, end), near, weights)

    try:
        system = PackedSystem(smoothing, rows)
    except ValueError as error:
        raise ValueError("the smoothing is too small: the examples cannot be told apart") from error
    dual = system.solve(targets)
    last = min(_LEFT_OUT, len(examples))
    own = system.inverse_diagonal(last)
    return dual, targets[-last:].astype(float) - dual[-last:] / own[:, None]


def _factor(scores: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """The factor before the softmax that makes the right intents likeliest."""
    if len(labels) < FEWEST:
        return 3.0

    def loss(logarithm: float) -> float:
        right = softmax(np.exp(logarithm) * scores)[np.arange(len(labels)), labels]
        return float(-np.log(np.clip(right, 1e-12, None)).mean())

    # Where every factor is right, it does not run away.
    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 3.0), method="bounded").x))
