"""Small neural networks over the same features: the second opinion of the classifier.

One hidden layer over the terms and the embedding of a sentence. They are wrong about other
sentences than the kernel regression is, so that together they are wrong less often. They learn
with half of their hidden units and a third of the terms left out at each step, which also makes
them bear typing errors. Each is fitted without one part of the examples, so that there is always a
network that did not see an example: its predictions say how far the networks can be believed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from joblib import Parallel, cpu_count, delayed
from scipy.sparse import csr_matrix, vstack
from threadpoolctl import threadpool_limits

from bot.core.term_features import ReadTerms

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Parts of the examples, each left out by one network.
FOLDS = 8
#: Hidden units of each.
UNITS = 96
#: Examples a step, and times that each is seen.
BATCH, EPOCHS = 96, 15
#: Step size at the start; it falls to zero in a straight line.
RATE = 4e-3
#: Shares left out at each step, of the terms, of the numbers of an embedding and of hidden units.
LOSE_TERMS, LOSE_NUMBERS, LOSE_UNITS = 0.3, 0.2, 0.5
#: Share of the examples that are read with typing errors at a step.
MISTYPED = 0.3
#: Features come with length 1; these lengths let the network learn fast.
TERMS_SCALE, MEANING_SCALE = np.float32(np.sqrt(2.0)), np.float32(3.0)


@dataclass(frozen=True)
class Lessons:
    """The examples that networks learn from: as they are, and with typing errors.

    Attributes:
        terms: the examples' terms, a row an example.
        meaning: their embeddings, likewise.
        mistyped_terms: the terms of the same examples with typing errors.
        mistyped_meaning: their embeddings.
        labels: the column of the intent of each.
    """

    terms: csr_matrix
    meaning: NDArray[np.float32]
    mistyped_terms: csr_matrix
    mistyped_meaning: NDArray[np.float32]
    labels: NDArray[np.int64]

    def of(self, rows: NDArray[np.int64]) -> Lessons:
        """The lessons of some of the examples."""
        return Lessons(
            self.terms[rows],
            self.meaning[rows],
            self.mistyped_terms[rows],
            self.mistyped_meaning[rows],
            self.labels[rows],
        )


@dataclass(frozen=True)
class IntentNetwork:
    """A trained network.

    Attributes:
        terms: a row a term, a column a hidden unit.
        meaning: a row a number of the embedding, likewise.
        hidden: bias of the hidden units.
        out: a row a hidden unit, a column an intent.
        bias: of the intents.
    """

    terms: NDArray[np.float32]
    meaning: NDArray[np.float32]
    hidden: NDArray[np.float32]
    out: NDArray[np.float32]
    bias: NDArray[np.float32]

    def scores(self, terms: csr_matrix, meaning: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits, a row a sentence and a column an intent."""
        return self._out((terms @ self.terms) * TERMS_SCALE, meaning)

    def scores_of_one(self, terms: ReadTerms, meaning: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits of one sentence; its terms may be more than the network knows."""
        known = terms.rows < len(self.terms)
        inner = terms.values[known] @ self.terms[terms.rows[known]]
        return self._out(inner * TERMS_SCALE, meaning)

    def _out(self, inner: NDArray[np.float32], meaning: NDArray[np.float32]) -> NDArray[np.float32]:
        inner = inner + meaning @ self.meaning * MEANING_SCALE + self.hidden
        result: NDArray[np.float32] = np.maximum(inner, 0.0) @ self.out + self.bias
        return result

    @classmethod
    def together(cls, nets: Sequence[IntentNetwork]) -> IntentNetwork:
        """One network whose logits are the mean of those of several."""
        return cls(
            terms=np.hstack([net.terms for net in nets]),
            meaning=np.hstack([net.meaning for net in nets]),
            hidden=np.concatenate([net.hidden for net in nets]),
            out=np.vstack([net.out for net in nets]) / np.float32(len(nets)),
            bias=np.mean([net.bias for net in nets], axis=0),
        )


class _Adam:
    """The optimiser for one array; of the terms' array only the rows at hand are touched."""

    def __init__(self, values: NDArray[np.float32]) -> None:
        self.values = values
        self._mean = np.zeros_like(values)
        self._square = np.zeros_like(values)

    def step(self, slope: NDArray[np.float32], rate: float, rows: Any = ...) -> None:
        mean = self._mean[rows] * np.float32(0.9) + slope * np.float32(0.1)
        square = self._square[rows] * np.float32(0.999) + slope * slope * np.float32(0.001)
        self._mean[rows], self._square[rows] = mean, square
        self.values[rows] -= np.float32(rate) * mean / (np.sqrt(square) + np.float32(1e-8))


def train(lessons: Lessons, intents: int) -> tuple[IntentNetwork, NDArray[np.float32]]:
    """Fit as many networks as there are folds, each without one fold.

    Args:
        lessons: the examples.
        intents: how many there are.

    Returns:
        The networks together, and the logits of each example by the one that did not see it.
    """
    labels = lessons.labels
    # Spread over the folds by intent, so that each has some of every one.
    order = np.lexsort((np.random.default_rng(0).random(len(labels)), labels))
    folds = np.empty(len(labels), dtype=np.int64)
    folds[order] = np.arange(len(labels)) % FOLDS
    parts = [
        (np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)) for fold in range(FOLDS)
    ]
    # Side by side in processes: the matrices of a step are too small for threads, which would
    # rather wait for each other than work.
    with Parallel(n_jobs=min(FOLDS, cpu_count())) as side_by_side:
        nets: list[IntentNetwork] = side_by_side(
            delayed(_fit)(lessons.of(seen), intents, fold) for fold, (seen, _) in enumerate(parts)
        )
    left_out = np.zeros((len(labels), intents), dtype=np.float32)
    for net, (_, unseen) in zip(nets, parts, strict=True):
        left_out[unseen] = net.scores(lessons.terms[unseen], lessons.meaning[unseen])
    return IntentNetwork.together(nets), left_out


