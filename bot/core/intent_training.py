"""Fits the classifier: one linear system, a few small networks, and their calibration.

The mathematics of a prediction stands in `bot.core.intent_model`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import lapack
from scipy.optimize import minimize

from bot.core import calibration, intent_network, rejection
from bot.core.augmentation import with_typing_errors
from bot.core.encoder import encode_all
from bot.core.intent_model import IntentModel, Weights, kernel, mix, softmax
from bot.core.intent_network import Lessons
from bot.core.rejection import FEWEST
from bot.core.term_features import Terms, clean

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Share of the messages acted upon that may be misunderstood, unless `config.yml` says otherwise.
WRONG_RATE = 0.05

#: Rows of the kernel that are made at once: bounds the memory beside the kernel itself.
_BLOCK = 1024


def train(
    texts: Sequence[str],
    intents: Sequence[str],
    weights: Weights,
    wrong_rate: float = WRONG_RATE,
    refusals: Sequence[str] = (),
) -> IntentModel:
    """Fit a model; a minute and 1.2 GB of memory for 11,500 examples on two cores.

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
    terms = Terms.of(cleaned)
    meaning = encode_all(cleaned)
    lessons = _lessons(cleaned, terms, meaning, labels)
    net, others = intent_network.train(lessons, len(names))
    some = _some_of_each(labels, weights.compared)
    terms, labels, others = terms.among(some), labels[some], others[some]
    examples, axes = _shorten(meaning[some], weights.dimensions)
    targets = np.where(labels[:, None] == np.arange(len(names)), 1.0, -1.0).astype(np.float32)
    # Rare intents weigh more, by the square root: enough not to be drowned by the common ones.
    rarity = np.sqrt(counts[labels] / np.median(counts))
    dual, left_out = _solve(terms, examples, targets, weights, weights.smoothing * rarity)
    factors = _factors(left_out, others, labels)
    probabilities = softmax(mix(factors, left_out, others))
    belief = calibration.fit(probabilities, labels)
    doubt = rejection.fit(
        belief.correct(probabilities),
        labels,
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
        net=net,
        factors=factors,
        belief=belief,
        doubt=doubt,
    )


def _lessons(
    texts: Sequence[str],
    terms: Terms,
    meaning: NDArray[np.float32],
    labels: NDArray[np.int64],
) -> Lessons:
    """Makes what the networks learn from: each example, and the same with typing errors."""
    wrongly = with_typing_errors(texts)
    return Lessons(
        terms=terms.examples[:, : terms.common],
        meaning=meaning,
        mistyped_terms=terms.read_all(wrongly)[:, : terms.common],
        mistyped_meaning=encode_all(wrongly),
        labels=labels,
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
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """The weights of the examples, and the scores of each as if it had not been among them.

    In single precision, in place and by the lower half alone: the kernel is what training needs
    memory for.
    """
    count = len(examples)
    between = np.zeros((count, count), dtype=np.float32, order="F")
    for start in range(0, count, _BLOCK):
        end = min(start + _BLOCK, count)
        near = examples[start:end] @ examples[:end].T
        between[start:end, :end] = kernel(terms.between(start, end), near, weights)
    between[np.diag_indices(count)] += smoothing.astype(np.float32)
    factor, failed = lapack.spotrf(between, lower=1, overwrite_a=1)
    dual, _ = lapack.spotrs(factor, targets, lower=1)
    inverse, failed_too = lapack.spotri(factor, lower=1, overwrite_c=1)
    if failed or failed_too:
        raise ValueError("the smoothing is too small: the examples cannot be told apart")
    left_out = targets.astype(float) - dual / np.diag(inverse)[:, None]
    return np.ascontiguousarray(dual), left_out


def _factors(
    scores: NDArray[np.float64], others: NDArray[np.float32], labels: NDArray[np.int64]
) -> tuple[float, float]:
    """The factors for both scores that make the right intents likeliest.

    Of too few examples the regression decides alone: it says of what it never saw that it does not
    know, where networks guess.
    """
    if len(labels) < FEWEST:
        return 3.0, 0.0

    def loss(logarithms: NDArray[np.float64]) -> float:
        first, second = np.exp(logarithms)
        probabilities = softmax(mix((first, second), scores, others))
        right = probabilities[np.arange(len(labels)), labels]
        return float(-np.log(np.clip(right, 1e-12, None)).mean())

    found = minimize(
        loss, np.log([3.0, 0.5]), method="Nelder-Mead", options={"xatol": 0.01, "fatol": 1e-5}
    )
    # Where every factor is right, do not run away.
    first, second = np.exp(np.clip(found.x, -5.0, 3.0))
    return float(first), float(second)
