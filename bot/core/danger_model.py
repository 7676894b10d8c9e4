"""The mathematics of the safety net: how much a message is like each kind of danger.

A message is compared with every example in three ways: as written, by its meaning (the sentence
vector that the classifier needs too, so that it is made once), and by the groups of words that it
has (`bot.safety.concepts`). The weighed sum is the kernel of a ridge regression, as in
`bot.core.intent_model`; here a message must be unlike everything innocent to be none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bot.core.encoder import encode, encode_all
from bot.core.term_features import Terms
from bot.safety.concepts import NAMES, groups_in
from bot.safety.kinds import INNOCENT

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Weights of what is written, of meaning, of both, of the groups, and of groups and meaning.
_WRITTEN, _MEANING, _BOTH, _GROUPS, _GROUPS_BOTH = 2.0, 8.0, 4.0, 8.0, 8.0
#: How fast likeness of meaning falls off, how little single examples are followed, and how far
#: scores are spread before they become probabilities.
_WIDTH, _SMOOTHING, _SPREAD = 2.0, 0.5, 3.0
#: From this share of innocence on, what is written is not looked at: it changes nothing then.
_CALM: Final = 0.9
#: Numbers kept of a sentence vector: those in which the examples differ most.
_DIMENSIONS: Final = 128


@dataclass(frozen=True)
class DangerModel:
    """A fitted model: plain arrays and names, stored and read without pickle.

    Attributes:
        labels: names, in the order of the columns of `dual`.
        terms: what the examples say, as written.
        axes: what a sentence vector is multiplied by to keep its first dimensions.
        examples: shortened vectors of the examples, a row each.
        groups: the groups of words in each example, weighed, a row each.
        rarity: weight of each group.
        dual: weight of each example for each label, a row an example.
    """

    labels: tuple[str, ...]
    terms: Terms
    axes: NDArray[np.float32]
    examples: NDArray[np.float32]
    groups: NDArray[np.float32]
    rarity: NDArray[np.float32]
    dual: NDArray[np.float32]

    def shares(self, cleaned: str, text: str) -> NDArray[np.float32]:
        """How likely each label is, in the order of `labels`; together 1.

        Args:
            cleaned: the message as the classifier encodes it.
            text: the message as it was typed.
        """
        near: NDArray[np.float32] = self.examples @ (encode(cleaned) @ self.axes)
        alike: NDArray[np.float32] = self.groups @ _weighed([text], self.rarity)[0]
        first = self._shares(np.zeros(len(near), dtype=np.float32), near, alike)
        if first[self.labels.index(INNOCENT)] > _CALM:  # nearly every message: half the time
            return first
        return self._shares(self.terms.likeness(self.terms.read(cleaned)), near, alike)

    def _shares(
        self, written: NDArray[np.float32], near: NDArray[np.float32], alike: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        scores = _kernel(written, near, alike) @ self.dual
        raised = np.exp(_SPREAD * (scores - scores.max()))
        result: NDArray[np.float32] = raised / raised.sum()
        return result

    def parts(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Takes the model apart: what JSON can hold, and the arrays."""
        told, held = self.terms.parts()
        arrays = {**held, **{name: getattr(self, name) for name in _ARRAYS}}
        return {**told, "labels": list(self.labels)}, arrays

    @classmethod
    def of(cls, settings: Mapping[str, Any], arrays: Mapping[str, Any]) -> DangerModel:
        """Puts together a model that `parts` took apart."""
        terms = Terms.of_parts(settings, arrays, len(arrays["examples"]))
        return cls(tuple(settings["labels"]), terms, **{name: arrays[name] for name in _ARRAYS})


_ARRAYS: Final = ("axes", "examples", "groups", "rarity", "dual")


def fit(
    cleaned: Sequence[str], texts: Sequence[str], labels: Sequence[str], trust: Sequence[float]
) -> DangerModel:
    """Fits a model on examples.

    Args:
        cleaned: the examples as the classifier encodes messages.
        texts: the same as they were typed.
        labels: what each is.
        trust: how much each counts, 0 to 1.
    """
    names = tuple(sorted(set(labels)))
    terms, vectors = Terms.of(cleaned), encode_all(cleaned)
    _, _, directions = np.linalg.svd(vectors, full_matrices=False)
    axes = np.ascontiguousarray(directions[:_DIMENSIONS].T.astype(np.float32))
    examples = np.ascontiguousarray(vectors @ axes)
    present = _present(texts)
    rarity = (np.log((1 + len(texts)) / (1 + present.sum(axis=0))) + 1.0).astype(np.float32)
    groups = _weighed(texts, rarity)
    written = (terms.examples @ terms.examples.T).toarray().astype(np.float32)
    near = np.asarray(examples @ examples.T, dtype=np.float32)
    alike = np.asarray(groups @ groups.T, dtype=np.float32)
    likeness = _kernel(written, near, alike).astype(np.float64)
    likeness[np.diag_indices_from(likeness)] += _SMOOTHING / np.asarray(trust)
    wanted = -np.ones((len(texts), len(names)))
    wanted[np.arange(len(texts)), [names.index(label) for label in labels]] = 1.0
    dual = np.linalg.solve(likeness, wanted).astype(np.float32)
    return DangerModel(names, terms, axes, examples, groups, rarity, dual)


def _kernel(
    written: NDArray[np.float32], near: NDArray[np.float32], alike: NDArray[np.float32]
) -> NDArray[np.float32]:
    meaning = np.exp(_WIDTH * (near - 1.0))
    pairs = alike * alike
    result: NDArray[np.float32] = (
        _WRITTEN * written
        + (_MEANING + _BOTH * written + _GROUPS_BOTH * pairs) * meaning
        + _GROUPS * pairs
        + 1.0
    )
    return result


def _present(texts: Sequence[str]) -> NDArray[np.float32]:
    """Which groups of words each text has: a row a text."""
    found = np.zeros((len(texts), len(NAMES)), dtype=np.float32)
    for row, text in enumerate(texts):
        found[row, list(groups_in(text))] = 1.0
    return found


def _weighed(texts: Sequence[str], rarity: NDArray[np.float32]) -> NDArray[np.float32]:
    found = _present(texts) * rarity
    lengths = np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-6)
    result: NDArray[np.float32] = (found / lengths).astype(np.float32)
    return result
