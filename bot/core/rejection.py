"""Rejection: when a classification is not acted upon, by thresholds fitted on left-out examples.

A threshold that somebody guesses is right for one set of examples and wrong for the next. What can
be chosen is how often the bot may be wrong; which thresholds keep to that, while it asks back as
little as possible, follows from the predictions for examples that the model did not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Fewer left-out predictions than this say nothing about how often a model is wrong.
FEWEST = 100

#: Thresholds that are tried: a hundredth is as fine as a few thousand predictions allow.
_LEAST = np.linspace(0.2, 0.95, 76)
_APART = np.linspace(0.0, 0.5, 51)


@dataclass(frozen=True, slots=True)
class Rejection:
    """The thresholds that a classification must reach to be acted upon.

    The defaults are those of Rasa's FallbackClassifier, for collections too small to fit anything.

    Attributes:
        least: probability (0 to 1) of the best intent, below which a message is not understood.
        apart: distance (0 to 1) of the second best, below which two intents are too close.
    """

    least: float = 0.3
    apart: float = 0.1

    def applies(self, ranking: Sequence[tuple[str, float]]) -> bool:
        """Whether the best of a ranking (intents with probabilities, best first) is in doubt."""
        if not ranking or ranking[0][1] < self.least:
            return True
        return len(ranking) > 1 and ranking[0][1] - ranking[1][1] < self.apart


def fit(
    probabilities: NDArray[np.float64],
    labels: NDArray[np.int64],
    refusals: Sequence[int],
    wrong_rate: float,
) -> Rejection:
    """Fits thresholds that act upon most messages while few of those are misunderstood.

    Args:
        probabilities: of each intent (a column) for each example (a row), predicted by a model that
            did not see that example.
        labels: the column of the right intent of each example.
        refusals: columns of intents that mean "not understood", such as out of scope: predicting
            one is never wrong, only unhelpful.
        wrong_rate: share (0 to 1) of the messages acted upon that may be wrong. Where no thresholds
            keep to it, those that come nearest are taken.

    Returns:
        The thresholds; the defaults when there are too few examples.
    """
    if len(labels) < FEWEST:
        return Rejection()
    top = np.sort(probabilities, axis=1)[:, -2:]
    best = probabilities.argmax(axis=1)
    acted = ~np.isin(best, np.array(refusals, dtype=np.int64))
    shape = (len(_LEAST), len(_APART))
    # How many examples pass each pair of thresholds: those in the cells at and beyond it.
    cells = (
        np.searchsorted(_LEAST, top[:, 1], side="right") - 1,
        np.searchsorted(_APART, top[:, 1] - top[:, 0], side="right") - 1,
    )
    inside = acted & (cells[0] >= 0)
    passed, wrong = (
        _at_and_beyond(np.ravel_multi_index((cells[0][chosen], cells[1][chosen]), shape), shape)
        for chosen in (inside, inside & (best != labels))
    )
    rates = wrong / np.maximum(passed, 1)
    rates[passed == 0] = 1.0
    allowed = max(wrong_rate, float(rates.min()))
    most = passed == passed[rates <= allowed].max()
    row, column = np.argwhere(most & (rates <= allowed))[0]
    return Rejection(least=round(float(_LEAST[row]), 2), apart=round(float(_APART[column]), 2))


def _at_and_beyond(cells: NDArray[np.int64], shape: tuple[int, int]) -> NDArray[np.int64]:
    counts = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
    result: NDArray[np.int64] = counts[::-1, ::-1].cumsum(axis=0).cumsum(axis=1)[::-1, ::-1]
    return result
