"""The mathematics of the classifier: kernel ridge regression with calibrated probabilities.

A sentence is compared with every example in two ways: what it has in common as written (words, and
groups of letters, which survive typing errors) and likeness of meaning (an embedding, which knows
other words). Each says something by itself, and both at once say more: their product finds the
example that is near in both. The weighed sum is the kernel of a ridge regression; one linear system
gives all intents at once, with exact leave-one-out predictions. Small networks over the same
features (`bot.core.intents_net`) give a second opinion. How much either counts, and how far the two
can be believed, is fitted on predictions for examples that were left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.linalg import lapack
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from bot.core import intents_doubt, intents_net
from bot.core.encoder import encode, encode_all
from bot.core.intents_doubt import Doubt
from bot.core.intents_net import Net
from bot.core.intents_terms import Terms, clean

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Share of the messages acted upon that may be misunderstood, when nobody chooses otherwise.
WRONG_RATE = 0.05

#: Rows of the kernel that are made at once: bounds the memory beside the kernel itself.
_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each comparison counts, and how the model is fitted.

    Attributes:
        written: weight of equal words, pairs of words and groups of two to four letters.
        meaning: weight of the likeness of the embeddings.
        both: weight of the product of the two.
        width: how fast likeness of meaning falls off with distance; higher is faster.
        smoothing: higher follows single examples less.
        dimensions: numbers that are kept of an embedding (at most 512), those in which the examples
            differ most. A message is compared with each example, so this is the time of a parse.
    """

    written: float = 2.0
    meaning: float = 4.0
    both: float = 4.0
    width: float = 2.0
    smoothing: float = 0.5
    dimensions: int = 256


