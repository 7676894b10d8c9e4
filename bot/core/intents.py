"""The mathematics of the classifier: kernel ridge regression with calibrated probabilities.

Three views of a sentence are compared with those of the examples: its words, its letter groups
(which survive typing errors) and its embedding (which knows other words of the same meaning). The
sum of the three similarities is a kernel; one linear system gives all intents at once, and its
leave-one-out predictions, exact and nearly free, calibrate the probabilities. On Loket's examples
it is right two points in a hundred more often than a linear model of the same features.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.linalg import lapack
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.core.encoder import encode, encode_all
from bot.dutch.spelling import plain, without_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each view of a sentence counts, and how it is fitted.

    Attributes:
        words: weight of equal words and pairs of words.
        letters: weight of equal groups of two to four letters.
        meaning: weight of the embedding.
        width: how fast likeness of meaning falls off with distance; higher is faster.
        smoothing: higher follows single examples less.
    """

    words: float = 1.0
    letters: float = 1.0
    meaning: float = 4.0
    width: float = 2.0
    smoothing: float = 0.5


@dataclass(frozen=True)
class IntentModel:
    """A trained model: plain arrays and names, stored and read without pickle.

    Attributes:
        intents: names, in the order of the columns below.
        vocabularies: of words and of letter groups: feature to row.
        idf: inverse document frequencies, likewise.
        coefficients: of words and of letter groups: a row a feature, a column an intent.
        examples: embeddings of the examples, a row each.
        dual: weight of each example for each intent, a row an example.
        bias: a number an intent.
        width: see `Weights`.
        sharpness: scores are multiplied by it before the softmax; fitted on held-out predictions.
    """

    intents: tuple[str, ...]
    vocabularies: tuple[dict[str, int], dict[str, int]]
    idf: tuple[NDArray[np.float64], NDArray[np.float64]]
    coefficients: tuple[NDArray[np.float32], NDArray[np.float32]]
    examples: NDArray[np.float32]
    dual: NDArray[np.float32]
    bias: NDArray[np.float64]
    width: float
    sharpness: float

    def ranking(self, text: str) -> list[tuple[str, float]]:
        """All intents with their probability, the likeliest first; empty when no word is left."""
        cleaned = clean(text)
        if not cleaned:
            return []
        meaning = np.exp(self.width * (self.examples @ encode(cleaned) - 1.0))
        scores = meaning @ self.dual + self.bias
        for vectorizer, matrix in zip(self._vectorizers, self.coefficients, strict=True):
            features = vectorizer.transform([cleaned])
            scores = scores + features.data @ matrix[features.indices]
        probabilities = _softmax(scores[None, :] * self.sharpness)[0]
        order = np.argsort(-probabilities)
        return [(self.intents[index], float(probabilities[index])) for index in order]

    @cached_property
    def _vectorizers(self) -> tuple[TfidfVectorizer, TfidfVectorizer]:
        words, letters = _vectorizers(self.vocabularies)
        words.idf_, letters.idf_ = self.idf
        return words, letters

    def parts(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What JSON can hold, and the arrays."""
        settings = {
            "intents": list(self.intents),
            "words": self.vocabularies[0],
            "letters": self.vocabularies[1],
            "width": self.width,
            "sharpness": self.sharpness,
        }
        arrays = {
            "word_idf": self.idf[0],
            "letter_idf": self.idf[1],
            "word_coefficients": self.coefficients[0],
            "letter_coefficients": self.coefficients[1],
            "examples": self.examples,
            "dual": self.dual,
            "bias": self.bias,
        }
        return settings, arrays

    @classmethod
    def of(cls, settings: Mapping[str, Any], arrays: Mapping[str, Any]) -> IntentModel:
        """The model that `parts` took apart."""
        return cls(
            intents=tuple(settings["intents"]),
            vocabularies=(dict(settings["words"]), dict(settings["letters"])),
            idf=(arrays["word_idf"], arrays["letter_idf"]),
            coefficients=(arrays["word_coefficients"], arrays["letter_coefficients"]),
            examples=arrays["examples"],
            dual=arrays["dual"],
            bias=arrays["bias"],
            width=float(settings["width"]),
            sharpness=float(settings["sharpness"]),
        )


def clean(text: str) -> str:
    """What the model sees of a text: plain words, every digit a zero."""
    return without_numbers(plain(text))


def train(texts: Sequence[str], intents: Sequence[str], weights: Weights) -> IntentModel:
    """Fit a model; some six seconds for 4,000 examples on two cores.

    Args:
        texts: the examples.
        intents: the intent of each; at least two different ones.
        weights: see `Weights`.

    Raises:
        ValueError: there are fewer than two intents.
    """
    names, labels, counts = np.unique(np.array(intents), return_inverse=True, return_counts=True)
    if len(names) < 2:
        raise ValueError("a classifier needs examples of at least two intents")
    cleaned = [clean(text) for text in texts]
    words, letters = _vectorizers()
    word_features = words.fit_transform(cleaned)
    letter_features = letters.fit_transform(cleaned)
    examples = encode_all(cleaned)
    kernel = (
        weights.words * (word_features @ word_features.T).toarray()
        + weights.letters * (letter_features @ letter_features.T).toarray()
        + weights.meaning * np.exp(weights.width * (examples @ examples.T - 1.0)).astype(float)
        + 1.0
    )
    # Rare intents weigh more, by the square root: enough not to be drowned by the common ones.
    rarity = np.sqrt(counts[labels] / np.median(counts))
    inverse = _inverse(kernel + weights.smoothing * np.diag(rarity))
    targets = np.where(labels[:, None] == np.arange(len(names)), 1.0, -1.0)
    dual = inverse @ targets
    left_out = targets - dual / np.diag(inverse)[:, None]
    return IntentModel(
        intents=tuple(str(name) for name in names),
        vocabularies=(_rows(words), _rows(letters)),
        idf=(words.idf_, letters.idf_),
        coefficients=(
            (weights.words * (word_features.T @ dual)).astype(np.float32),
            (weights.letters * (letter_features.T @ dual)).astype(np.float32),
        ),
        examples=examples,
        dual=(weights.meaning * dual).astype(np.float32),
        bias=dual.sum(axis=0),
        width=weights.width,
        sharpness=_sharpness(left_out, labels),
    )


def _vectorizers(
    vocabularies: tuple[dict[str, int] | None, dict[str, int] | None] = (None, None),
) -> tuple[TfidfVectorizer, TfidfVectorizer]:
    shared: dict[str, Any] = {"sublinear_tf": True, "lowercase": False}
    return (
        TfidfVectorizer(
            ngram_range=(1, 2),
            token_pattern=r"[a-z0-9]+",  # noqa: S106 - a pattern, not a password
            vocabulary=vocabularies[0],
            **shared,
        ),
        TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 4), vocabulary=vocabularies[1], **shared
        ),
    )


def _rows(vectorizer: TfidfVectorizer) -> dict[str, int]:
    return {feature: int(row) for feature, row in vectorizer.vocabulary_.items()}


def _inverse(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """The inverse of a symmetric positive definite matrix, in half the time of the general one."""
    factor, failed = lapack.dpotrf(matrix, lower=1, overwrite_a=1)
    inverse, failed_too = lapack.dpotri(factor, lower=1, overwrite_c=1)
    if failed or failed_too:
        raise ValueError("the smoothing is too small: the examples cannot be told apart")
    lower = np.tril(inverse)
    result: NDArray[np.float64] = lower + np.tril(lower, -1).T
    return result


def _sharpness(scores: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """The factor for the scores that makes the right intents likeliest."""

    def loss(factor: float) -> float:
        right = _softmax(scores * factor)[np.arange(len(labels)), labels]
        return float(-np.log(np.clip(right, 1e-12, None)).mean())

    return float(minimize_scalar(loss, bounds=(0.2, 20.0), method="bounded").x)


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: NDArray[np.float64] = raised / raised.sum(axis=1, keepdims=True)
    return result
