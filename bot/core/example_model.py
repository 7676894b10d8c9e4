"""A small model that learns what a message is from examples: the kind of danger, or the act.

A message is compared with every example as written, by its meaning (the sentence vector that the
classifier needs too, so that it is made once), and, where the model has them, by the groups of
words that it has. The weighed sum is the kernel of a ridge regression, as in
`bot.core.intent_model`; a fit takes seconds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.core.encoder import encode, encode_all, shorten
from bot.core.packed_system import PackedSystem
from bot.core.term_features import Terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: From this share of the label that is expected on, what is written is not looked at: it changes
#: nothing then, and takes half of the time.
_CALM: Final = 0.9
#: Numbers kept of a sentence vector: those in which the examples differ most.
_DIMENSIONS: Final = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """How much each likeness counts.

    Attributes:
        written: what is written.
        meaning: what is meant.
        both: the product of the two.
        width: how fast likeness of meaning falls off.
        smoothing: how little single examples are followed.
        spread: how far scores are spread before they become probabilities.
        groups: the groups of words.
        groups_both: the product of groups and meaning.
        expected: label of nearly every message; empty: there is none.
    """

    written: float
    meaning: float
    both: float
    width: float
    smoothing: float
    spread: float
    groups: float = 0.0
    groups_both: float = 0.0
    expected: str = ""


@dataclass(frozen=True, slots=True)
class WordGroups:
    """Groups of words that mean the same for a model.

    Attributes:
        count: how many there are.
        read: gives the numbers of the groups that a text has a word of.
    """

    count: int
    read: Callable[[str], Sequence[int]]


NO_GROUPS: Final = WordGroups(0, lambda _: ())


@dataclass(frozen=True)
class ExampleModel:
    """A fitted model: plain arrays and names, stored and read without pickle.

    Attributes:
        kernel: how likeness is weighed.
        reader: reads the groups of words in a message.
        labels: names, in the order of the columns of `dual`.
        terms: what the examples say, as written.
        axes: what a sentence vector is multiplied by to keep its first dimensions.
        examples: shortened vectors of the examples, a row each.
        groups: the groups of words in each example, weighed, a row each.
        rarity: weight of each group.
        dual: weight of each example for each label, a row an example.
    """

    kernel: Kernel
    reader: WordGroups
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
        alike: NDArray[np.float32] = self.groups @ _weighed([text], self.rarity, self.reader)[0]
        if self.kernel.expected:
            first = self._shares(np.zeros(len(near), dtype=np.float32), near, alike)
            if first[self.labels.index(self.kernel.expected)] > _CALM:
                return first
        return self._shares(self.terms.likeness(self.terms.read(cleaned)), near, alike)

    def _shares(
        self, written: NDArray[np.float32], near: NDArray[np.float32], alike: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        scores = _likeness(self.kernel, written, near, alike) @ self.dual
        raised = np.exp(self.kernel.spread * (scores - scores.max()))
        result: NDArray[np.float32] = raised / raised.sum()
        return result

    def save(self, folder: Path, spellings: Mapping[str, str]) -> None:
        """Writes the model into a folder, with the spellings in which its messages are read."""
        told, held = self.terms.parts()
        settings = {**told, "labels": list(self.labels), "spellings": dict(spellings)}
        (folder / _SETTINGS).write_text(json.dumps(settings), encoding="utf-8")
        arrays = {**held, **{name: getattr(self, name) for name in _ARRAYS}}
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", array, allow_pickle=False)

    @classmethod
    def load(
        cls, folder: Path, kernel: Kernel, reader: WordGroups = NO_GROUPS
    ) -> tuple[ExampleModel, dict[str, str]]:
        """The model that `save` wrote, and the spellings."""
        settings = json.loads((folder / _SETTINGS).read_text(encoding="utf-8"))
        arrays = {each.stem: np.load(each, allow_pickle=False) for each in folder.glob("*.npy")}
        terms = Terms.of_parts(settings, arrays, len(arrays["examples"]))
        held = {name: arrays[name] for name in _ARRAYS}
        model = cls(kernel, reader, tuple(settings["labels"]), terms, **held)
        return model, settings["spellings"]


_SETTINGS: Final = "model.json"
_ARRAYS: Final = ("axes", "examples", "groups", "rarity", "dual")


def fit(
    cleaned: Sequence[str],
    texts: Sequence[str],
    labels: Sequence[str],
    kernel: Kernel,
    reader: WordGroups = NO_GROUPS,
) -> ExampleModel:
    """Fits a model on examples.

    Args:
        cleaned: the examples as the classifier encodes messages.
        texts: the same as they were typed.
        labels: what each is.
        kernel: how likeness is weighed.
        reader: reads the groups of words in an example.
    """
    names = tuple(sorted(set(labels)))
    terms = Terms.of(cleaned)
    examples, axes = shorten(encode_all(cleaned), _DIMENSIONS)
    held_by = _present(texts, reader).sum(axis=0)
    rarity = (np.log((1 + len(texts)) / (1 + held_by)) + 1.0).astype(np.float32)
    groups = _weighed(texts, rarity, reader)

    def rows(start: int, end: int) -> NDArray[np.float32]:
        near = examples[start:end] @ examples[:end].T
        alike = groups[start:end] @ groups[:end].T
        return _likeness(kernel, terms.between(start, end), near, alike)

    wanted = np.where(np.array(labels)[:, None] == np.array(names), 1.0, -1.0)
    system = PackedSystem(np.full(len(texts), kernel.smoothing), rows)
    dual = system.solve(wanted.astype(np.float32))
    return ExampleModel(kernel, reader, names, terms, axes, examples, groups, rarity, dual)


def _likeness(
    kernel: Kernel,
    written: NDArray[np.float32],
    near: NDArray[np.float32],
    alike: NDArray[np.float32],
) -> NDArray[np.float32]:
    meaning = np.exp(kernel.width * (near - 1.0))
    pairs = alike * alike
    result: NDArray[np.float32] = (
        kernel.written * written
        + (kernel.meaning + kernel.both * written + kernel.groups_both * pairs) * meaning
        + kernel.groups * pairs
        + 1.0
    )
    return result


def _present(texts: Sequence[str], reader: WordGroups) -> NDArray[np.float32]:
    """Which groups of words each text has: a row a text."""
    found = np.zeros((len(texts), reader.count), dtype=np.float32)
    if reader.count:
        for row, text in enumerate(texts):
            found[row, list(reader.read(text))] = 1.0
    return found


def _weighed(
    texts: Sequence[str], rarity: NDArray[np.float32], reader: WordGroups
) -> NDArray[np.float32]:
    found = _present(texts, reader) * rarity
    lengths = np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-6)
    result: NDArray[np.float32] = (found / lengths).astype(np.float32)
    return result