@dataclass(frozen=True)
class IntentModel:
    """A trained model: plain arrays and names, stored and read without pickle.

    Attributes:
        intents: names, in the order of the columns of `dual`.
        terms: what the examples say, as written.
        axes: what an embedding is multiplied by to keep its first dimensions.
        examples: shortened embeddings of the examples, a row each.
        dual: weight of each example for each intent, a row an example.
        weights: with which the model was fitted.
        net: the second opinion.
        factors: the scores of the regression and of the networks are multiplied by them and added
            before the softmax; fitted on left-out predictions.
        doubt: thresholds; fitted likewise.
    """

    intents: tuple[str, ...]
    terms: Terms
    axes: NDArray[np.float32]
    examples: NDArray[np.float32]
    dual: NDArray[np.float32]
    weights: Weights
    net: Net
    factors: tuple[float, float]
    doubt: Doubt

    def ranking(self, text: str) -> list[tuple[str, float]]:
        """All intents with their probability, the likeliest first; empty when no word is left."""
        cleaned = clean(text)
        if not cleaned:
            return []
        read, meaning = self.terms.read(cleaned), encode(cleaned) @ self.axes
        near = self.examples @ meaning
        scores = _kernel(self.terms.likeness(read), near, self.weights) @ self.dual
        others = self.net.scores_of_one(read, meaning)
        probabilities = _softmax(_mix(self.factors, scores[None, :], others[None, :]))[0]
        order = np.argsort(-probabilities)
        return [(self.intents[index], float(probabilities[index])) for index in order]

    def parts(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What JSON can hold, and the arrays."""
        settings = {
            "intents": list(self.intents),
            "terms": list(self.terms.rows),
            "weights": {name: getattr(self.weights, name) for name in Weights.__slots__},
            "factors": list(self.factors),
            "common": self.terms.common,
            "doubt": {"least": self.doubt.least, "apart": self.doubt.apart},
        }
        arrays = {
            "term_weights": self.terms.weights,
            "places": self.terms.places.data,
            "columns": self.terms.places.indices,
            "ends": self.terms.places.indptr,
            "axes": self.axes,
            "examples": self.examples,
            "dual": self.dual,
            **{f"net_{field.name}": getattr(self.net, field.name) for field in fields(Net)},
        }
        return settings, arrays

    @classmethod
    def of(cls, settings: Mapping[str, Any], arrays: Mapping[str, Any]) -> IntentModel:
        """The model that `parts` took apart."""
        rows = {term: row for row, term in enumerate(settings["terms"])}
        places = csr_matrix(
            (arrays["places"], arrays["columns"], arrays["ends"]),
            shape=(len(rows), len(arrays["examples"])),
        )
        return cls(
            intents=tuple(settings["intents"]),
            terms=Terms(rows, int(settings["common"]), arrays["term_weights"], places),
            axes=arrays["axes"],
            examples=arrays["examples"],
            dual=arrays["dual"],
            weights=Weights(**settings["weights"]),
            net=Net(**{field.name: arrays[f"net_{field.name}"] for field in fields(Net)}),
            factors=tuple(settings["factors"]),
            doubt=Doubt(**settings["doubt"]),
        )


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
        wrong_rate: see `bot.core.intents_doubt.fit`.
        refusals: intents that mean "not understood"; see there.

    Raises:
        ValueError: there are fewer than two intents, or the smoothing is too small.
    """
    names, labels, counts = np.unique(np.array(intents), return_inverse=True, return_counts=True)
    if len(names) < 2:
        raise ValueError("a classifier needs examples of at least two intents")
    cleaned = [clean(text) for text in texts]
    terms = Terms.of(cleaned)
    examples, axes = _shorten(encode_all(cleaned), weights.dimensions)
    targets = np.where(labels[:, None] == np.arange(len(names)), 1.0, -1.0).astype(np.float32)
    # Rare intents weigh more, by the square root: enough not to be drowned by the common ones.
    rarity = np.sqrt(counts[labels] / np.median(counts))
    dual, left_out = _solve(terms, examples, targets, weights, weights.smoothing * rarity)
    common = terms.examples[:, : terms.common]
    net, others = intents_net.train(common, examples, labels, len(names))
    factors = _factors(left_out, others, labels)
    doubt = intents_doubt.fit(
        _softmax(_mix(factors, left_out, others)),
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
        doubt=doubt,
    )


def _kernel(
    written: NDArray[np.float32], near: NDArray[np.float32], weights: Weights
) -> NDArray[np.float32]:
    """The likeness of sentences, from that of their writing and the cosine of their meaning."""
    meaning = np.exp(weights.width * (near - 1.0))
    # The 1.0 stands for an intercept.
    result: NDArray[np.float32] = (
        weights.written * written + (weights.meaning + weights.both * written) * meaning + 1.0
    )
    return result


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
    kernel = np.zeros((count, count), dtype=np.float32, order="F")
    for start in range(0, count, _BLOCK):
        end = min(start + _BLOCK, count)
        near = examples[start:end] @ examples[:end].T
        kernel[start:end, :end] = _kernel(terms.between(start, end), near, weights)
    kernel[np.diag_indices(count)] += smoothing.astype(np.float32)
    factor, failed = lapack.spotrf(kernel, lower=1, overwrite_a=1)
    dual, _ = lapack.spotrs(factor, targets, lower=1)
    inverse, failed_too = lapack.spotri(factor, lower=1, overwrite_c=1)
    if failed or failed_too:
        raise ValueError("the smoothing is too small: the examples cannot be told apart")
    left_out = targets.astype(float) - dual / np.diag(inverse)[:, None]
    return np.ascontiguousarray(dual), left_out


def _factors(
    scores: NDArray[np.float64], others: NDArray[np.float32], labels: NDArray[np.int64]
) -> tuple[float, float]:
    """The factors for both scores that make the right intents likeliest."""

    def loss(logarithms: NDArray[np.float64]) -> float:
        first, second = np.exp(logarithms)
        probabilities = _softmax(_mix((first, second), scores, others))
        right = probabilities[np.arange(len(labels)), labels]
        return float(-np.log(np.clip(right, 1e-12, None)).mean())

    found = minimize(
        loss, np.log([3.0, 0.5]), method="Nelder-Mead", options={"xatol": 0.01, "fatol": 1e-5}
    )
    # Of examples that are all alike every factor is right; do not run away.
    first, second = np.exp(np.clip(found.x, -5.0, 3.0))
    return float(first), float(second)


def _mix(
    factors: Sequence[float], scores: NDArray[Any], others: NDArray[np.float32]
) -> NDArray[np.float64]:
    mixed: NDArray[np.float64] = factors[0] * scores.astype(float) + factors[1] * others
    return mixed


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: NDArray[np.float64] = raised / raised.sum(axis=1, keepdims=True)
    return result
