"""The mathematics of the classifier: kernel ridge regression with calibrated probabilities.

A sentence is compared with every example in two ways: what it has in common as written (words, and
groups of letters, which survive typing errors) and likeness of meaning (an embedding, which knows
other words). Each says something by itself, and both at once say more: their product finds the
example that is near in both. The weighed sum is the kernel of a ridge regression; one linear system
gives all intents at once, with leave-one-out predictions, on which is fitted how far the scores can
be believed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.core.calibration import Calibration
from bot.core.encoder import encode
from bot.core.rejection import Rejection
from bot.core.term_features import Terms, clean

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each comparison, and how the model is fitted.

    Attributes:
        written: weight of equal words, pairs of words and groups of two to four letters.
        meaning: weight of the likeness of the embeddings.
        both: weight of the product of the two.
        width: how fast likeness of meaning falls off with distance; higher is faster.
        smoothing: higher follows single examples less.
        dimensions: numbers of an embedding that are compared (at most 512), those in which the
            examples differ most. The rest is more noise than help, and takes time at each parse.
        compared: examples that are learned from, at most: a parse takes time by their number, and
            training memory by its square (450 MB for 15,000). The intents that have most lose most.
    """

    written: float = 2.0
    meaning: float = 8.0
    both: float = 4.0
    width: float = 1.0
    smoothing: float = 1.0
    dimensions: int = 96
    compared: int = 15000


@dataclass(frozen=True)
class IntentModel:
    """A trained model: plain arrays and names, stored and read without pickle.

    Attributes:
        intents: names, in the order of the rows of `dual`.
        terms: what the examples say, as written.
        axes: what an embedding is multiplied by to keep its first dimensions.
        examples: shortened embeddings of the examples, a row each.
        dual: weight of each example for each intent, a row an intent: so a single column is
            multiplied with it three times as fast as the other way round.
        weights: with which the model was fitted.
        factor: the scores are multiplied by it before the softmax; fitted on left-out predictions.
        belief: what corrects the probability of the likeliest intent; fitted likewise.
        doubt: thresholds; fitted likewise.
    """

    intents: tuple[str, ...]
    terms: Terms
    axes: NDArray[np.float32]
    examples: NDArray[np.float32]
    dual: NDArray[np.float32]
    weights: Weights
    factor: float
    belief: Calibration
    doubt: Rejection

    def ranking(self, text: str) -> list[tuple[str, float]]:
        """All intents with their probability, the likeliest first; empty when no word is left."""
        cleaned = clean(text)
        if not cleaned:
            return []
        read, meaning = self.terms.read(cleaned), encode(cleaned)
        near = self.examples @ (meaning @ self.axes)
        scores = self.dual @ kernel(self.terms.likeness(read), near, self.weights)
        probabilities = self.belief.correct(softmax(self.factor * scores[None, :].astype(float)))[0]
        order = np.argsort(-probabilities)
        return [(self.intents[index], float(probabilities[index])) for index in order]

    def parts(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Takes the model apart: what JSON can hold, and the arrays."""
        told, held = self.terms.parts()
        settings = {
            **told,
            "intents": list(self.intents),
            "weights": {name: getattr(self.weights, name) for name in Weights.__slots__},
            "factor": self.factor,
            "belief": {name: getattr(self.belief, name) for name in Calibration.__slots__},
            "doubt": {"least": self.doubt.least, "apart": self.doubt.apart},
        }
        arrays = {
            **held,
            "axes": self.axes,
            "examples": self.examples,
            "dual": self.dual,
        }
        return settings, arrays

    @classmethod
    def of(cls, settings: Mapping[str, Any], arrays: Mapping[str, Any]) -> IntentModel:
        """Puts together a model that `parts` took apart."""
        return cls(
            intents=tuple(settings["intents"]),
            terms=Terms.of_parts(settings, arrays, len(arrays["examples"])),
            axes=arrays["axes"],
            examples=arrays["examples"],
            dual=arrays["dual"],
            weights=Weights(**settings["weights"]),
            factor=float(settings["factor"]),
            belief=Calibration(**settings["belief"]),
            doubt=Rejection(**settings["doubt"]),
        )


def kernel(
    written: NDArray[np.float32], near: NDArray[np.float32], weights: Weights
) -> NDArray[np.float32]:
    """The likeness of sentences, from that of their writing and the cosine of their meaning."""
    meaning = np.exp(weights.width * (near - 1.0))
    # The 1.0 stands for an intercept.
    result: NDArray[np.float32] = (
        weights.written * written + (weights.meaning + weights.both * written) * meaning + 1.0
    )
    return result


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities of scores: a row a message, that sums to 1, and a column an intent."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: NDArray[np.float64] = raised / raised.sum(axis=1, keepdims=True)
    return result