def _fit(lessons: Lessons, intents: int, seed: int) -> IntentNetwork:
    with threadpool_limits(1, user_api="blas"):
        return _descend(lessons, intents, seed)


def _descend(lessons: Lessons, intents: int, seed: int) -> IntentNetwork:
    rng = np.random.default_rng(seed)
    labels = lessons.labels
    # The mistyped ones stand behind the others, in the same order.
    terms = vstack([lessons.terms, lessons.mistyped_terms], format="csr")
    meaning = np.vstack([lessons.meaning, lessons.mistyped_meaning])

    def start(rows: int, columns: int, spread: float) -> _Adam:
        return _Adam(rng.normal(0.0, spread, (rows, columns)).astype(np.float32))

    first, second = start(terms.shape[1], UNITS, 0.08), start(meaning.shape[1], UNITS, 0.05)
    hidden, out, bias = start(1, UNITS, 0.0), start(UNITS, intents, 0.08), start(1, intents, 0.0)
    steps = EPOCHS * -(-len(labels) // BATCH)
    for step, batch in enumerate(_batches(len(labels), rng)):
        # As Adam's own correction for its first steps, near enough, and then down to zero.
        rate = RATE * (1.0 - step / steps) * min(1.0, np.sqrt(1.0 - 0.999 ** (step + 1)) / 0.3)
        read = batch + len(labels) * (rng.random(len(batch)) < MISTYPED)
        rows = terms[read]
        rows.data = rows.data * _kept(rng, rows.data.shape, LOSE_TERMS) * TERMS_SCALE
        touched, columns = np.unique(rows.indices, return_inverse=True)
        rows = csr_matrix((rows.data, columns, rows.indptr), shape=(len(batch), len(touched)))
        dense = meaning[read] * _kept(rng, (len(batch), meaning.shape[1]), LOSE_NUMBERS)
        dense *= MEANING_SCALE
        inner = rows @ first.values[touched] + dense @ second.values + hidden.values
        passed = (inner > 0) * _kept(rng, inner.shape, LOSE_UNITS)
        units = inner * passed
        logits = units @ out.values + bias.values
        wrong = np.exp(logits - logits.max(axis=1, keepdims=True))
        wrong /= wrong.sum(axis=1, keepdims=True)
        wrong[np.arange(len(batch)), labels[batch]] -= 1.0
        wrong /= len(batch)
        back = (wrong @ out.values.T) * passed
        out.step(units.T @ wrong, rate)
        bias.step(wrong.sum(axis=0, keepdims=True), rate)
        hidden.step(back.sum(axis=0, keepdims=True), rate)
        second.step(dense.T @ back, rate)
        first.step(rows.T @ back, rate, touched)
    return IntentNetwork(first.values, second.values, hidden.values[0], out.values, bias.values[0])


def _batches(count: int, rng: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    for _ in range(EPOCHS):
        order = rng.permutation(count)
        yield from (order[at : at + BATCH] for at in range(0, count, BATCH))


def _kept(rng: np.random.Generator, shape: tuple[int, ...], lost: float) -> NDArray[np.float32]:
    """A dropout mask: zero for what is left out, and for the rest what keeps the sum the same."""
    kept = rng.random(shape, dtype=np.float32) >= lost
    return kept.astype(np.float32) / np.float32(1.0 - lost)
